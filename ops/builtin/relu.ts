import { dtypeMismatch } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { NUMBER_DTYPES, promoteWhole } from "./number_dtypes.ts";
import { binary } from "./binary.ts";

/**
 * Rectified linear unit: `y = max(x, 0)`.
 *
 * **Shapes**: `x [...] -> y [...]`.
 *
 * **Numerics**: the gradient at 0 is 0; a `NaN` passes on.
 *
 * **Source**: Nair, Hinton, "Rectified linear units improve restricted Boltzmann machines" (2010).
 */
export const reluOperator: CompositeOperator = {
  kind: "composite",
  name: "relu",
  version: "1.0.0",
  description: "Rectified linear unit, max(x, 0).",
  schema: { inputs: ["x"], attributes: {} },
  infer([x]) {
    if (x!.dtype === "bool") {
      throw dtypeMismatch("relu", x!.dtype, NUMBER_DTYPES);
    }
    return { dtype: promoteWhole(x!.dtype), shape: x!.shape };
  },
  decompose: ([x]) => binary("maximum", [x!, 0]),
};

/**
 * Cuts off what is below 0; see {@linkcode reluOperator}.
 *
 * @param x The input, `[...]`.
 * @returns The output, `[...]`.
 */
export function relu(x: Node): Node {
  return apply(reluOperator, [x]);
}
