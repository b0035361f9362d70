import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";

/**
 * The same elements, which gradients do not pass: `y = x`, whose slope is 0.
 *
 * **Shapes**: `x [...] -> y [...]`.
 *
 * **Cost**: none.
 *
 * **Source**: JAX `lax.stop_gradient`, PyTorch `Tensor.detach`.
 */
export const stopGradientOperator: CompositeOperator = {
  kind: "composite",
  name: "stopGradient",
  version: "1.0.0",
  description: "The same elements, which gradients do not pass.",
  schema: { inputs: ["x"], attributes: {} },
  infer: ([x]) => x!,
  decompose: ([x]) => x!,
};

/**
 * Keeps gradients from passing; see {@linkcode stopGradientOperator}.
 *
 * @param x The input, `[...]`.
 * @returns The same elements, `[...]`.
 */
export function stopGradient(x: Node): Node {
  return apply(stopGradientOperator, [x]);
}
