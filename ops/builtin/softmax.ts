import { resolveAxis, toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { div, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { reduce } from "./reduce.ts";
import { unary } from "./unary.ts";

/**
 * Softmax along one axis: `y_i = exp(x_i - max x) / Σ_j exp(x_j - max x)`.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., n, ...]`. Each line of `y` along the axis sums to 1.
 *
 * **Numerics**: subtracting the line's maximum keeps every exponent at most 0, so no finite input
 * overflows. A line with a `NaN` or `Infinity` gives `NaN`s.
 *
 * **Source**: Goodfellow, Bengio, Courville, Deep Learning (2016), §4.1.
 */
export const softmaxOperator: CompositeOperator = {
  kind: "composite",
  name: "softmax",
  version: "1.0.0",
  description: "Exponentials along one axis, divided by their sum.",
  schema: { inputs: ["x"], attributes: { axis: "integer" } },
  infer([x], { axis }) {
    resolveAxis("softmax", axis as number, x!.shape);
    return { dtype: toFloatDType(x!.dtype), shape: x!.shape };
  },
  decompose([x], { axis }) {
    const along = { axes: axis as number, keepDims: true };
    const logits = cast(x!, "float32");
    const weights = unary("exp", sub(logits, reduce("max", logits, along)));
    // The sum is at least 1: its inverse is as good, and is taken once a line.
    const y = mul(weights, div(1, reduce("sum", weights, along)));
    return cast(y, toFloatDType(x!.type.dtype));
  },
};

/**
 * Turns logits into probabilities along one axis; see {@linkcode softmaxOperator}.
 *
 * @param x The logits, `[..., n, ...]`.
 * @param axis The axis.
 * @returns The probabilities, `[..., n, ...]`.
 */
export function softmax(x: Node, axis: number): Node {
  return apply(softmaxOperator, [x], { axis });
}
