import { sizeOf, toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { mean } from "./mean.ts";
import {
  reduce,
  type ReduceAttributes,
  reducedShape,
  resolveAxes,
} from "./reduce.ts";

/** Settings of {@linkcode variance}. */
export interface VarianceAttributes extends ReduceAttributes {
  /** What is taken from the number of elements before it divides: 1 for an estimate from a sample. */
  readonly correction: number;
}

/**
 * The variance of the elements along some axes: `y = Σ_i (x_i - mean x)² / (n - correction)`.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., ...]`, or `[..., 1, ...]` with `keepDims`.
 *
 * **Numerics**: in two passes, so that a large mean does not cancel the digits. `NaN` or `Infinity`
 * where `n` is not more than the correction.
 *
 * **Source**: NumPy `var`; Chan, Golub, LeVeque, "Algorithms for computing the sample variance"
 * (1983), two-pass algorithm.
 */
export const varianceOperator: CompositeOperator = {
  kind: "composite",
  name: "variance",
  version: "1.0.0",
  description: "The variance of the elements along some axes.",
  schema: {
    inputs: ["x"],
    attributes: { axes: "axes", keepDims: "boolean", correction: "number" },
  },
  infer: ([x], attributes) => ({
    dtype: toFloatDType(x!.dtype),
    shape: reducedShape("variance", x!.shape, attributes),
  }),
  decompose([x], attributes) {
    const value = cast(x!, "float32");
    const { shape } = value.type;
    const axes = resolveAxes("variance", shape, attributes);
    const count = sizeOf(axes.map((axis) => shape[axis]!));
    const centered = sub(value, mean(value, { axes, keepDims: true }));
    const squares = reduce("sum", mul(centered, centered), {
      axes,
      keepDims: attributes.keepDims === true,
    });
    const scale = 1 / (count - (attributes.correction as number));
    return cast(mul(squares, scale), toFloatDType(x!.type.dtype));
  },
};

/**
 * Measures the spread along some axes; see {@linkcode varianceOperator}.
 *
 * @param x The input.
 * @param attributes Which axes, whether they stay, and the correction.
 * @returns The variances.
 */
export function variance(
  x: Node,
  { axes, keepDims, correction }: VarianceAttributes,
): Node {
  return apply(varianceOperator, [x], { axes, keepDims, correction });
}
