import {
  assertInvariant,
  itemBytes,
  type WorkObserver,
  workObserver,
} from "../../core/base/mod.ts";
import type { BufferSpec, Program, Step } from "../backend.ts";
import { describeLaunch } from "../ir/mod.ts";
import type { CompiledKernel } from "./compiled_kernel.ts";
import type { LinearMemory } from "./linear_memory.ts";
import type { Tables } from "./tables.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "./lanes/views.ts";

const ALIGNMENT = 64;

/** Where the parts of a program's own memory lie, in bytes from its start. */
interface Layout {
  /** Each temporary. */
  readonly temporaries: readonly number[];
  /** Memory that one launch at a time needs for itself. */
  readonly scratch: number;
  /** Each step's parameters. */
  readonly parameters: readonly number[];
  /** Size of it all. */
  readonly bytes: number;
}

/**
 * Divides one stretch of memory between what a program needs for itself.
 *
 * @param program The program.
 * @param kernels Its compiled kernels, one a step.
 * @param tables How wide parameters are.
 * @returns Where everything lies.
 */
export function layOut(
  program: Program,
  kernels: readonly CompiledKernel[],
  { slotBytes }: { readonly slotBytes: number },
): Layout {
  let bytes = 0;
  const place = (size: number) => {
    const start = bytes;
    bytes += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    return start;
  };
  const temporaries = program.temporaries.map(place);
  const scratch = place(
    kernels.reduce((most, kernel) => Math.max(most, kernel.scratchBytes), 0),
  );
  const parameters = program.steps.map(({ inputs }) =>
    place(slotBytes * inputSlot(inputs.length))
  );
  return { temporaries, scratch, parameters, bytes };
}

/**
 * A program whose launches stand ready: their parameters are in memory, and a run only fills in the
 * addresses of the buffers it was given.
 */
export class BoundProgram {
  readonly #tables: Tables;
  readonly #launches: readonly CompiledKernel[];
  readonly #parameters: readonly number[];
  /** What the launches are, for those who watch them. */
  readonly #steps: readonly Step[];
  /** For each buffer that a run supplies, the places that hold its address. */
  readonly #holes: readonly (readonly number[])[];

  /**
   * Constructs a new instance.
   *
   * @param program The program.
   * @param kernels Its compiled kernels, one a step.
   * @param place Its memory: where it starts, and how it is divided.
   */
  constructor(
    program: Program,
    kernels: readonly CompiledKernel[],
    { memory, start, layout }: {
      readonly memory: LinearMemory;
      readonly start: number;
      readonly layout: Layout;
    },
  ) {
    this.#tables = memory.tables;
    this.#launches = kernels;
    this.#steps = program.steps;
    this.#parameters = layout.parameters.map((offset) => start + offset);
    const supplied = program.inputs.length + program.outputs.length;
    const holes: number[][] = Array.from({ length: supplied }, () => []);
    const { slotBytes } = memory.tables;
    const put = (buffer: number, place: number) => {
      if (buffer < supplied) holes[buffer]!.push(place);
      else {
        const temporary = layout.temporaries[buffer - supplied];
        assertInvariant(temporary !== undefined, "a step's buffers exist");
        this.#tables.write(place, 0, start + temporary);
      }
    };
    program.steps.forEach(({ inputs, output }, i) => {
      const parameters = this.#parameters[i]!;
      this.#tables.write(parameters, SCRATCH_SLOT, start + layout.scratch);
      put(output, parameters + slotBytes * OUTPUT_SLOT);
      inputs.forEach((buffer, k) =>
        put(buffer, parameters + slotBytes * inputSlot(k))
      );
    });
    this.#holes = holes;
  }

  /**
   * Says where a buffer is in this run.
   *
   * @param buffer Number of the buffer, an input or output.
   * @param address Its address.
   */
  bind(buffer: number, address: number): void {
    for (const place of this.#holes[buffer]!) {
      this.#tables.write(place, 0, address);
    }
  }

  /** Runs all launches in order. */
  run(): void {
    const observer = workObserver("kernel");
    if (observer) return this.#runWatched(observer);
    const { length } = this.#launches;
    for (let i = 0; i < length; i++) {
      this.#launches[i]!.launch(this.#parameters[i]!);
    }
  }

  #runWatched(observer: WorkObserver): void {
    for (const [i, { kernel }] of this.#steps.entries()) {
      observer(
        describeLaunch("wasm", kernel),
        () => this.#launches[i]!.launch(this.#parameters[i]!),
      );
    }
  }
}

/**
 * Tells how many bytes a buffer takes.
 *
 * @param spec The buffer.
 * @returns Its size.
 */
export function bytesOf({ dtype, size }: BufferSpec): number {
  return size * itemBytes(dtype);
}
