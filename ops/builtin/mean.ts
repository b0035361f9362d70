import { sizeOf, toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { mul } from "./binary.ts";
import { cast } from "./cast.ts";
import {
  reduce,
  type ReduceAttributes,
  reducedShape,
  resolveAxes,
} from "./reduce.ts";

/**
 * The mean of the elements along some axes: `y = (Σ_i x_i) / n`.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., ...]`, or `[..., 1, ...]` with `keepDims`.
 *
 * **Numerics**: computed in `float32`; `NaN` where `n` is 0.
 */
export const meanOperator: CompositeOperator = {
  kind: "composite",
  name: "mean",
  version: "1.0.0",
  description: "The mean of the elements along some axes.",
  schema: { inputs: ["x"], attributes: { axes: "axes", keepDims: "boolean" } },
  infer: ([x], attributes) => ({
    dtype: toFloatDType(x!.dtype),
    shape: reducedShape("mean", x!.shape, attributes),
  }),
  decompose([x], attributes) {
    const { shape } = x!.type;
    const axes = resolveAxes("mean", shape, attributes);
    const count = sizeOf(axes.map((axis) => shape[axis]!));
    const keepDims = attributes.keepDims === true;
    const sum = reduce("sum", cast(x!, "float32"), { axes, keepDims });
    return cast(mul(sum, 1 / count), toFloatDType(x!.type.dtype));
  },
};

/**
 * Averages along some axes; see {@linkcode meanOperator}.
 *
 * @param x The input.
 * @param attributes Which axes, and whether they stay with size 1.
 * @returns The means.
 */
export function mean(x: Node, { axes, keepDims }: ReduceAttributes): Node {
  return apply(meanOperator, [x], { axes, keepDims });
}
