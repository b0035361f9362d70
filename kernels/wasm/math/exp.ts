import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/**
 * Adding it to a number below 2^21 leaves the nearest whole number in the lowest bits, with the bias
 * of an exponent on it.
 */
const ROUNDER = 1.5 * 2 ** 23 + 127;

/** 2 ln 2 in two parts; the first has 16 bits, so that its products with whole numbers are exact. */
const TWO_LN2_HIGH = 1.386291503906250;
const TWO_LN2_LOW = 2.857213640e-6;

/** (e^r - 1 - r) / r^2 for |r| <= ln 2, minimax. */
const TAIL = [
  0.500000345432,
  0.166666143075,
  0.0416612785896,
  0.00833609748213,
  0.00141042631153,
  0.000196118560845,
];

/**
 * Writes e^x.
 *
 * Numerics: at most 2 ULP, denormal results included. `exp(-Infinity)` is 0, `exp(Infinity)` and
 * what exceeds `f32` are `Infinity`.
 *
 * Source: x = 2 h ln 2 + r with whole h and |r| <= ln 2, so e^x = 2^h 2^h e^r: two factors, because
 * 2^(2h) itself may be out of range.
 *
 * @param code Where to write.
 * @param x The exponent.
 * @returns The power.
 */
export function emitExp(code: VectorCode, x: Local): Local {
  const { f } = code;
  const bounded = f.op(
    "f32x4.pmin",
    f.op("f32x4.pmax", x, f.f32x4(-104)),
    f.f32x4(89),
  );
  const shifted = code.madd(
    bounded,
    f.f32x4(0.5 / Math.LN2),
    f.f32x4(ROUNDER),
  );
  const h = f.op("f32x4.sub", shifted, f.f32x4(ROUNDER));
  const r = code.nmadd(
    h,
    f.f32x4(TWO_LN2_LOW),
    code.nmadd(h, f.f32x4(TWO_LN2_HIGH), bounded),
  );
  const power = code.polynomial(r, [1, 1, ...TAIL]);
  // The whole number's bits become an exponent; what is above them is shifted out.
  const factor = f.op("i32x4.shl", shifted, 23);
  return f.op("f32x4.mul", f.op("f32x4.mul", power, factor), factor);
}
