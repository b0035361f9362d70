import {
  assertMethods,
  type RandomKey,
  splitKey,
} from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount, assertIndex } from "../check/assert_number.ts";
import { type Seed, seedKey } from "../seed.ts";
import type { Dataset } from "./array_dataset.ts";
import type { Batch, BatchSource } from "./batch.ts";
import { shuffledIndices } from "./shuffle.ts";

/** Options of {@linkcode DataLoader}. */
export interface DataLoaderOptions {
  /**
   * Samples a batch; the last one may have fewer.
   *
   * @default {32}
   */
  readonly batchSize?: number;
  /**
   * Whether each pass has an order of its own.
   *
   * @default {false}
   */
  readonly shuffle?: boolean;
  /**
   * What the orders depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
  /**
   * Whether a last batch with fewer samples is left out.
   *
   * @default {false}
   */
  readonly dropLast?: boolean;
}

/**
 * Cuts a dataset into batches. It holds no place in the data: the same pass gives the same batches
 * however often it is asked for.
 *
 * @example The last batch has fewer samples
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ArrayDataset, DataLoader } from "@spiraltorch/spiraltorch/nn";
 *
 * const dataset = new ArrayDataset({
 *   inputs: Float32Array.of(1, 2, 3),
 *   inputShape: [1],
 *   targets: Int32Array.of(0, 1, 0),
 * });
 * const sizes: number[] = [];
 * for await (using batch of new DataLoader(dataset, { batchSize: 2 })) {
 *   sizes.push(batch.inputs.shape[0]!);
 * }
 * assertEquals(sizes, [2, 1]);
 * ```
 */
export class DataLoader implements BatchSource, AsyncIterable<Batch> {
  /** How many batches one pass has. */
  readonly batchCount: number;
  /** How many samples one pass has. */
  readonly sampleCount: number;
  readonly #dataset: Dataset;
  readonly #batchSize: number;
  readonly #shuffle: boolean;
  readonly #key: RandomKey;

  /**
   * Constructs a new instance.
   *
   * @param dataset The samples.
   * @param options Size of a batch, and order.
   * @throws {OptionError} `INVALID_OPTION` if the size is no whole number above 0, or the seed none.
   */
  constructor(
    dataset: Dataset,
    options?: DataLoaderOptions,
  ) {
    const { batchSize = 32, shuffle = false, seed = 0, dropLast = false } =
      optionsOf("DataLoader", options);
    assertMethods("DataLoader dataset", dataset, "batch");
    assertIndex("size of a dataset", dataset.size);
    assertFlags("DataLoader", { shuffle, dropLast });
    assertCount("DataLoader batchSize", batchSize);
    this.#dataset = dataset;
    this.#batchSize = batchSize;
    this.#shuffle = shuffle;
    this.#key = seedKey(seed);
    const { size } = dataset;
    const whole = Math.floor(size / batchSize);
    this.batchCount = dropLast ? whole : Math.ceil(size / batchSize);
    this.sampleCount = dropLast ? whole * batchSize : size;
  }

  /**
   * Goes through the data once.
   *
   * @param index Which pass it is, from 0: each has its own order, if any is shuffled.
   * @returns The batches, for the caller to dispose.
   */
  epoch(index: number): AsyncGenerator<Batch> {
    return this.epochFrom(index, 0);
  }

  /**
   * Goes through the rest of the data.
   *
   * @param index Which pass it is, from 0.
   * @param batch How many batches are passed over; nothing is read for them.
   * @returns The batches, for the caller to dispose.
   */
  async *epochFrom(index: number, batch: number): AsyncGenerator<Batch> {
    assertIndex("epoch of DataLoader", index);
    assertIndex("batch of DataLoader", batch);
    const order = this.#order(index);
    for (let i = batch; i < this.batchCount; i++) {
      const first = i * this.#batchSize;
      yield this.#dataset.batch(order.slice(first, first + this.#batchSize));
    }
  }

  /** Goes through the data once, as in the first pass. */
  [Symbol.asyncIterator](): AsyncGenerator<Batch> {
    return this.epoch(0);
  }

  #order(index: number): Int32Array {
    const { size } = this.#dataset;
    return this.#shuffle
      ? shuffledIndices(size, splitKey(this.#key, index))
      : Int32Array.from({ length: size }, (_, i) => i);
  }
}
