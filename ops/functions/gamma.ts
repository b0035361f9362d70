/**
 * The logarithm of the gamma function and its derivatives, element by element.
 *
 * @module
 */
import { GAMMA_OPERATORS } from "../builtin/gamma.ts";
import {
  type TunedFunction,
  tunedFunction,
  type UnaryFunction,
  unaryFunction,
} from "./call.ts";

/** Options of {@linkcode polygamma}. */
export interface PolygammaOptions {
  /**
   * Which derivative of {@linkcode digamma}, 0 to 30.
   *
   * @default {1}
   */
  readonly order?: number;
}

/** Slope of {@linkcode lgamma}; `NaN` at whole numbers below 0. */
export const digamma: UnaryFunction = unaryFunction(GAMMA_OPERATORS.digamma);

/**
 * Logarithm of |Γ(x)|, and so of (x - 1)!; `Infinity` at 0 and whole numbers below.
 *
 * @example A factorial
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { lgamma, tensor } from "@spiraltorch/spiraltorch";
 *
 * assertAlmostEquals(await lgamma(tensor([6])).item(), Math.log(120), 1e-5);
 * ```
 */
export const lgamma: UnaryFunction = unaryFunction(GAMMA_OPERATORS.lgamma);

/** The derivative of {@linkcode digamma} of an order. */
export const polygamma: TunedFunction<PolygammaOptions> = tunedFunction(
  GAMMA_OPERATORS.polygamma,
);
