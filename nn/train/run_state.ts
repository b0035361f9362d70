import type { JsonObject } from "../../core/base/mod.ts";
import type { HostTensor } from "../safetensors/format.ts";
import type { MeasureSums } from "./metrics.ts";
import type { EpochReport } from "./progress.ts";

/** What is known of a call of `fit`. */
export interface FitCall {
  /** How many passes had been done before it. */
  readonly epochsBefore: number;
  /** The passes that it has done in full. */
  readonly reports: readonly EpochReport[];
  /** Whether a callback has ended it. */
  readonly isStopped: boolean;
}

/** How far a pass has come. */
export interface PassState {
  /** How many batches are done. */
  readonly batch: number;
  /** What they measured. */
  readonly sums: MeasureSums;
}

/** What a callback wants to find again after a restart. */
export interface CallbackState {
  /** Numbers and text. */
  readonly values: JsonObject;
  /** Tensors by name. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
}

/** Where training stands, but for the elements of tensors. */
export interface RunState {
  /** How many passes are done in full. */
  readonly epochs: number;
  /** How many steps are done. */
  readonly steps: number;
  /** The call of `fit` that is under way, or was last. */
  readonly call: FitCall;
  /** The pass that is under way, if one is. */
  readonly pass: PassState | undefined;
  /** What callbacks remember, by their names. */
  readonly callbacks: ReadonlyMap<string, CallbackState>;
}
