import {
  assertShape,
  broadcastShapes,
  equalShapes,
  type Shape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * The elements repeated along axes of size 1, and along new axes in front, by NumPy broadcasting.
 *
 * **Shapes**: `x [...] -> y [...shape]`.
 *
 * **Cost**: none: the elements are read several times.
 */
export const expandOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "expand",
  version: "1.0.0",
  description: "The elements repeated along axes of size 1 and new axes.",
  schema: { inputs: ["x"], attributes: { shape: "integers" } },
  infer(inputs, { shape: to }) {
    const { dtype, shape } = inputs[0]!;
    assertShape("expand", to as Shape);
    const isLarger = (to as Shape).length >= shape.length &&
      equalShapes(broadcastShapes("expand", shape, to as Shape), to as Shape);
    if (!isLarger) {
      throw shapeMismatch("expand", shape, to as Shape, {
        rule: "the first must broadcast to the second",
      });
    }
    return { dtype, shape: to as Shape };
  },
  lowering: {
    kind: "view",
    step: ({ output }) => ({ kind: "expand", shape: output.shape }),
  },
};

/**
 * Repeats elements; see {@linkcode expandOperator}.
 *
 * @param x The input.
 * @param shape The shape wanted.
 * @returns The repeated elements, `[...shape]`.
 */
export function expand(x: Node, shape: Shape): Node {
  return apply(expandOperator, [x], {
    shape: Array.isArray(shape) ? [...shape] : shape,
  });
}
