import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** What Philox multiplies by, and what it adds to the key from round to round. */
const MULTIPLIERS: readonly [number, number] = [0xd2511f53, 0xcd9e8d57];
const WEYL: readonly [number, number] = [0x9e3779b9, 0xbb67ae85];

const ROUNDS = 10;

/** Four vectors of words. */
export type FourWords = readonly [Local, Local, Local, Local];

/** What is the same for all blocks of a draw. */
export interface PhiloxSource {
  /** The key's words, in every lane. */
  readonly key: readonly [Local, Local];
  /** The first two words after the first round, of which the counters have no part. */
  readonly first: readonly [Local, Local];
}

/**
 * Writes what is the same for all blocks of a draw.
 *
 * @param code Where to write.
 * @param draw The key's words and the number of the draw, in every lane.
 * @returns What {@linkcode emitPhilox} needs.
 */
export function philoxSource(
  code: VectorCode,
  { key, draw }: {
    readonly key: readonly [Local, Local];
    readonly draw: Local;
  },
): PhiloxSource {
  const { high, low } = emitProduct(code, draw, MULTIPLIERS[1]);
  return { key, first: [code.f.op("v128.xor", high, key[0]), low] };
}

/**
 * Writes four blocks of four random words, as `philox` of core/base makes them one by one.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011),
 * Philox4x32-10.
 *
 * @param code Where to write.
 * @param counter The first words of four counters. The third ones are the number of the draw, the
 * others 0.
 * @param source The key and the draw.
 * @returns The first words of the blocks, the second, the third and the fourth.
 */
export function emitPhilox(
  code: VectorCode,
  counter: Local,
  { key, first: [first0, first1] }: PhiloxSource,
): FourWords {
  const { f } = code;
  const first = emitProduct(code, counter, MULTIPLIERS[0]);
  let [k0, k1] = key;
  let words: FourWords = [
    first0,
    first1,
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
