/**
 * Elements brought to a common scale, and how far vectors are apart, beside the methods of `Tensor`.
 *
 * @module
 */
import { optionsOf } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { NORMALIZE_OPERATORS } from "../builtin/normalize.ts";
import type { Attributes, Operator } from "../graph/node.ts";
import { type Axes, Tensor, toNode } from "../tensor.ts";
import { encodeNumber } from "../trace/trace.ts";
import { type AxisFunction, axisFunction } from "./call.ts";

/** What normalized channels are multiplied with and moved by. */
export interface ChannelOptions {
  /** What each channel is multiplied with, `[c]`; nothing if left out. */
  readonly weight?: Tensor;
  /** What is added to each channel, `[c]`; nothing if left out. */
  readonly bias?: Tensor;
  /**
   * What is added to the variance.
   *
   * @default {1e-5}
   */
  readonly epsilon?: number;
}

/** Options of {@linkcode batchNorm}. */
export interface BatchNormOptions extends ChannelOptions {
  /** The mean of each channel, `[c]`; that of the batch if left out. */
  readonly mean?: Tensor;
  /** The variance of each channel, `[c]`; that of the batch if left out. */
  readonly variance?: Tensor;
}

/** Options of {@linkcode cosineSimilarity}. */
export interface CosineSimilarityOptions {
  /**
   * The axis of the vectors.
   *
   * @default {1}
   */
  readonly axis?: number;
  /**
   * What the product of sizes is at least.
   *
   * @default {1e-8}
   */
  readonly epsilon?: number;
}

/** Options of {@linkcode cdist}. */
export interface CdistOptions {
  /**
   * The power of the norm, see `norm`.
   *
   * @default {2}
   */
  readonly order?: number;
}

/** Options of {@linkcode normalize}. */
export interface NormalizeOptions {
  /**
   * The power of the norm, see `norm`.
   *
   * @default {2}
   */
  readonly order?: number;
  /**
   * What the size is at least.
   *
   * @default {1e-12}
   */
  readonly epsilon?: number;
}

/** Options of {@linkcode pairwiseDistance}. */
export interface PairwiseDistanceOptions {
  /**
   * The power of the norm, see `norm`.
   *
   * @default {2}
   */
  readonly order?: number;
  /**
   * What is added to each difference.
   *
   * @default {1e-6}
   */
  readonly epsilon?: number;
  /**
   * Whether the axis stays, with size 1.
   *
   * @default {false}
   */
  readonly keepDims?: boolean;
}

/** Half of an axis, weighed by sigmoid of its other half. */
export const glu: AxisFunction<Record<never, never>> = axisFunction(
  NORMALIZE_OPERATORS.glu,
);

/** Softmax of the opposite along an axis: the smallest weighs most. */
export const softmin: AxisFunction<Record<never, never>> = axisFunction(
  NORMALIZE_OPERATORS.softmin,
);

/**
 * Brings each channel, along axis 1, to mean 0 and variance 1: by statistics that are given, or by those
 * of the batch.
 *
 * **Shapes**: `x [n, c, ...] -> y [n, c, ...]`.
 *
 * @example With statistics from training
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { batchNorm, tensor } from "@spiraltorch/spiraltorch";
 *
 * const [mean, variance] = [tensor([1, 2]), tensor([4, 1])];
 * const y = batchNorm(tensor([[3, 3]]), { mean, variance, epsilon: 0 });
 * assertEquals(await y.array(), [[1, 1]]);
 * ```
 *
 * @param x The input.
 * @param options Statistics, weights, biases, and what is added to the variance.
 * @returns The normalized channels.
 * @throws {OptionError} `INVALID_OPTION` if only one of mean and variance is given.
 * @throws {ShapeError} `SHAPE_MISMATCH` if there is not one number a channel.
 */
export function batchNorm(x: Tensor, options?: BatchNormOptions): Tensor {
  const name = "batchNorm";
  const { mean, variance, ...rest } = optionsOf<BatchNormOptions>(
    name,
    options,
  );
  const input = toNode(name, x);
  const { epsilon = 1e-5 } = rest;
  const attributes = { axis: 1, epsilon };
  const y = mean === undefined && variance === undefined
    ? apply(NORMALIZE_OPERATORS.standardizeBatch, [input], attributes)
    : apply(
      NORMALIZE_OPERATORS.batchNorm,
      [input, toNode(name, mean), toNode(name, variance)],
      attributes,
    );
  return affine(name, new Tensor(y), rest);
}

/**
 * Brings each of some groups of channels, along axis 1, to mean 0 and variance 1.
 *
 * **Shapes**: `x [n, c, ...] -> y [n, c, ...]`.
 *
 * @param x The input.
 * @param groups How many groups.
 * @param options Weights, biases, and what is added to the variance.
 * @returns The normalized channels.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the number does not divide that of the channels.
 */
