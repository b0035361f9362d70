import {
  assertFunction,
  invalidOption,
  type RandomKey,
  splitKey,
} from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount, assertIndex } from "../check/assert_number.ts";
import { assertNumbers } from "../check/assert_numbers.ts";
import { type Seed, seedKey } from "../seed.ts";
import type { Augmentation } from "./augmentation.ts";
import type { Batch, BatchSource } from "./batch.ts";
import { collateSamples, type PadOptions } from "./collate.ts";
import { groupStream } from "./group_stream.ts";
import { prefetch } from "./prefetch.ts";
import type { Sample } from "./sample.ts";
import { shuffleStream } from "./shuffle_stream.ts";

/**
 * Begins a stream of samples anew.
 *
 * @param epoch Which pass it is for, from 0.
 * @returns The samples: the same ones in the same order whenever the same pass is asked for.
 */
export type SampleStream = (epoch: number) => AsyncIterable<Sample>;

/** Options of {@linkcode StreamLoader}. */
export interface StreamLoaderOptions {
  /**
   * Samples a batch; the last one may have fewer.
   *
   * @default {32}
   */
  readonly batchSize?: number;
  /** How many samples are mixed in a buffer; the stream keeps its order if left out. */
  readonly shuffleBuffer?: number;
  /** What is done to each sample; nothing if left out. */
  readonly augment?: Augmentation;
  /**
   * What order and augmentation depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
  /**
   * Lengths, ascending, up to which samples come into one bucket: only samples of one bucket come into a
   * batch, so little has to be filled up. The length of a sample is the first size of its input.
   */
  readonly buckets?: readonly number[];
  /** What smaller samples are filled up with; sizes in a batch must be equal if left out. */
  readonly pad?: PadOptions;
  /**
   * Whether batches with fewer samples are left out.
   *
   * @default {false}
   */
  readonly dropLast?: boolean;
  /**
   * How many batches are made before they are wanted.
   *
   * @default {2}
   */
  readonly prefetch?: number;
  /** How many samples a pass has, if that is known; without it progress has no end, and schedules go by
   * passes. */
  readonly sampleCount?: number;
}

/**
 * Cuts a stream of samples into batches: mixed by a buffer, changed by keys, sorted into buckets, filled
 * up, and made ahead. It holds no place in the data: the same pass gives the same batches however often it
 * is asked for, which is what training needs to go on exactly where it was interrupted.
 *
 * @example Batches of a stream
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { StreamLoader } from "@spiraltorch/spiraltorch/nn";
 *
 * async function* samples() {
 *   for (const x of [1, 2, 3]) {
 *     yield await Promise.resolve({
 *       input: { shape: [1], data: Float32Array.of(x) },
 *       target: { shape: [], data: Int32Array.of(x % 2) },
 *     });
 *   }
 * }
 * const sizes: number[] = [];
 * const data = new StreamLoader(samples, { batchSize: 2 });
 * for await (using batch of data.epoch(0)) sizes.push(batch.inputs.shape[0]!);
 * assertEquals(sizes, [2, 1]);
 * ```
 */
export class StreamLoader implements BatchSource {
  /** How many batches a pass has, if that is known. */
  readonly batchCount: number | undefined;
  /** How many samples a pass has, if that is known. */
  readonly sampleCount: number | undefined;
  readonly #stream: SampleStream;
  readonly #options: StreamLoaderOptions;
  readonly #batchSize: number;
  readonly #prefetch: number;
  readonly #key: RandomKey;

