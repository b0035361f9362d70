import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/**
 * What the words of packed panels are, and how they are multiplied: four bytes each, whatever the
 * matrices are stored as.
 */
export interface Arithmetic {
  /** Short name, for the names of functions. */
  readonly name: string;
  /** How many steps in depth a word holds. */
  readonly depth: number;
  /**
   * Writes the multiplication of words, whose products are added to four sums.
   *
   * @param code Where to write.
   * @param words Words of A and of B.
   * @param sum The sums.
   * @returns The new sums.
   */
  multiplyAdd(
    code: VectorCode,
    words: readonly [a: Local, b: Local],
    sum: Local,
  ): Local;
  /** Adds four sums to four others. */
  readonly add: "f32x4.add" | "i32x4.add";
}

/** Words are `float32`. */
export const FLOAT_ARITHMETIC: Arithmetic = {
  name: "float",
  depth: 1,
  multiplyAdd: (code, [a, b], sum) => code.madd(a, b, sum),
  add: "f32x4.add",
};

/**
 * Words are two numbers of 16 bits, from one step in depth and the next. Products of two `int8` and
 * their sums are exact; a sum that does not fit 32 bits wraps around.
 */
export const WHOLE_ARITHMETIC: Arithmetic = {
  name: "whole",
  depth: 2,
  multiplyAdd: ({ f }, [a, b], sum) =>
    f.op("i32x4.add", sum, f.op("i32x4.dot_i16x8_s", a, b)),
  add: "i32x4.add",
};
