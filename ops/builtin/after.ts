import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * The elements of one tensor, once another has been computed: `y = x`. What is made of `y` is not the
 * same as what is made of `x`, and is computed later: so something can be computed twice on purpose,
 * instead of being kept.
 *
 * **Shapes**: `x [...], before [...] -> y [...]`, of the shape of `x`.
 *
 * **Cost**: none. Where `before` is a number, `y` is `x`.
 *
 * **Source**: XLA's `OptimizationBarrier`, with which JAX keeps what `checkpoint` computes again apart.
 */
export const afterOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "after",
  version: "1.0.0",
  description: "The elements of one tensor, once another has been computed.",
  schema: { inputs: ["x", "before"], attributes: {} },
  infer: ([x]) => x!,
  lowering: {
    kind: "view",
    step: ({ output }) => ({ kind: "expand", shape: output.shape }),
  },
};

/**
 * Puts what is made of a tensor after something else; see {@linkcode afterOperator}.
 *
 * @param x The tensor, `[...]`.
 * @param before What is computed before.
 * @returns The same elements, `[...]`.
 */
export function after(x: Node, before: Node): Node {
  return apply(afterOperator, [x, before]);
}
