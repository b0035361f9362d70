import { resolveAxis, toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { reduce } from "./reduce.ts";
import { unary } from "./unary.ts";

/**
 * Logarithm of softmax along one axis: `y_i = x_i - max x - log Σ_j exp(x_j - max x)`.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., n, ...]`.
 *
 * **Numerics**: as `softmax`; it keeps the small probabilities that a logarithm of softmax loses.
 *
 * **Source**: Goodfellow, Bengio, Courville, Deep Learning (2016), §4.1.
 */
export const logSoftmaxOperator: CompositeOperator = {
  kind: "composite",
  name: "logSoftmax",
  version: "1.0.0",
  description: "Logarithm of softmax along one axis.",
  schema: { inputs: ["x"], attributes: { axis: "integer" } },
  infer([x], { axis }) {
    resolveAxis("logSoftmax", axis as number, x!.shape);
    return { dtype: toFloatDType(x!.dtype), shape: x!.shape };
  },
  decompose([x], { axis }) {
    const along = { axes: axis as number, keepDims: true };
    const logits = cast(x!, "float32");
    const shifted = sub(logits, reduce("max", logits, along));
    const total = reduce("sum", unary("exp", shifted), along);
    const y = sub(shifted, unary("log", total));
    return cast(y, toFloatDType(x!.type.dtype));
  },
};

/**
 * Turns logits into log-probabilities along one axis; see {@linkcode logSoftmaxOperator}.
 *
 * @param x The logits, `[..., n, ...]`.
 * @param axis The axis.
 * @returns The log-probabilities, `[..., n, ...]`.
 */
export function logSoftmax(x: Node, axis: number): Node {
  return apply(logSoftmaxOperator, [x], { axis });
}
