/**
 * What a library must do to be measured.
 *
 * @module
 */
import type { ComputeWorkload, Workload } from "../workload.ts";

/** A workload that stands ready. */
export interface Prepared extends Disposable {
  /** Does one sample: all its dispatches, computed when it returns or resolves. */
  run(): void | Promise<void>;
  /**
   * Reads the result of the last dispatch; of training, its loss; of a descent, the two numbers of
   * `descentFound()` for the last step.
   */
  read(): Float32Array | Promise<Float32Array>;
}

/** A library, loaded. */
export interface Contestant {
  /** Versions of its packages. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Tells whether it can do a workload.
   *
   * @param workload The workload.
   * @returns Why not, or `undefined` if it can.
   */
  refuses(workload: Workload): string | undefined;
  /**
   * Makes a workload ready: inputs are where it computes, and what can be compiled is.
   *
   * @param workload The workload.
   * @param inputs Elements of its inputs, as drawn in `inputs.ts`.
   * @returns What runs it.
   */
  prepare(
    workload: ComputeWorkload,
    inputs: readonly Float32Array[],
  ): Prepared | Promise<Prepared>;
}
