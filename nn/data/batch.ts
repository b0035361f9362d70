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
  /** How many batches there are; `undefined` if that is not known. */
  readonly batchCount: number | undefined;
  /** How many samples the batches have together; `undefined` if that is not known. */
  readonly sampleCount: number | undefined;
  /**
   * Goes through the data once.
   *
   * @param index Which pass it is, from 0: what is shuffled is in another order in each.
   * @returns The batches, which belong to whoever asked for them.
   */
  epoch(index: number): AsyncIterable<Batch>;
  /**
   * Goes through the rest of the data: the same batches as `epoch` gives, without the first ones. Where
   * this is left out, those are made and given back when training goes on in the middle of a pass.
   *
   * @param index Which pass it is, from 0.
   * @param batch How many batches are passed over.
   * @returns The batches, which belong to whoever asked for them.
   */
  epochFrom?(index: number, batch: number): AsyncIterable<Batch>;
}

/**
 * Goes through the rest of some data, whether it can begin in the middle or not.
 *
 * @param data The data.
 * @param index Which pass it is, from 0.
 * @param options How many batches are passed over.
 * @returns The batches, which belong to whoever asked for them.
 */
export async function* batchesFrom(
  data: BatchSource,
  index: number,
  { batch }: { readonly batch: number },
): AsyncGenerator<Batch> {
  if (batch > 0 && data.epochFrom) {
    yield* data.epochFrom(index, batch);
    return;
  }
  let place = 0;
  for await (const each of data.epoch(index)) {
    if (place++ < batch) each[Symbol.dispose]();
    else yield each;
  }
}
