/**
 * Functions that stand between layers, element by element, beside the methods of `Tensor`.
 *
 * @module
 */
import { ACTIVATION_OPERATORS } from "../builtin/activations.ts";
import {
  type BinaryFunction,
  binaryFunction,
  type TunedFunction,
  tunedFunction,
  type UnaryFunction,
  unaryFunction,
} from "./call.ts";

/** Options of {@linkcode elu} and {@linkcode celu}. */
export interface EluOptions {
  /**
   * What the function goes to far below 0, with the opposite sign.
   *
   * @default {1}
   */
  readonly alpha?: number;
}

/** Options of {@linkcode hardtanh}. */
export interface HardtanhOptions {
  /**
   * The smallest result.
   *
   * @default {-1}
   */
  readonly min?: number;
  /**
   * The largest result.
   *
   * @default {1}
   */
  readonly max?: number;
}

/** Options of {@linkcode leakyRelu}. */
export interface LeakyReluOptions {
  /**
   * The slope below 0.
   *
   * @default {0.01}
   */
  readonly negativeSlope?: number;
}

/** Options of {@linkcode hardshrink} and {@linkcode softshrink}. */
export interface ShrinkOptions {
  /**
   * How far from 0 results are 0.
   *
   * @default {0.5}
   */
  readonly lambda?: number;
}

/** Options of {@linkcode softplus}. */
export interface SoftplusOptions {
  /**
   * How sharp the bend at 0 is.
   *
   * @default {1}
   */
  readonly beta?: number;
}

/** Options of {@linkcode threshold}. */
export interface ThresholdOptions {
  /**
   * Above it, elements stay.
   *
   * @default {0}
   */
  readonly threshold?: number;
  /**
   * What the others become.
   *
   * @default {0}
   */
  readonly value?: number;
}

/** Exponential linear unit whose slope is continuous for every α. */
export const celu: TunedFunction<EluOptions> = tunedFunction(
  ACTIVATION_OPERATORS.celu,
);

/**
 * Exponential linear unit: x above 0, α (exp(x) - 1) below.
 *
 * @example Both sides of 0
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { elu, tensor } from "@spiraltorch/spiraltorch";
 *
 * const [low, high] = await elu(tensor([-1, 2]), { alpha: 2 }).data();
 * assertAlmostEquals(low!, 2 * Math.expm1(-1), 1e-6);
 * assertAlmostEquals(high!, 2, 1e-6);
 * ```
 */
export const elu: TunedFunction<EluOptions> = tunedFunction(
  ACTIVATION_OPERATORS.elu,
);

/** Gaussian error linear unit by its approximation with tanh. */
export const geluTanh: UnaryFunction = unaryFunction(
  ACTIVATION_OPERATORS.geluTanh,
);

/** x where |x| is above λ, 0 elsewhere. */
export const hardshrink: TunedFunction<ShrinkOptions> = tunedFunction(
  ACTIVATION_OPERATORS.hardshrink,
);

/** x/6 + 1/2, brought into 0 to 1. */
export const hardsigmoid: UnaryFunction = unaryFunction(
  ACTIVATION_OPERATORS.hardsigmoid,
);

/** x times {@linkcode hardsigmoid} of x. */
export const hardswish: UnaryFunction = unaryFunction(
  ACTIVATION_OPERATORS.hardswish,
);

/** x, brought into a range; its slope is 0 outside and at the ends. */
export const hardtanh: TunedFunction<HardtanhOptions> = tunedFunction(
  ACTIVATION_OPERATORS.hardtanh,
);

/** x above 0, x times a small slope below. */
export const leakyRelu: TunedFunction<LeakyReluOptions> = tunedFunction(
  ACTIVATION_OPERATORS.leakyRelu,
);

/** Logarithm of sigmoid, finite far below 0 too. */
export const logSigmoid: UnaryFunction = unaryFunction(
  ACTIVATION_OPERATORS.logSigmoid,
);

/** x tanh(softplus(x)). */
export const mish: UnaryFunction = unaryFunction(ACTIVATION_OPERATORS.mish);

/** x above 0, x times a learned slope, which broadcasts, below. */
export const prelu: BinaryFunction = binaryFunction(
  ACTIVATION_OPERATORS.prelu,
);

/** x, brought into 0 to 6. */
export const relu6: UnaryFunction = unaryFunction(ACTIVATION_OPERATORS.relu6);

/** Exponential linear unit that keeps mean 0 and variance 1. */
export const selu: UnaryFunction = unaryFunction(ACTIVATION_OPERATORS.selu);

/** log(1 + exp(βx)) / β, a smooth relu. */
export const softplus: TunedFunction<SoftplusOptions> = tunedFunction(
  ACTIVATION_OPERATORS.softplus,
);

/** x, λ nearer to 0, and 0 where |x| is below λ. */
export const softshrink: TunedFunction<ShrinkOptions> = tunedFunction(
  ACTIVATION_OPERATORS.softshrink,
);

/** x / (1 + |x|). */
export const softsign: UnaryFunction = unaryFunction(
  ACTIVATION_OPERATORS.softsign,
);

/** x - tanh(x). */
export const tanhshrink: UnaryFunction = unaryFunction(
  ACTIVATION_OPERATORS.tanhshrink,
);

/** x above a threshold, another value elsewhere. */
export const threshold: TunedFunction<ThresholdOptions> = tunedFunction(
  ACTIVATION_OPERATORS.threshold,
);
