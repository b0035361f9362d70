/**
 * Random tensors beside `randomUniform` and `randomNormal`: the same for one key on every backend.
 *
 * @module
 */
import { invalidOption, resolveAxis, type Shape } from "../../core/base/mod.ts";
import { resolveAxes } from "../builtin/reduce.ts";
import { full } from "../create.ts";
import { type RandomOptions, randomUniform } from "../create_random.ts";
import { type Axes, Tensor, toNode } from "../tensor.ts";
import { stopGradient } from "../transforms/stop_gradient.ts";
import { erfinv, log1p } from "./math.ts";

/** Options of {@linkcode dropout}. */
export interface DropoutOptions extends RandomOptions {
  /**
   * How likely an element becomes 0.
   *
   * @default {0.5}
   */
  readonly rate?: number;
  /** Axes along which all elements share their fate; none if left out. */
  readonly axes?: Axes;
}

/** Options of {@linkcode gumbelSoftmax}. */
export interface GumbelSoftmaxOptions extends RandomOptions {
  /**
   * How far from one class alone the shares are: towards 0, they become 0 and 1.
   *
   * @default {1}
   */
  readonly temperature?: number;
  /**
   * Whether the largest share is 1 and the others 0, with the slope of the shares.
   *
   * @default {false}
   */
  readonly hard?: boolean;
  /**
   * The axis of classes.
   *
   * @default {-1}
   */
  readonly axis?: number;
}

/** Options of {@linkcode randint}. */
export interface RandintOptions extends RandomOptions {
  /**
   * The smallest number.
   *
   * @default {0}
   */
  readonly low?: number;
  /** Above the largest number, at most 2^24 above the smallest. */
  readonly high: number;
}

/** Options of {@linkcode truncatedNormal}. */
export interface TruncatedNormalOptions extends RandomOptions {
  /**
   * The smallest number.
   *
   * @default {-2}
   */
  readonly min?: number;
  /**
   * The largest number.
   *
   * @default {2}
   */
  readonly max?: number;
}

/**
 * Draws truth, with a likelihood for each element.
 *
 * @param p The likelihoods, from 0 to 1.
 * @param options The key.
 * @returns Truth values, `bool`, of the same shape.
 */
export function bernoulli(p: Tensor, options: RandomOptions): Tensor {
  const likelihood = new Tensor(toNode("bernoulli", p));
  return randomUniform(likelihood.shape, options).less(likelihood);
}

/**
 * Draws classes along an axis, as likely as the softmax of logits says.
 *
 * **Source**: Gumbel's trick, in Maddison, Tarlow, Minka, "A* sampling" (2014), §2.
 *
 * @param logits The logits.
 * @param options The key.
 * @param axis The axis of classes.
 * @returns A class for each line, `int32`.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function categorical(
  logits: Tensor,
  options: RandomOptions,
  axis = -1,
): Tensor {
  const scores = new Tensor(toNode("categorical", logits));
  return scores.add(gumbel(scores.shape, options)).argmax(axis);
}

/**
 * Sets elements to 0 by chance, and makes the others larger, so that their mean stays.
 *
 * @example Half of the elements, twice as large
 * ```ts
 * import { assert } from "@std/assert";
 * import { dropout, ones } from "@spiraltorch/spiraltorch";
 *
 * const y = await dropout(ones([100]), { key: 7 }).data();
 * assert(y.every((element) => element === 0 || element === 2));
 * ```
 *
 * @param x The tensor, whose shape is known.
 * @param options The key, how likely an element becomes 0, and which elements share their fate.
 * @returns The tensor with zeros.
 * @throws {OptionError} `INVALID_OPTION` if the rate is not from 0 to 1.
 */
export function dropout(x: Tensor, options: DropoutOptions): Tensor {
  const { rate = 0.5, axes = [], ...source } = options ?? {};
  if (!(rate >= 0 && rate <= 1)) {
    throw invalidOption("rate of dropout", rate, "a number from 0 to 1");
  }
  const input = new Tensor(toNode("dropout", x));
  const shared = resolveAxes("dropout", input.shape, {
    axes: typeof axes === "number" ? axes : [...axes],
  });
  const shape = input.shape.map((size, axis) =>
    shared.includes(axis) ? 1 : size
  );
  const isKept = randomUniform(shape, source).greaterOrEqual(rate);
  // Of a rate of 1 nothing is left to be made larger.
  return isKept.where(input.mul(rate === 1 ? 0 : 1 / (1 - rate)), 0);
}

/**
 * Draws numbers from the exponential distribution with mean 1.
 *
 * @param shape Sizes per axis.
 * @param options The key.
 * @returns The numbers, `float32`.
 */
export function exponential(shape: Shape, options: RandomOptions): Tensor {
  return log1p(randomUniform(shape, options).neg()).neg();
}

