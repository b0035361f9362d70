import {
  alignArray,
  type ArrayType,
  type CodeCall,
  descriptionBytes,
  writeDescription,
} from "./call_description.ts";
import { viewAs } from "./stored_array.ts";
import { type HostArray, hostArray, sizeOf } from "../../core/base/mod.ts";

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
    call: CodeCall,
  ): HostArray {
    const own = this.#instance ?? new Instance(this.#module);
    // One that traps may have left anything behind: the next call gets a new one.
    this.#instance = undefined;
    const { arrays, end } = placeArrays(call, own.base);
    if (!own.reserve(end)) {
      this.#instance = own;
      throw this.#fail(
        `found no room for ${end} bytes in its memory, wanted a larger maximum`,
      );
    }
    const view = (i: number) => viewOf(own, arrays[i]!, call.types[i]!);
    const place = { buffer: own.buffer, at: own.base, origin: 0 };
    writeDescription(call, { ...place, arrays, isWidened: true });
    inputs.forEach((input, i) => view(i).set(input));
    // What the last call left is no output of this one.
    view(inputs.length).fill(0);
    const status = own.run();
    if (status !== 0) {
      throw this.#fail(`found ${String(status)} returned, wanted 0`);
    }
    this.#instance = own;
    return view(inputs.length);
  }
}

/** Lays the arrays of a call behind its description; half types are given as `float32`. */
function placeArrays(
  call: CodeCall,
  base: number,
): { readonly arrays: readonly number[]; readonly end: number } {
  let end = base + descriptionBytes(call);
  const arrays = call.types.map(({ dtype, shape }) => {
    const start = end;
    const { BYTES_PER_ELEMENT } = hostArray(dtype, 0);
    end = alignArray(start + BYTES_PER_ELEMENT * sizeOf(shape));
    return start;
  });
  return { arrays, end };
}

function viewOf(
  { buffer }: Instance,
  address: number,
  { dtype, shape }: ArrayType,
): HostArray {
  return viewAs(hostArray(dtype, 0), buffer, { address, size: sizeOf(shape) });
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
