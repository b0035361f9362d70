import { philox, type RandomKey } from "../../core/base/mod.ts";

/**
 * Puts the numbers from 0 in an order that a key decides: every order is equally likely.
 *
 * **Cost**: O(count).
 *
 * **Source**: Durstenfeld, "Algorithm 235: random permutation" (1964), on Philox4x32-10.
 *
 * @param count How many numbers.
 * @param key What the order depends on.
 * @returns The numbers; one key gives the same order in every release.
 */
export function shuffledIndices(count: number, key: RandomKey): Int32Array {
  const indices = Int32Array.from({ length: count }, (_, i) => i);
  const words = new Uint32Array(4);
  for (let last = count - 1; last > 0; last--) {
    philox(key, [last, 0, 0, 0], words);
    // A share of 2^64, so that rounding favours no place that anyone could notice.
    const share = (words[0]! + words[1]! * 2 ** -32) * 2 ** -32;
    const other = Math.floor(share * (last + 1));
    const kept = indices[last]!;
    indices[last] = indices[other]!;
    indices[other] = kept;
  }
  return indices;
}