/**
 * Draws numbers from the standard Gumbel distribution: `-log` of exponential ones.
 *
 * @param shape Sizes per axis.
 * @param options The key.
 * @returns The numbers, `float32`.
 */
export function gumbel(shape: Shape, options: RandomOptions): Tensor {
  // Half a step from 0, whose logarithm is not finite.
  const uniform = randomUniform(shape, options).maximum(2 ** -25);
  return uniform.log().neg().log().neg();
}

/**
 * Draws shares of classes that sum to 1: a draw of a class that has a slope.
 *
 * **Source**: Jang, Gu, Poole, "Categorical reparameterization with Gumbel-softmax" (2017); PyTorch
 * `torch.nn.functional.gumbel_softmax`.
 *
 * @example One class of three
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gumbelSoftmax, zeros } from "@spiraltorch/spiraltorch";
 *
 * const y = gumbelSoftmax(zeros([3]), { key: 1, hard: true });
 * assertEquals((await y.data()).toSorted(), new Float32Array([0, 0, 1]));
 * ```
 *
 * @param logits The logits.
 * @param options The key, the temperature, and whether one class takes all.
 * @returns The shares, of the same shape.
 * @throws {OptionError} `INVALID_OPTION` if the temperature is no number above 0.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function gumbelSoftmax(
  logits: Tensor,
  options: GumbelSoftmaxOptions,
): Tensor {
  const { temperature = 1, hard = false, axis = -1, ...source } = options ??
    {};
  if (!(temperature > 0 && temperature < Infinity)) {
    const option = "temperature of gumbelSoftmax";
    throw invalidOption(option, temperature, "a finite number above 0");
  }
  const scores = new Tensor(toNode("gumbelSoftmax", logits));
  const shares = scores.add(gumbel(scores.shape, source)).div(temperature)
    .softmax(axis);
  if (!hard) return shares;
  const along = resolveAxis("gumbelSoftmax", axis, scores.shape);
  const places = shares.argmax(along);
  const chosen = places.oneHot(scores.shape[along]!).cast(shares.dtype);
  const order = [...scores.shape.keys()].slice(0, -1)
    .toSpliced(along, 0, scores.rank - 1);
  // What is added is 0, but for its slope.
  return chosen.transpose(order).add(shares.sub(stopGradient(shares)));
}

/**
 * Draws an order of so many things.
 *
 * **Numerics**: by sorting numbers of 24 bits; of thousands of things, a few pairs stay in their order.
 *
 * @param count How many.
 * @param options The key.
 * @returns The whole numbers below the count, `int32`, each once.
 */
export function permutation(count: number, options: RandomOptions): Tensor {
  return randomUniform([count], options).argsort(0);
}

/**
 * Draws whole numbers, all of them as likely.
 *
 * @example Throws of a die
 * ```ts
 * import { assert } from "@std/assert";
 * import { randint } from "@spiraltorch/spiraltorch";
 *
 * const throws = await randint([60], { low: 1, high: 7, key: 3 }).data();
 * assert(throws.every((eyes) => eyes >= 1 && eyes <= 6));
 * ```
 *
 * @param shape Sizes per axis.
 * @param options The key, and the range.
 * @returns The numbers, `int32`.
 * @throws {OptionError} `INVALID_OPTION` if the range is none of whole numbers, or too wide.
 */
export function randint(shape: Shape, options: RandintOptions): Tensor {
  const { low = 0, high, ...source } = options ?? {};
  const width = high - low;
  const isRange = Number.isSafeInteger(low) && Number.isSafeInteger(high) &&
    width >= 1 && width <= 2 ** 24;
  if (!isRange) {
    throw invalidOption(
      "range of randint",
      [low, high],
      "two whole numbers, the second 1 to 2^24 above the first",
    );
  }
  const steps = randomUniform(shape, source).mul(width).floor();
  return steps.cast("int32").add(low);
}

/**
 * Draws numbers from the normal distribution with mean 0 and variance 1 of which none are outside a
 * range.
 *
 * **Source**: by the inverse of the distribution function; the numbers of the range are as likely as they
 * are among all.
 *
 * @param shape Sizes per axis.
 * @param options The key, and the range, from -5 to 5 at most.
 * @returns The numbers, `float32`.
 * @throws {OptionError} `INVALID_OPTION` if the range is none, or too wide.
 */
export function truncatedNormal(
  shape: Shape,
  options: TruncatedNormalOptions,
): Tensor {
  const { min = -2, max = 2, ...source } = options ?? {};
  if (!(min >= -5 && min < max && max <= 5)) {
    throw invalidOption(
      "range of truncatedNormal",
      [min, max],
      "two numbers from -5 to 5, the first less",
    );
  }
  const [low, high] = [min, max].map((x) => full([], x * Math.SQRT1_2).erf());
  const share = randomUniform(shape, source);
  const drawn = erfinv(low!.add(share.mul(high!.sub(low!)))).mul(Math.SQRT2);
  return drawn.clamp(min, max);
}
