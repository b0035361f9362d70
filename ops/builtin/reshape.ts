import {
  assertShape,
  type Shape,
  shapeMismatch,
  sizeOf,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * The same elements in the same order under other sizes. One size may be `-1`: it is what is left.
 *
 * **Shapes**: `x [...] -> y [...shape]`, of equally many elements.
 *
 * **Cost**: none, unless the elements must be brought into order first.
 */
export const reshapeOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "reshape",
  version: "1.0.0",
  description: "The same elements in the same order under other sizes.",
  schema: { inputs: ["x"], attributes: { shape: "integers" } },
  infer: ([x], { shape }) => ({
    dtype: x!.dtype,
    shape: completeShape(x!.shape, shape as Shape),
  }),
  lowering: {
    kind: "view",
    step: ({ output }) => ({ kind: "reshape", shape: output.shape }),
  },
};

/** Replaces a size of `-1` by what is left for it. */
function completeShape(from: Shape, to: Shape): Shape {
  const free = to.indexOf(-1);
  const known = sizeOf(to.filter((_, axis) => axis !== free));
  const missing = sizeOf(from) / known;
  // Nothing can be said of -1 beside a size of 0: any number would do.
  const isFound = free >= 0 && Number.isInteger(missing) && missing >= 0;
  const shape = isFound ? to.with(free, missing) : to;
  if (free < 0 || isFound) assertShape("reshape", shape);
  if (sizeOf(shape) !== sizeOf(from) || shape.includes(-1)) {
    throw shapeMismatch("reshape", from, to, {
      rule: `the number of elements must stay the same (${
        sizeOf(from)
      }), with at most one size of -1`,
    });
  }
  return shape;
}

/**
 * Gives other sizes; see {@linkcode reshapeOperator}.
 *
 * @param x The input.
 * @param shape The sizes wanted, one of which may be `-1`.
 * @returns The same elements, `[...shape]`.
 */
export function reshape(x: Node, shape: Shape): Node {
  return apply(reshapeOperator, [x], {
    shape: Array.isArray(shape) ? [...shape] : shape,
  });
}
