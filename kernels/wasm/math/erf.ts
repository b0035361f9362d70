import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** Where one form gives way to the other. */
const BORDER = 1.25;

/** erf(x) / x in powers of x^2 up to the border, minimax. */
const NEAR = [
  1.12837914081,
  -0.376124800288,
  0.112821938027,
  -0.0268049121666,
  0.00510999075136,
  -0.000742606876851,
  6.20239377577e-5,
];

/** (1 - erf(x))^(-1/16) in powers of x beyond the border, minimax. */
const FAR = [
  0.997267264555,
  0.0798341082386,
  0.0294375727412,
  0.0183687473108,
  -0.00328600911678,
  0.000915996785687,
];

/**
 * Writes the error function.
 *
 * Numerics: at most 4 ULP, of tiny arguments too; never beyond ±1.
 *
 * Source: near 0 a polynomial, further out the form of Abramowitz and Stegun, Handbook of
 * Mathematical Functions, 7.1.28, with coefficients of its own.
 *
 * @param code Where to write.
 * @param x The argument.
 * @returns Its error function.
 */
export function emitErf(code: VectorCode, x: Local): Local {
  const { f } = code;
  const magnitude = f.op("f32x4.abs", x);
  const near = f.op(
    "f32x4.mul",
    magnitude,
    code.polynomial(f.op("f32x4.mul", x, x), NEAR),
  );
  // From 4 on the result is 1.
  const bounded = f.op("f32x4.pmin", magnitude, f.f32x4(4));
  let power = code.polynomial(bounded, FAR);
  for (let i = 0; i < 4; i++) power = f.op("f32x4.mul", power, power);
  const one = f.f32x4(1);
  const far = f.op("f32x4.sub", one, f.op("f32x4.div", one, power));
  const isFar = f.op("f32x4.gt", magnitude, f.f32x4(BORDER));
  return code.withSign(code.select(isFar, far, near), x);
}
