/**
 * Conversions between `f32` lanes and the bits of half types, which stand in the lower half of each
 * lane. What the upper half holds before does not matter; afterwards it is filled with the sign.
 *
 * Every pattern of bits is converted exactly; numbers are rounded to the nearest, halves to the even
 * one, as the processor rounds sums.
 *
 * **Source**: F. Giesen, "Float to half conversion, finally fast" (2012), for the way up, where a
 * product moves the exponent and makes subnormal numbers normal; M. Dukhan, FP16 (2017), for the way
 * down, where a sum with a number so large that its last place is that of the half does the rounding.
 *
 * @module
 */
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "./vector_code.ts";

/**
 * Writes the reading of `float16` bits.
 *
 * @param code Where to write.
 * @param bits The bits.
 * @returns The numbers.
 */
export function fromFloat16({ f }: VectorCode, bits: Local): Local {
  const high = f.op("i32x4.shl", bits, 16);
  // Sign, exponent and fraction at their places in f32; the exponent counts from another number.
  const placed = f.op(
    "v128.and",
    f.op("i32x4.shr_s", high, 3),
    f.i32x4(0x8fffe000 | 0),
  );
  const scaled = f.op("f32x4.mul", placed, f.f32x4(2 ** 112));
  const isLarge = f.op(
    "f32x4.ge",
    f.op("f32x4.abs", scaled),
    f.f32x4(2 ** 16),
  );
  const infinite = f.op("v128.and", isLarge, f.i32x4(0x7f800000));
  return f.op("v128.or", scaled, infinite);
}

/**
 * Writes the rounding to `float16`.
 *
 * @param code Where to write.
 * @param x The numbers.
 * @returns Their bits.
 */
export function toFloat16({ f }: VectorCode, x: Local): Local {
  // Up and down again: what is too large for a half becomes infinite, the rest stays, times four.
  const huge = f.op("f32x4.mul", f.op("f32x4.abs", x), f.f32x4(2 ** 112));
  const base = f.op("f32x4.mul", huge, f.f32x4(2 ** -110));
  const exponent = f.op(
    "i32x4.max_s",
    f.op("v128.and", x, f.i32x4(0x7f800000)),
    f.i32x4(0x38800000),
  );
  const anchor = f.op("i32x4.add", exponent, f.i32x4(0x07800000));
  const sum = f.op("f32x4.add", anchor, base);
  const rounded = f.op(
    "i32x4.add",
    f.op("v128.and", f.op("i32x4.shr_u", sum, 13), f.i32x4(0x7c00)),
    f.op("v128.and", sum, f.i32x4(0x0fff)),
  );
  // Bits that are all set are a NaN.
  const magnitude = f.op("v128.or", rounded, f.op("f32x4.ne", x, x));
  const sign = f.op("v128.and", x, f.i32x4(-(2 ** 31)));
  return f.op("v128.or", magnitude, f.op("i32x4.shr_s", sign, 16));
}

/**
 * Writes the reading of `bfloat16` bits.
 *
 * @param code Where to write.
 * @param bits The bits.
 * @returns The numbers.
 */
export function fromBfloat16({ f }: VectorCode, bits: Local): Local {
  return f.op("i32x4.shl", bits, 16);
}

/**
 * Writes the rounding to `bfloat16`.
 *
 * @param code Where to write.
 * @param x The numbers.
 * @returns Their bits.
 */
export function toBfloat16({ f }: VectorCode, x: Local): Local {
  const isOdd = f.op("v128.and", f.op("i32x4.shr_u", x, 16), f.i32x4(1));
  const half = f.op("i32x4.add", isOdd, f.i32x4(0x7fff));
  const rounded = f.op("i32x4.add", x, half);
  // Rounding a NaN up could make a zero of it; bits that are all set are one.
  const kept = f.op("v128.or", rounded, f.op("f32x4.ne", x, x));
  return f.op("i32x4.shr_s", kept, 16);
}
