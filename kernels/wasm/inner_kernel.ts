import type { CompiledKernel } from "./compiled_kernel.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "./lanes/views.ts";
import { roundUp } from "./round_up.ts";
import type { Tables } from "./tables.ts";

/** Tables and what lies behind them start at multiples of it. */
const ALIGNMENT = 64;

/**
 * A kernel that is a step of another one, in whose scratch memory its parameters stand, and behind
 * them what it needs for itself.
 */
export class InnerKernel {
  /** Bytes of memory that a launch needs. */
  readonly bytes: number;
  readonly #kernel: CompiledKernel;
  readonly #tables: Tables;
  readonly #tableBytes: number;

  /**
   * Constructs a new instance.
   *
   * @param kernel The kernel.
   * @param inputs How many inputs it has.
   * @param tables What writes parameters.
   */
  constructor(
    kernel: CompiledKernel,
    { inputs, tables }: { readonly inputs: number; readonly tables: Tables },
  ) {
    this.#kernel = kernel;
    this.#tables = tables;
    this.#tableBytes = roundUp(tables.slotBytes * inputSlot(inputs), ALIGNMENT);
    this.bytes = this.#tableBytes + kernel.scratchBytes;
  }

  /**
   * Runs the kernel once.
   *
   * @param memory Address of the memory for it, a multiple of 64.
   * @param places Addresses of output and inputs.
   */
  launch(memory: number, { output, inputs }: {
    readonly output: number;
    readonly inputs: readonly number[];
  }): void {
    const tables = this.#tables;
    tables.write(memory, SCRATCH_SLOT, memory + this.#tableBytes);
    tables.write(memory, OUTPUT_SLOT, output);
    inputs.forEach((input, i) => tables.write(memory, inputSlot(i), input));
    this.#kernel.launch(memory);
  }
}
