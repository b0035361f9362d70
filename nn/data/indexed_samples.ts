import { assertMethods, splitKey } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { type Seed, seedKey } from "../seed.ts";
import type { Sample } from "./sample.ts";
import { shuffledIndices } from "./shuffle.ts";
import type { SampleStream } from "./stream_loader.ts";

/** Samples that can be asked for one by one, in any order. */
export interface IndexedSamples {
  /** How many there are. */
  readonly size: number;
  /**
   * Takes one.
   *
   * @param index Its number, from 0.
   * @returns The sample, or a promise of it.
   */
  sample(index: number): Sample | Promise<Sample>;
}

/**
 * Makes a stream of samples that can be asked for in any order: every order of them is equally likely,
 * which no buffer can give.
 *
 * @param samples The samples.
 * @param options Whether each pass has an order of its own, and what it depends on.
 * @returns What begins the stream.
 * @throws {OptionError} `INVALID_OPTION` if the seed is none.
 */
export function indexedStream(
  samples: IndexedSamples,
  options?: {
    readonly shuffle?: boolean;
    readonly seed?: Seed;
  },
): SampleStream {
  const { shuffle = false, seed = 0 } = optionsOf("indexedStream", options);
  assertMethods("samples of indexedStream", samples, "sample");
  assertFlags("indexedStream", { shuffle });
  const key = seedKey(seed);
  return async function* (epoch) {
    const { size } = samples;
    const order = shuffle
      ? shuffledIndices(size, splitKey(key, epoch))
      : Int32Array.from({ length: size }, (_, i) => i);
    for (const index of order) yield await samples.sample(index);
  };
}
