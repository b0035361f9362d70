/**
 * Counter-based random numbers: element `i` of a draw depends on the key and on `i` only, so every
 * backend, thread and order of evaluation gives the same numbers.
 *
 * A key is two 32-bit words. Keys are split, never advanced: nothing holds hidden state.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011),
 * Philox4x32-10.
 *
 * @module
 */
import { invalidOption } from "./errors.ts";

/** What a draw depends on: two unsigned 32-bit words. */
export type RandomKey = readonly [number, number];

const MULTIPLIER_0 = 0xD2511F53;
const MULTIPLIER_1 = 0xCD9E8D57;
const WEYL_0 = 0x9E3779B9;
const WEYL_1 = 0xBB67AE85;

/**
 * Makes a key from a seed.
 *
 * @param seed A whole number from 0 to 2^53 - 1.
 * @returns The key.
 * @throws {OptionError} `INVALID_OPTION` if `seed` is not such a number.
 */
export function randomKey(seed: number): RandomKey {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw invalidOption("seed", seed, "a whole number from 0 to 2^53 - 1");
  }
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
}

/**
 * Derives a key that is independent of `key` and of those for other indices.
 *
 * @param key The key to derive from.
 * @param index Which one, a whole number from 0.
 * @returns The derived key.
 */
export function splitKey(key: RandomKey, index: number): RandomKey {
  const words = new Uint32Array(4);
  // The last counter word is 0 in every draw, so no draw meets a derived key.
  philox(key, [index >>> 0, Math.floor(index / 2 ** 32) >>> 0, 0, 1], words);
  return [words[0]!, words[1]!];
}

/**
 * Computes one block of four random words.
 *
 * @param key The key.
 * @param counter Which block: four unsigned 32-bit words.
 * @param into Where to put the four words.
 */
export function philox(
  key: RandomKey,
  counter: readonly [number, number, number, number],
  into: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  into[0] = c0;
  into[1] = c1;
  into[2] = c2;
  into[3] = c3;
}

/** The upper 32 bits of a product of two unsigned 32-bit words. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) +
    Math.floor(carry / 0x10000)) >>> 0;
}

/** Options of the draws. */
export interface DrawOptions {
  /**
   * Which draw of the key: a whole number from 0 below 2^32. Draws are independent of each other.
   *
   * @default {0}
   */
  readonly draw?: number;
}

/**
 * Draws numbers that are uniform in [0, 1).
 *
 * Numerics: 24 random bits each, so every value is exact in `float32`.
 *
 * @param key The key.
 * @param into Where to put them; its length says how many.
 * @param options Which draw of the key.
 */
export function fillUniform(
  key: RandomKey,
  into: Float32Array | Float64Array,
  { draw = 0 }: DrawOptions = {},
): void {
  forEachWord({ key, draw, count: into.length }, (word, i) => {
    into[i] = (word >>> 8) * 2 ** -24;
  });
}

/**
 * Draws numbers with mean 0 and variance 1 from the normal distribution.
 *
 * Numerics: Box–Muller in `float64` on 32-bit words, so at most 6.66 standard deviations out.
 *
 * @param key The key.
 * @param into Where to put them; its length says how many.
 * @param options Which draw of the key.
 */
export function fillNormal(
  key: RandomKey,
  into: Float32Array | Float64Array,
  { draw = 0 }: DrawOptions = {},
): void {
  let radius = 0;
  const count = into.length + into.length % 2;
  forEachWord({ key, draw, count }, (word, i) => {
    if (i % 2 === 0) {
      // From (0, 1], so that the logarithm is finite.
      radius = Math.sqrt(-2 * Math.log((word + 1) * 2 ** -32));
      return;
    }
    const angle = 2 * Math.PI * word * 2 ** -32;
    into[i - 1] = radius * Math.cos(angle);
    if (i < into.length) into[i] = radius * Math.sin(angle);
  });
}

/** Calls `use` with the first `count` random words of a draw, in order. */
function forEachWord(
  { key, draw, count }: {
    readonly key: RandomKey;
    readonly draw: number;
    readonly count: number;
  },
  use: (word: number, index: number) => void,
): void {
  const words = new Uint32Array(4);
  for (let i = 0; i < count; i += 4) {
    const block = i / 4;
    const high = Math.floor(block / 2 ** 32) >>> 0;
    philox(key, [block >>> 0, high, draw >>> 0, 0], words);
    for (let j = 0; j < Math.min(4, count - i); j++) use(words[j]!, i + j);
  }
}