  /**
   * Constructs a new instance.
   *
   * @param stream What begins the stream.
   * @param options How it is cut.
   * @throws {OptionError} `INVALID_OPTION` if a size or count is no whole number above 0, `prefetch` none
   * from 0, or the buckets do not ascend.
   */
  constructor(stream: SampleStream, options?: StreamLoaderOptions) {
    const settings = optionsOf("StreamLoader", options);
    const { batchSize = 32, prefetch = 2, seed = 0, buckets = [] } = settings;
    const { shuffleBuffer = 1, sampleCount = 1, dropLast = false } = settings;
    assertFunction("StreamLoader stream", stream);
    if (settings.augment !== undefined) {
      assertFunction("StreamLoader augment", settings.augment);
    }
    const { input = 0, target = 0 } = optionsOf(
      "StreamLoader pad",
      settings.pad,
    );
    assertNumbers("StreamLoader pad", [input, target]);
    assertFlags("StreamLoader", { dropLast });
    assertCount("StreamLoader batchSize", batchSize);
    assertCount("StreamLoader shuffleBuffer", shuffleBuffer);
    assertCount("StreamLoader sampleCount", sampleCount);
    assertIndex("StreamLoader prefetch", prefetch);
    assertNumbers("StreamLoader buckets", buckets);
    if (buckets.some((limit, i) => i > 0 && !(limit > buckets[i - 1]!))) {
      throw invalidOption("StreamLoader buckets", [...buckets], "ascending");
    }
    this.#stream = stream;
    this.#options = settings;
    this.#batchSize = batchSize;
    this.#prefetch = prefetch;
    this.#key = seedKey(seed);
    this.sampleCount = settings.sampleCount;
    // In buckets, several batches may have fewer samples.
    this.batchCount = settings.sampleCount === undefined || buckets.length > 0
      ? undefined
      : batchesOf(settings.sampleCount, {
        batchSize,
        dropLast,
      });
  }

  /**
   * Goes through the data once.
   *
   * @param index Which pass it is, from 0.
   * @returns The batches, for the caller to dispose.
   */
  epoch(index: number): AsyncGenerator<Batch> {
    return this.epochFrom(index, 0);
  }

  /**
   * Goes through the rest of the data.
   *
   * @param index Which pass it is, from 0.
   * @param batch How many batches are passed over: they are read, and not made.
   * @returns The batches, for the caller to dispose.
   */
  epochFrom(index: number, batch: number): AsyncGenerator<Batch> {
    assertIndex("epoch of StreamLoader", index);
    assertIndex("batch of StreamLoader", batch);
    return prefetch(this.#batches(index, batch), {
      count: this.#prefetch,
      drop: (batch) => batch[Symbol.dispose](),
    });
  }

  async *#batches(index: number, passedOver: number): AsyncGenerator<Batch> {
    const { augment, pad, dropLast = false } = this.#options;
    const groups = groupStream(this.#ordered(index), {
      size: this.#batchSize,
      dropLast,
      bucketOf: ({ sample }) => this.#bucketOf(sample),
    });
    const augmentKey = splitKey(splitKey(this.#key, index), 1);
    let place = 0;
    for await (const group of groups) {
      if (place++ < passedOver) continue;
      const samples = group.map(({ sample, number }) =>
        augment ? augment(sample, splitKey(augmentKey, number)) : sample
      );
      yield collateSamples(samples, pad ? { pad } : {});
    }
  }

  /** The samples of a pass, each with its number in the stream, on which its augmentation depends. */
  #ordered(index: number): AsyncIterable<NumberedSample> {
    const { shuffleBuffer } = this.#options;
    const numbered = number(this.#stream(index));
    if (shuffleBuffer === undefined) return numbered;
    return shuffleStream(numbered, {
      bufferSize: shuffleBuffer,
      key: splitKey(splitKey(this.#key, index), 0),
    });
  }

  #bucketOf({ input }: Sample): number {
    const { buckets = [] } = this.#options;
    const length = input.shape[0] ?? 0;
    const bucket = buckets.findIndex((limit) => length <= limit);
    return bucket < 0 ? buckets.length : bucket;
  }
}

interface NumberedSample {
  readonly sample: Sample;
  readonly number: number;
}

async function* number(
  samples: AsyncIterable<Sample>,
): AsyncGenerator<NumberedSample> {
  let number = 0;
  for await (const sample of samples) yield { sample, number: number++ };
}

function batchesOf(
  samples: number,
  { batchSize, dropLast }: {
    readonly batchSize: number;
    readonly dropLast: boolean;
  },
): number {
  const batches = samples / batchSize;
  return dropLast ? Math.floor(batches) : Math.ceil(batches);
}
