/**
 * The half types: two bytes an element. `float16` has 11 significant bits and reaches 65504;
 * `bfloat16` has 8, and reaches as far as `float32`.
 *
 * **Numerics**: rounding is to the nearest, halves to the even one, from the number itself: never by
 * way of `float32`, which could round twice. What is too large becomes infinite; subnormal numbers
 * are kept.
 *
 * **Source**: IEEE 754-2019, §3.6 (binary16) and §4.3.1; `bfloat16` is the upper half of binary32.
 *
 * @module
 */
import type { DType } from "./dtype.ts";

/** A dtype of two bytes. */
export type HalfDType = "bfloat16" | "float16";

/**
 * Tells whether a dtype is one of the half types.
 *
 * @param dtype The dtype.
 * @returns Whether it is.
 */
export function isHalfDType(dtype: DType): dtype is HalfDType {
  return dtype === "float16" || dtype === "bfloat16";
}

/**
 * Rounds a number to one that a half type holds.
 *
 * @example A third, in eleven bits and in eight
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { roundHalf } from "@spiraltorch/spiraltorch/base";
 *
 * assertEquals(roundHalf(1 / 3, "float16"), 0.333251953125);
 * assertEquals(roundHalf(1 / 3, "bfloat16"), 0.333984375);
 * ```
 *
 * @param value The number.
 * @param dtype The half type.
 * @returns The nearest number that it holds.
 */
export function roundHalf(value: number, dtype: HalfDType): number {
  return dtype === "float16" ? Math.f16round(value) : roundBfloat16(value);
}

/** Below this, `bfloat16` is subnormal: its last place stays where it is. */
const NORMAL_MIN = 2 ** -126;
/** Bits behind the first one. */
const FRACTION_BITS = 7;

function roundBfloat16(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude >= 2 ** 128) return Math.sign(value) * Infinity;
  // A NaN, or a zero with its sign.
  if (!(magnitude > 0)) return value;
  const exponent = magnitude < NORMAL_MIN ? -126 : exponentOf(magnitude);
  // So far above the last place that float64 itself rounds to it.
  const anchor = 1.5 * 2 ** (52 + exponent - FRACTION_BITS);
  const rounded = magnitude + anchor - anchor;
  return Math.sign(value) * (rounded < 2 ** 128 ? rounded : Infinity);
}

/** The largest power of two that is not above a normal number, as an exponent. */
function exponentOf(magnitude: number): number {
  const [, high] = new Uint32Array(Float64Array.of(magnitude).buffer);
  return (high! >>> 20) - 1023;
}

/**
 * Writes numbers as the two bytes of a half type each.
 *
 * @param dtype The half type.
 * @param numbers The numbers, which are rounded.
 * @param target Where the bits go, as many as there are numbers.
 */
export function encodeHalf(
  dtype: HalfDType,
  numbers: Float32Array | Float64Array,
  target: Uint16Array,
): void {
  const { buffer, byteOffset, length } = target;
  if (dtype === "float16") {
    new Float16Array(buffer, byteOffset, length).set(numbers);
    return;
  }
  const isDouble = numbers instanceof Float64Array;
  const single = isDouble ? Float32Array.from(numbers, roundBfloat16) : numbers;
  const bits = new Uint32Array(single.buffer, single.byteOffset, length);
  for (let i = 0; i < length; i++) {
    const word = bits[i]!;
    target[i] = (word & 0x7fffffff) > 0x7f800000
      // Cutting a NaN off could leave an infinity.
      ? word >>> 16 | 0x40
      : word + 0x7fff + (word >>> 16 & 1) >>> 16;
  }
}

/**
 * Reads numbers from the two bytes of a half type each.
 *
 * @param dtype The half type.
 * @param bits The bits.
 * @returns The numbers.
 */
export function decodeHalf(
  dtype: HalfDType,
  bits: Uint16Array,
): Float32Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = bits;
  if (dtype === "float16") {
    return new Float32Array(new Float16Array(buffer, byteOffset, length));
  }
  const numbers = new Float32Array(length);
  const words = new Uint32Array(numbers.buffer);
  for (let i = 0; i < length; i++) words[i] = bits[i]! << 16;
  return numbers;
}
