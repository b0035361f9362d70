import { toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { mul } from "./binary.ts";
import { cast } from "./cast.ts";
import { unary } from "./unary.ts";

/**
 * Sigmoid linear unit, also called swish: `y = x / (1 + exp(-x))`.
 *
 * **Shapes**: `x [...] -> y [...]`, of the same dtype, or `float32` where that holds no fractions.
 *
 * **Source**: Ramachandran, Zoph, Le, "Searching for activation functions" (2017), with β = 1.
 */
export const siluOperator: CompositeOperator = {
  kind: "composite",
  name: "silu",
  version: "1.0.0",
  description: "Sigmoid linear unit, x / (1 + exp(-x)).",
  schema: { inputs: ["x"], attributes: {} },
  infer: ([x]) => ({ dtype: toFloatDType(x!.dtype), shape: x!.shape }),
  decompose([x]) {
    const value = cast(x!, "float32");
    const y = mul(value, unary("sigmoid", value));
    return cast(y, toFloatDType(x!.type.dtype));
  },
};

/**
 * Weighs each element by its logistic function; see {@linkcode siluOperator}.
 *
 * @param x The input, `[...]`.
 * @returns The output, `[...]`.
 */
export function silu(x: Node): Node {
  return apply(siluOperator, [x]);
}
