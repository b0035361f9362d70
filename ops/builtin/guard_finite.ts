import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";

/**
 * The input itself; computing it, or anything that depends on it, fails with `NON_FINITE_VALUE` if an
 * element is infinite or `NaN`.
 *
 * **Shapes**: `x [...] -> y [...]`.
 *
 * **Numerics**: gradients pass unchanged. Tensors of dtypes that hold no fractions are always finite.
 *
 * **Cost**: one walk over the elements, and one number read back for all guards of a program.
 *
 * The check stands in no kernel of its input: a plan gathers the checks of all guards, see
 * `realize/guards.ts`.
 */
export const guardFiniteOperator: CompositeOperator = {
  kind: "composite",
  name: "guardFinite",
  version: "1.0.0",
  description: "The input, whose elements must be finite when it is computed.",
  schema: { inputs: ["x"], attributes: { label: "string" } },
  infer: ([x]) => x!,
  decompose: ([x]) => x!,
};

/**
 * Requires that elements are finite; see {@linkcode guardFiniteOperator}.
 *
 * @param x The input.
 * @param label What it is called in the error.
 * @returns The input, guarded.
 */
export function guardFinite(x: Node, label: string): Node {
  return apply(guardFiniteOperator, [x], { label });
}
