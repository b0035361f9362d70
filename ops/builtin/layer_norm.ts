import { toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { add, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { mean } from "./mean.ts";
import { resolveAxes } from "./reduce.ts";
import { unary } from "./unary.ts";

/** Settings of {@linkcode layerNorm}. */
export interface LayerNormAttributes {
  /** The axes that mean and variance are taken along. */
  readonly axes: number | readonly number[];
  /** What is added to the variance, so that equal elements do not divide by 0. */
  readonly epsilon: number;
}

/**
 * Brings elements to mean 0 and variance 1 along some axes: `y = (x - mean x) / √(var x + ε)`.
 *
 * **Shapes**: `x [..., n] -> y [..., n]`, of the same dtype, or `float32` where that holds no fractions.
 *
 * **Numerics**: the variance is that of the elements themselves (divided by `n`), in two passes.
 *
 * **Source**: Ba, Kiros, Hinton, "Layer normalization" (2016), equation 3, without gain and bias.
 */
export const layerNormOperator: CompositeOperator = {
  kind: "composite",
  name: "layerNorm",
  version: "1.0.0",
  description: "Elements with mean 0 and variance 1 along some axes.",
  schema: { inputs: ["x"], attributes: { axes: "axes", epsilon: "number" } },
  infer([x], attributes) {
    resolveAxes("layerNorm", x!.shape, attributes);
    const { epsilon } = attributes;
    if ((epsilon as number) < 0) {
      throw attributeInvalid(
        "layerNorm",
        "epsilon",
        `found ${epsilon}, wanted a number from 0`,
      );
    }
    return { dtype: toFloatDType(x!.dtype), shape: x!.shape };
  },
  decompose([x], attributes) {
    const value = cast(x!, "float32");
    const axes = resolveAxes("layerNorm", value.type.shape, attributes);
    const along = { axes, keepDims: true };
    const centered = sub(value, mean(value, along));
    const spread = mean(mul(centered, centered), along);
    const epsilon = attributes.epsilon as number;
    const y = mul(centered, unary("rsqrt", add(spread, epsilon)));
    return cast(y, toFloatDType(x!.type.dtype));
  },
};

/**
 * Normalizes along some axes; see {@linkcode layerNormOperator}.
 *
 * @param x The input.
 * @param attributes Which axes, and what is added to the variance.
 * @returns The normalized elements.
 */
export function layerNorm(
  x: Node,
  { axes, epsilon }: LayerNormAttributes,
): Node {
  return apply(layerNormOperator, [x], { axes, epsilon });
}
