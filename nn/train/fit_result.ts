import type { EpochReport } from "./progress.ts";

/** How training went. */
export interface FitResult {
  /**
   * Whether all epochs were done, a callback ended it, or the signal. The model keeps what it learned.
   */
  readonly outcome: "completed" | "stopped" | "aborted";
  /** The epochs that were done in full, those before an interruption included. */
  readonly epochs: readonly EpochReport[];
}
