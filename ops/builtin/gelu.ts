import { toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { add, mul } from "./binary.ts";
import { cast } from "./cast.ts";
import { unary } from "./unary.ts";

/**
 * Gaussian error linear unit: `y = x Φ(x) = x (1 + erf(x / √2)) / 2`.
 *
 * **Shapes**: `x [...] -> y [...]`, of the same dtype, or `float32` where that holds no fractions.
 *
 * **Numerics**: the exact form, by `erf`; far below 0 the result loses relative precision, where it is
 * nearly 0.
 *
 * **Source**: Hendrycks, Gimpel, "Gaussian error linear units" (2016), equation 1.
 */
export const geluOperator: CompositeOperator = {
  kind: "composite",
  name: "gelu",
  version: "1.0.0",
  description: "Gaussian error linear unit, x Φ(x).",
  schema: { inputs: ["x"], attributes: {} },
  infer: ([x]) => ({ dtype: toFloatDType(x!.dtype), shape: x!.shape }),
  decompose([x]) {
    const value = cast(x!, "float32");
    const share = add(unary("erf", mul(value, Math.SQRT1_2)), 1);
    return cast(mul(mul(value, 0.5), share), toFloatDType(x!.type.dtype));
  },
};

/**
 * Weighs each element by how likely a normal number is below it; see {@linkcode geluOperator}.
 *
 * @param x The input, `[...]`.
 * @returns The output, `[...]`.
 */
export function gelu(x: Node): Node {
  return apply(geluOperator, [x]);
}
