/**
 * Functions of one number, element by element, beside the methods of `Tensor`.
 *
 * @module
 */
import { MATH_OPERATORS } from "../builtin/math.ts";
import { UNARY_OPERATORS } from "../builtin/unary.ts";
import { type UnaryFunction, unaryFunction } from "./call.ts";

/** Angle in radians whose cosine is x; `NaN` beyond ±1. */
export const acos: UnaryFunction = unaryFunction(MATH_OPERATORS.acos);

/** Inverse of {@linkcode cosh}; `NaN` below 1. */
export const acosh: UnaryFunction = unaryFunction(MATH_OPERATORS.acosh);

/** Angle in radians whose sine is x; `NaN` beyond ±1. */
export const asin: UnaryFunction = unaryFunction(MATH_OPERATORS.asin);

/** Inverse of {@linkcode sinh}. */
export const asinh: UnaryFunction = unaryFunction(MATH_OPERATORS.asinh);

/** Angle in radians whose tangent is x. */
export const atan: UnaryFunction = unaryFunction(UNARY_OPERATORS.atan);

/** Inverse of tanh; `NaN` beyond ±1. */
export const atanh: UnaryFunction = unaryFunction(MATH_OPERATORS.atanh);

/** Cube root, negative below 0. */
export const cbrt: UnaryFunction = unaryFunction(MATH_OPERATORS.cbrt);

/** Hyperbolic cosine. */
export const cosh: UnaryFunction = unaryFunction(MATH_OPERATORS.cosh);

/** 1 - erf(x), to eight digits, however near to 0 that is. */
export const erfc: UnaryFunction = unaryFunction(MATH_OPERATORS.erfc);

/** Inverse of erf, to eight digits; `NaN` beyond ±1. */
export const erfinv: UnaryFunction = unaryFunction(MATH_OPERATORS.erfinv);

/** 2 to the power of x. */
export const exp2: UnaryFunction = unaryFunction(MATH_OPERATORS.exp2);

/**
 * e to the power of x, minus 1, without the loss of digits near 0.
 *
 * @example Where the difference would be 0
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { expm1, tensor } from "@spiraltorch/spiraltorch";
 *
 * assertAlmostEquals(await expm1(tensor([1e-12])).item(), 1e-12, 1e-18);
 * ```
 */
export const expm1: UnaryFunction = unaryFunction(UNARY_OPERATORS.expm1);

/** What is behind the point, with the sign of x. */
export const frac: UnaryFunction = unaryFunction(MATH_OPERATORS.frac);

/** Logarithm to the base 10. */
export const log10: UnaryFunction = unaryFunction(MATH_OPERATORS.log10);

/** Natural logarithm of 1 + x, without the loss of digits near 0. */
export const log1p: UnaryFunction = unaryFunction(UNARY_OPERATORS.log1p);

/** Logarithm to the base 2. */
export const log2: UnaryFunction = unaryFunction(MATH_OPERATORS.log2);

/** Inverse of sigmoid, log(x / (1-x)). */
export const logit: UnaryFunction = unaryFunction(MATH_OPERATORS.logit);

/** 1 / x. */
export const reciprocal: UnaryFunction = unaryFunction(
  MATH_OPERATORS.reciprocal,
);

/** sin(πx) / (πx), and 1 at 0. */
export const sinc: UnaryFunction = unaryFunction(MATH_OPERATORS.sinc);

/** Hyperbolic sine. */
export const sinh: UnaryFunction = unaryFunction(MATH_OPERATORS.sinh);

/** x². */
export const square: UnaryFunction = unaryFunction(MATH_OPERATORS.square);

/** Tangent of an angle in radians. */
export const tan: UnaryFunction = unaryFunction(MATH_OPERATORS.tan);

/** The whole number next to x towards 0. */
export const trunc: UnaryFunction = unaryFunction(MATH_OPERATORS.trunc);
