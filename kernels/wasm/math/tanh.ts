import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { ROUNDER } from "./exp.ts";

/** ln 2 in two parts; the first has 16 bits, so that its products with whole numbers are exact. */
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = 1.428606820e-6;

/** (e^r - 1 - r) / r^2 for |r| <= ½ ln 2, minimax. */
const TAIL = [
  0.499999981557,
  0.16666543669,
  0.0416671995357,
  0.00836651405686,
  0.00138825285654,
];

/**
 * Writes the hyperbolic tangent.
 *
 * Numerics: at most 4 ULP, of tiny arguments too; never beyond ±1.
 *
 * Source: tanh |x| = -m / (m + 2) with m = e^(-2|x|) - 1, which is computed without cancellation
 * from -2|x| = n ln 2 + r: m = 2^n (e^r - 1) + (2^n - 1).
 *
 * @param code Where to write.
 * @param x The argument.
 * @returns Its tangent.
 */
export function emitTanh(code: VectorCode, x: Local): Local {
  const { f } = code;
  // From 10 on the result is 1.
  const bounded = f.op("f32x4.pmin", f.op("f32x4.abs", x), f.f32x4(10));
  const shifted = code.madd(
    bounded,
    f.f32x4(-2 / Math.LN2),
    f.f32x4(ROUNDER),
  );
  const n = f.op("f32x4.sub", shifted, f.f32x4(ROUNDER));
  const doubled = f.op("f32x4.mul", bounded, f.f32x4(-2));
  const r = code.nmadd(
    n,
    f.f32x4(LN2_LOW),
    code.nmadd(n, f.f32x4(LN2_HIGH), doubled),
  );
  const power = code.madd(
    code.polynomial(r, TAIL),
    f.op("f32x4.mul", r, r),
    r,
  );
  const factor = f.op(
    "i32x4.add",
    f.op("i32x4.shl", shifted, 23),
    f.i32x4(0x3f800000),
  );
  const m = code.madd(power, factor, f.op("f32x4.sub", factor, f.f32x4(1)));
  const tanh = f.op(
    "f32x4.div",
    f.op("f32x4.abs", m),
    f.op("f32x4.add", m, f.f32x4(2)),
  );
  return code.withSign(tanh, x);
}
