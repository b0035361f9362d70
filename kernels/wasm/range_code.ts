import type { VectorCode } from "./lanes/vector_code.ts";

/** Elements that one call computes, about: some microseconds. */
export const CALL_ELEMENTS: number = 1 << 14;

/** Code of a kernel, and how its work can be divided. */
export interface RangeCode {
  /** Number of units of work: ranges of them can be computed apart. */
  readonly units: number;
  /** Smallest number of units that is worth a call of its own; ranges start at multiples of it. */
  readonly grain: number;
  /** How many elements a unit reads or writes, about. */
  readonly unitElements: number;
  /** Bytes of memory that each thread needs for itself. */
  readonly scratchBytes: number;
  /**
   * Writes the function, whose parameters are the first unit, the one after the last, the address of
   * the kernel's parameters, and the number of the thread.
   *
   * @param code Where to write.
   */
  emit(code: VectorCode): void;
}
