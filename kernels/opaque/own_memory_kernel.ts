import { type ArrayType, CallLayout } from "./call_layout.ts";
import type { HostArray } from "../../core/base/mod.ts";

/** What a module is called with. */
export interface ModuleCall {
  /** Types of the inputs, then of the output. */
  readonly types: readonly ArrayType[];
  /** Settings, sorted by name. */
  readonly settings: readonly number[];
}

/**
 * Foreign code in WebAssembly with a memory of its own: inputs are copied into it and the output out of
 * it, so that whatever the code does, it touches nothing else.
 */
export class OwnMemoryKernel {
  readonly #module: WebAssembly.Module;
  readonly #fail: (problem: string) => Error;
  #instance: Instance | undefined;

  /**
   * Constructs a new instance.
   *
   * @param module The module, which has been checked. It is instantiated with the first call.
   * @param fail Builds the error for a call that does not end as it should.
   */
  constructor(module: WebAssembly.Module, fail: (problem: string) => Error) {
    this.#module = module;
    this.#fail = fail;
  }

  /**
   * Calls the module.
   *
   * @param inputs The elements of each input.
   * @param call Their types, and the settings.
   * @returns The elements of the output, which are gone with the next call.
   */
  run(
    inputs: readonly ArrayLike<number>[],
    { types, settings }: ModuleCall,
  ): HostArray {
    const own = this.#instance ?? new Instance(this.#module);
    // One that traps may have left anything behind: the next call gets a new one.
    this.#instance = undefined;
    const layout = new CallLayout(types, { base: own.base, settings });
    if (!own.reserve(layout.end)) {
      this.#instance = own;
      throw this.#fail(
        `found no room for ${layout.end} bytes in its memory, wanted a larger maximum`,
      );
    }
    layout.write(own.buffer, inputs);
    const status = own.run();
    if (status !== 0) {
      throw this.#fail(`found ${String(status)} returned, wanted 0`);
    }
    this.#instance = own;
    return layout.output(own.buffer);
  }
}

/** A module that runs, and where its own data ends. */
class Instance {
  readonly #memory: WebAssembly.Memory;
  readonly #run: (description: number) => unknown;
  readonly base: number;

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module);
    // Both were found among the module's exports.
    this.#memory = exports.memory as WebAssembly.Memory;
    this.#run = exports.run as (description: number) => unknown;
    this.base = this.#memory.buffer.byteLength;
  }

  /** Growing a memory takes its buffer away: it is asked for each time. */
  get buffer(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  run(): unknown {
    return this.#run(this.base);
  }

  /** Grows the memory. Tells whether it has the bytes now. */
  reserve(end: number): boolean {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return true;
    try {
      this.#memory.grow(Math.ceil(missing / 65536));
      return true;
    } catch {
      return false;
    }
  }
}
