import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** Adding it leaves the nearest whole number plus 127, the bias of exponents, in the lowest bits. */
const ROUNDER = 1.5 * 2 ** 23 + 127;

/** ln 2 in two parts; the first has 16 bits, so that its products with whole numbers are exact. */
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = 1.428606820e-6;

/** (e^t - 1) / t for |t| <= ln 2 / 2, minimax: e^t is off by 9.2e-8 of itself. */
const POLYNOMIAL = [
  0.9999997063127054,
  0.499991478395837,
  0.1666763812822266,
  0.041898159829067846,
  0.008290272142880039,
];

/**
 * Writes e^x where the result is neither too large nor too small for a normal `f32`.
 *
 * Numerics: at most 2 ULP, 3 without relaxed SIMD, from -87 to 88; from -88.3 to -87 it may be 0. `NaN`
 * stays.
 *
 * Source: x = n ln 2 + t with whole n and |t| <= ln 2 / 2, so e^x = 2^n + 2^n t p(t). That 2^n comes
 * from the bits of a rounded sum is an idea of XNNPACK's `raddstoreexpminusmax` kernels.
 *
 * @param code Where to write.
 * @param x The exponent.
 * @returns The power.
 */
export function emitExpNear(code: VectorCode, x: Local): Local {
  const { f } = code;
  const rounded = code.madd(x, f.f32x4(Math.LOG2E), f.f32x4(ROUNDER));
  // The bias moves into the place of the exponent; what is above it is shifted out.
  const scale = f.op("i32x4.shl", rounded, 23);
  const n = f.op("f32x4.sub", rounded, f.f32x4(ROUNDER));
  const t = code.nmadd(
    n,
    f.f32x4(LN2_LOW),
    code.nmadd(n, f.f32x4(LN2_HIGH), x),
  );
  const slope = code.polynomial(t, POLYNOMIAL);
  return code.madd(f.op("f32x4.mul", t, scale), slope, scale);
}
