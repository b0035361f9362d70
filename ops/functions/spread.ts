/**
 * How elements are spread, and how they go together: weighted means, covariances, and extremes that leave
 * out what is not a number.
 *
 * @module
 */
import { invalidOption, invalidShape, optionsOf } from "../../core/base/mod.ts";
import {
  type Axes,
  type ReduceOptions,
  Tensor,
  toNode,
  type VarianceOptions,
} from "../tensor.ts";
import { isNan } from "./logic.ts";
import { broadcastTo } from "./rearrange.ts";
import { nanMean } from "./statistics.ts";

/** Options of {@linkcode average}. */
export interface AverageOptions extends ReduceOptions {
  /** How much each element counts; broadcasts. All count the same if left out. */
  readonly weights?: Tensor;
}

/** Options of {@linkcode covariance}. */
export interface CovarianceOptions {
  /**
   * What is taken off the number of observations where they are divided by it.
   *
   * @default {1}
   */
  readonly correction?: number;
}

/**
 * The mean along axes, in which elements count as much as their weights say.
 *
 * **Source**: NumPy `average`.
 *
 * @example The last counts three times
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { average, tensor } from "@spiraltorch/spiraltorch";
 *
 * const mean = average(tensor([2, 6]), 0, { weights: tensor([1, 3]) });
 * assertEquals(await mean.item(), 5);
 * ```
 *
 * @param x The elements.
 * @param axes An axis, axes, or all of them if left out.
 * @param options The weights, and whether axes stay.
 * @returns The means.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_MISMATCH` if the weights do not
 * broadcast.
 */
export function average(
  x: Tensor,
  axes?: Axes,
  options?: AverageOptions,
): Tensor {
  const { weights, keepDims = false } = optionsOf<AverageOptions>(
    "average",
    options,
  );
  const elements = new Tensor(toNode("average", x));
  if (weights === undefined) return elements.mean(axes, { keepDims });
  const counts = broadcastTo(
    new Tensor(toNode("average", weights)),
    elements.shape,
  );
  return elements.mul(counts).sum(axes, { keepDims })
    .div(counts.sum(axes, { keepDims }));
}

/**
 * How much variables vary together: `Σ (x - mean x) (y - mean y) / (n - correction)` for each two of them.
 *
 * **Shapes**: `x [..., variables, observations] -> y [..., variables, variables]`. **Source**: NumPy `cov`;
 * PyTorch `torch.cov`.
 *
 * @param x The variables, one a row.
 * @param options What is taken off the number of observations.
 * @returns The covariances; variances on the diagonal.
 * @throws {ShapeError} `SHAPE_INVALID` if there are fewer than two axes.
 * @throws {OptionError} `INVALID_OPTION` if the correction is no finite number.
 */
export function covariance(x: Tensor, options?: CovarianceOptions): Tensor {
  const { correction = 1 } = optionsOf<CovarianceOptions>(
    "covariance",
    options,
  );
  if (!Number.isFinite(correction)) {
    const option = "correction of covariance";
    throw invalidOption(option, correction, "a finite number");
  }
  const rows = new Tensor(toNode("covariance", x));
  const { shape, rank } = rows;
  if (rank < 2) throw invalidShape("covariance", shape);
  const apart = rows.sub(rows.mean(-1, { keepDims: true }));
  const order = [...shape.keys()].slice(0, -2);
  return apart.matmul(apart.transpose([...order, rank - 1, rank - 2]))
    .div(Math.max(0, shape.at(-1)! - correction));
}

/**
 * How much variables go together, from -1 to 1: covariances divided by both standard deviations.
 *
 * **Numerics**: may leave the range by rounding; a variable that does not vary gives `NaN`. **Source**:
 * NumPy `corrcoef`; PyTorch `torch.corrcoef`.
 *
 * @param x The variables, one a row: `[..., variables, observations]`.
 * @returns The coefficients, `[..., variables, variables]`.
 * @throws {ShapeError} `SHAPE_INVALID` if there are fewer than two axes.
 */
export function correlation(x: Tensor): Tensor {
  const rows = new Tensor(toNode("correlation", x));
  if (rows.rank < 2) throw invalidShape("correlation", rows.shape);
  const together = covariance(rows, { correction: 0 });
  const apart = rows.variance(-1, { correction: 0 }).sqrt();
  return together.div(apart.unsqueeze(-1)).div(apart.unsqueeze(-2));
}

/**
 * The largest along axes of the elements that are not `NaN`; `NaN` where there is none.
 *
 * @param x The elements.
 * @param axes An axis, axes, or all of them if left out.
 * @param options Whether axes stay.
 * @returns The largest elements.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function nanMax(
  x: Tensor,
  axes?: Axes,
  options?: ReduceOptions,
): Tensor {
  const elements = new Tensor(toNode("nanMax", x));
  const isNone = isNan(elements);
  const found = isNone.where(-Infinity, elements).max(axes, options);
  return isNone.all(axes, options).where(NaN, found);
}

/**
 * The smallest along axes of the elements that are not `NaN`; `NaN` where there is none.
 *
 * @param x The elements.
 * @param axes An axis, axes, or all of them if left out.
 * @param options Whether axes stay.
 * @returns The smallest elements.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function nanMin(
  x: Tensor,
  axes?: Axes,
  options?: ReduceOptions,
): Tensor {
  return nanMax(new Tensor(toNode("nanMin", x)).neg(), axes, options).neg();
}

/**
 * The variance along axes of the elements that are not `NaN`.
 *
 * @param x The elements.
 * @param axes An axis, axes, or all of them if left out.
 * @param options What is taken off the number of elements, and whether axes stay.
 * @returns The variances; `NaN` where there is no element.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function nanVariance(
  x: Tensor,
  axes?: Axes,
  options?: VarianceOptions,
): Tensor {
  const { correction = 1, keepDims = false } = optionsOf<VarianceOptions>(
    "nanVariance",
    options,
  );
  const elements = new Tensor(toNode("nanVariance", x));
  const isNone = isNan(elements);
  const mean = nanMean(elements, axes, { keepDims: true });
  const apart = isNone.where(0, elements.sub(mean));
  const count = isNone.not().cast("float32").sum(axes, { keepDims });
  return apart.mul(apart).sum(axes, { keepDims })
    .div(count.sub(correction).maximum(0));
}
