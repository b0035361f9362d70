import type { Tensor } from "../../ops/mod.ts";

/** Some samples together. Disposing it gives their memory back. */
export interface Batch extends Disposable {
  /** What the model is given, `[batch, ...]`. */
  readonly inputs: Tensor;
  /** What it should give, `[batch, ...]`. */
  readonly targets: Tensor;
}

/** Data in batches, as training and evaluation take it. */
export interface BatchSource {
  /** How many batches there are. */
  readonly batchCount: number;
  /** How many samples the batches have together. */
  readonly sampleCount: number;
  /**
   * Goes through the data once.
   *
   * @param index Which pass it is, from 0: what is shuffled is in another order in each.
   * @returns The batches, which belong to whoever asked for them.
   */
  epoch(index: number): AsyncIterable<Batch>;
}
