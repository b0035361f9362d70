/**
 * What some axes of a tensor come to, beside the methods of `Tensor`.
 *
 * @module
 */
import { optionsOf } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { argReduce } from "../builtin/arg_reduce.ts";
import { gather } from "../builtin/gather.ts";
import { squeeze } from "../builtin/squeeze.ts";
import { STATISTIC_OPERATORS } from "../builtin/statistics.ts";
import {
  type Axes,
  type ReduceOptions,
  Tensor,
  toNode,
  type TopK,
  type VarianceOptions,
} from "../tensor.ts";
import { encodeNumber } from "../trace/trace.ts";
import {
  type AxesFunction,
  axesFunction,
  type AxisFunction,
  axisFunction,
} from "./call.ts";

/** Options of {@linkcode norm}. */
export interface NormOptions extends ReduceOptions {
  /**
   * The power p that sizes are raised to; 0 counts what is not 0, `Infinity` takes the largest size,
   * `-Infinity` the smallest.
   *
   * @default {2}
   */
  readonly order?: number;
}

/** How many elements along axes are other than 0, `int32`. */
export const countNonzero: AxesFunction = axesFunction(
  STATISTIC_OPERATORS.countNonzero,
);

/**
 * The logarithm of the sum of exp so far along an axis, without powers that leave their range.
 *
 * **Cost**: as many passes as the axis' size has binary digits.
 */
export const logCumSumExp: AxisFunction<Record<never, never>> = axisFunction(
  STATISTIC_OPERATORS.logCumSumExp,
);

/**
 * The middle element in order along an axis; of two, the lower, as PyTorch has it. A `NaN` passes on.
 *
 * @example Of an even number of elements
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { median, tensor } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(await median(tensor([5, 1, 9, 3])).item(), 3);
 * ```
 */
export const median: AxisFunction = axisFunction(STATISTIC_OPERATORS.median);

/** The mean along axes of the elements that are not `NaN`. */
export const nanMean: AxesFunction = axesFunction(STATISTIC_OPERATORS.nanMean);

/** The sum along axes of the elements that are not `NaN`. */
export const nanSum: AxesFunction = axesFunction(STATISTIC_OPERATORS.nanSum);

/** The square root of the variance along axes; where that is 0, so is the slope. */
export const std: AxesFunction<VarianceOptions> = axesFunction(
  STATISTIC_OPERATORS.std,
);

/**
 * The size of vectors along axes, `(Σ |x|^p)^(1/p)`. At 0 its slope is 0.
 *
 * @example The sides of a triangle
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { norm, tensor } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(await norm(tensor([3, -4])).item(), 5);
 * assertEquals(await norm(tensor([3, -4]), 0, { order: Infinity }).item(), 4);
 * ```
 *
 * @param x The vectors.
 * @param axes An axis, axes, or all of them if left out.
 * @param options The power, and whether axes stay.
 * @returns The sizes.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if an option is not what it must be.
 */
export function norm(x: Tensor, axes?: Axes, options?: NormOptions): Tensor {
  const { order = 2, keepDims = false } = optionsOf<NormOptions>(
    "norm",
    options,
  );
  return new Tensor(
    apply(STATISTIC_OPERATORS.norm, [toNode("norm", x)], {
      axes: axes ?? null,
      keepDims,
      order: encodeNumber(order),
    }),
  );
}

/**
 * What stands at a share of the way through the elements in order along an axis, between two of them in
 * proportion. A `NaN` passes on.
 *
 * **Source**: PyTorch `torch.quantile`, NumPy `quantile`, both by default.
 *
 * @param x The elements.
 * @param q The share, from 0 to 1.
 * @param axis The axis.
 * @param options Whether the axis stays.
 * @returns The quantiles.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if q is no share, or the axis has no elements.
 */
export function quantile(
  x: Tensor,
  q: number,
  axis = -1,
  options?: ReduceOptions,
): Tensor {
  const { keepDims = false } = optionsOf<ReduceOptions>("quantile", options);
  const attributes = { q, axis, keepDims };
  return new Tensor(
    apply(STATISTIC_OPERATORS.quantile, [toNode("quantile", x)], attributes),
  );
}

/**
 * The largest element along an axis, and where it first stands.
 *
 * @param x The elements.
 * @param axis The axis.
 * @param options Whether the axis stays.
 * @returns The elements and their places.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function maxWithIndices(
  x: Tensor,
  axis = -1,
  options?: ReduceOptions,
): TopK {
  return extreme("maxWithIndices", x, { axis, by: "argmax", options });
}

/**
 * The smallest element along an axis, and where it first stands.
 *
 * @param x The elements.
 * @param axis The axis.
 * @param options Whether the axis stays.
 * @returns The elements and their places.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function minWithIndices(
  x: Tensor,
  axis = -1,
  options?: ReduceOptions,
): TopK {
  return extreme("minWithIndices", x, { axis, by: "argmin", options });
}

function extreme(
  name: string,
  x: Tensor,
  { axis, by, options }: {
    readonly axis: number;
    readonly by: "argmax" | "argmin";
    readonly options: ReduceOptions | undefined;
  },
): TopK {
  const { keepDims = false } = optionsOf<ReduceOptions>(name, options);
  const node = toNode(name, x);
  const places = argReduce(by, node, { axis, keepDims: true });
  const [values, indices] = [gather(node, places, axis), places].map((found) =>
    new Tensor(keepDims ? found : squeeze(found, axis))
  ) as [Tensor, Tensor];
  return { values, indices };
}
