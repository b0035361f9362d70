import type { Measures } from "./metrics.ts";

/** How training has gone after one epoch. */
export interface EpochReport extends Measures {
  /** Which pass it was, from 1. */
  readonly epoch: number;
  /** Measures on the data kept for validation, if there is any. */
  readonly validation: Measures | undefined;
  /** How long it took, without validation, in milliseconds. */
  readonly durationMs: number;
}

/** How training is going. */
export interface TrainingProgress extends Measures {
  /** Which pass it is, from 1. */
  readonly epoch: number;
  /** The last pass there will be. */
  readonly epochs: number;
  /** How many batches of this pass are done. */
  readonly batch: number;
  /** How many there are; `undefined` if that is not known. */
  readonly batches: number | undefined;
  /** How long this pass has taken so far, in milliseconds. */
  readonly elapsedMs: number;
  /** Speed of this pass. */
  readonly samplesPerSecond: number;
  /**
   * How long the passes that are left will take at this speed, without validation, in milliseconds;
   * `undefined` if it is not known how much is left.
   */
  readonly remainingMs: number | undefined;
  /** The pass as a whole, once it is over. */
  readonly report: EpochReport | undefined;
}

/** How one pass is going. */
export type PassProgress = Omit<TrainingProgress, "report">;

/**
 * Tells how one pass is going.
 *
 * @param pass Where it stands, and what has been done of it since time was taken.
 * @returns How it is going.
 */
export function passProgress(
  { epoch, epochs, batches, batch, means, done, elapsedMs }: {
    readonly epoch: number;
    readonly epochs: number;
    readonly batches: number | undefined;
    readonly batch: number;
    readonly means: Measures;
    readonly done: { readonly batches: number; readonly samples: number };
    readonly elapsedMs: number;
  },
): PassProgress {
  const left = batches === undefined
    ? undefined
    : batches - batch + (epochs - epoch) * batches;
  return {
    epoch,
    epochs,
    batch,
    batches,
    ...means,
    // A fast machine may do a pass within one tick of the clock.
    samplesPerSecond: 1000 * done.samples / Math.max(elapsedMs, 1),
    // Nothing is left to do where a pass was taken up at its end.
    remainingMs: left === undefined
      ? undefined
      : left * elapsedMs / Math.max(done.batches, 1),
    elapsedMs,
  };
}
