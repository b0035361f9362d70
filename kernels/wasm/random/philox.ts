import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** What Philox multiplies by, and what it adds to the key from round to round. */
const MULTIPLIERS: readonly [number, number] = [0xd2511f53, 0xcd9e8d57];
const WEYL: readonly [number, number] = [0x9e3779b9, 0xbb67ae85];

const ROUNDS = 10;

/** Four vectors of words. */
export type FourWords = readonly [Local, Local, Local, Local];

/**
 * Writes four blocks of four random words, as `philox` of core/base makes them one by one.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011),
 * Philox4x32-10.
 *
 * @param code Where to write.
 * @param counter The first words of four counters, whose other words are 0.
 * @param key The key's words, in every lane.
 * @returns The first words of the blocks, the second, the third and the fourth.
 */
export function emitPhilox(
  code: VectorCode,
  counter: Local,
  [key0, key1]: readonly [Local, Local],
): FourWords {
  const { f } = code;
  // The first round, with three words that are 0.
  const first = emitProduct(code, counter, MULTIPLIERS[0]);
  let [k0, k1] = [key0, key1];
  let words: FourWords = [
    k0,
    f.i32x4(0),
    f.op("v128.xor", first.high, k1),
    first.low,
  ];
  for (let round = 1; round < ROUNDS; round++) {
    k0 = f.op("i32x4.add", k0, f.i32x4(WEYL[0] | 0));
    k1 = f.op("i32x4.add", k1, f.i32x4(WEYL[1] | 0));
    const [c0, c1, c2, c3] = words;
    const even = emitProduct(code, c0, MULTIPLIERS[0]);
    const odd = emitProduct(code, c2, MULTIPLIERS[1]);
    words = [
      f.op("v128.xor", f.op("v128.xor", odd.high, c1), k0),
      odd.low,
      f.op("v128.xor", f.op("v128.xor", even.high, c3), k1),
      even.low,
    ];
  }
  return words;
}

/** The halves of the products of words with a number. */
function emitProduct(
  { f }: VectorCode,
  words: Local,
  multiplier: number,
): { readonly low: Local; readonly high: Local } {
  const factor = f.i32x4(multiplier | 0);
  const front = f.op("i64x2.extmul_low_i32x4_u", words, factor);
  const back = f.op("i64x2.extmul_high_i32x4_u", words, factor);
  return {
    low: f.shuffle(front, back, [0, 2, 4, 6]),
    high: f.shuffle(front, back, [1, 3, 5, 7]),
  };
}