export function groupNorm(
  x: Tensor,
  groups: number,
  options?: ChannelOptions,
): Tensor {
  const name = "groupNorm";
  const set = optionsOf<ChannelOptions>(name, options);
  const { epsilon = 1e-5 } = set;
  const y = call(NORMALIZE_OPERATORS.groupNorm, [x], { groups, epsilon });
  return affine(name, y, set);
}

/**
 * Brings each channel of each example to mean 0 and variance 1.
 *
 * **Shapes**: `x [n, c, ...] -> y [n, c, ...]`.
 *
 * @param x The input.
 * @param options Weights, biases, and what is added to the variance.
 * @returns The normalized channels.
 * @throws {ShapeError} `AXIS_RANGE` if there are fewer than three axes.
 */
export function instanceNorm(x: Tensor, options?: ChannelOptions): Tensor {
  const name = "instanceNorm";
  const set = optionsOf<ChannelOptions>(name, options);
  const { epsilon = 1e-5 } = set;
  const y = call(NORMALIZE_OPERATORS.instanceNorm, [x], { epsilon });
  return affine(name, y, set);
}

/**
 * Brings vectors along axes to size 1.
 *
 * @param x The vectors.
 * @param axes The axes.
 * @param options The norm, and what it is at least.
 * @returns The vectors of size 1; zeros stay zeros.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function normalize(
  x: Tensor,
  axes: Axes = 1,
  options?: NormalizeOptions,
): Tensor {
  const { order = 2, epsilon = 1e-12 } = optionsOf<NormalizeOptions>(
    "normalize",
    options,
  );
  const attributes = { axes, order: encodeNumber(order), epsilon };
  return call(NORMALIZE_OPERATORS.normalize, [x], attributes);
}

/**
 * Tells how far vectors point the same way: their product over the product of their sizes.
 *
 * @param left One tensor of vectors.
 * @param right The other; both broadcast.
 * @param options Which axis, and what the product of sizes is at least.
 * @returns Numbers from -1 to 1, without the axis.
 * @throws {ShapeError} `SHAPE_MISMATCH` if they do not broadcast, `AXIS_RANGE` if there is no such axis.
 */
export function cosineSimilarity(
  left: Tensor,
  right: Tensor,
  options?: CosineSimilarityOptions,
): Tensor {
  const { axis = 1, epsilon = 1e-8 } = optionsOf<CosineSimilarityOptions>(
    "cosineSimilarity",
    options,
  );
  const attributes = { axis, epsilon };
  return call(NORMALIZE_OPERATORS.cosineSimilarity, [left, right], attributes);
}

/**
 * Measures the distance of each row of one matrix to each row of another.
 *
 * **Shapes**: `left [..., n, d], right [..., m, d] -> y [..., n, m]`.
 *
 * **Numerics**: by differences, so that near rows keep their digits; at 0 the slope is 0.
 *
 * @param left One matrix.
 * @param right The other.
 * @param options The norm.
 * @returns The distances.
 * @throws {ShapeError} `SHAPE_MISMATCH` if rows have different sizes.
 */
export function cdist(
  left: Tensor,
  right: Tensor,
  options?: CdistOptions,
): Tensor {
  const { order = 2 } = optionsOf<CdistOptions>("cdist", options);
  const attributes = { order: encodeNumber(order) };
  return call(NORMALIZE_OPERATORS.cdist, [left, right], attributes);
}

/**
 * Measures the distance of vectors along the last axis: `‖left - right + ε‖`.
 *
 * @param left One tensor of vectors.
 * @param right The other; both broadcast.
 * @param options The norm, what is added to each difference, and whether the axis stays.
 * @returns The distances.
 * @throws {ShapeError} `SHAPE_MISMATCH` if they do not broadcast.
 */
export function pairwiseDistance(
  left: Tensor,
  right: Tensor,
  options?: PairwiseDistanceOptions,
): Tensor {
  const set = optionsOf<PairwiseDistanceOptions>("pairwiseDistance", options);
  const { order = 2, epsilon = 1e-6, keepDims = false } = set;
  const attributes = { order: encodeNumber(order), epsilon, keepDims };
  return call(NORMALIZE_OPERATORS.pairwiseDistance, [left, right], attributes);
}

function call(
  operator: Operator,
  inputs: readonly Tensor[],
  attributes: Attributes,
): Tensor {
  const nodes = inputs.map((input) => toNode(operator.name, input));
  return new Tensor(apply(operator, nodes, attributes));
}

/** Multiplies channels, along axis 1, and moves them. */
function affine(
  name: string,
  y: Tensor,
  { weight, bias }: ChannelOptions,
): Tensor {
  const shape = (each: Tensor) =>
    new Tensor(toNode(name, each)).reshape(
      y.shape.map((_, axis) => axis === 1 ? -1 : 1),
    );
  const scaled = weight === undefined ? y : y.mul(shape(weight));
  return bias === undefined ? scaled : scaled.add(shape(bias));
}
