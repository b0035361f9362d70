import {
  dtypeMismatch,
  equalShapes,
  resolveAxis,
  type Shape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * The element that an index points at along one axis: `y[i, j] = x[i, index[i, j]]` for the last.
 *
 * **Shapes**: `x [..., n, ...], index [..., m, ...] -> y [..., m, ...]`; the other sizes are equal.
 *
 * **Numerics**: negative indices count from the end. An index outside `[-n, n)` gives `NaN`, or 0
 * for dtypes that have no `NaN`; it never reads elsewhere.
 *
 * **Source**: PyTorch `torch.gather`, NumPy `take_along_axis`.
 */
export const gatherOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "gather",
  version: "1.0.0",
  description: "The element that an index points at along one axis.",
  schema: { inputs: ["x", "index"], attributes: { axis: "integer" } },
  infer([x, index], { axis }) {
    assertIndexed("gather", [x!.shape, index!.shape], axis as number);
    if (index!.dtype !== "int32") {
      throw dtypeMismatch("gather", index!.dtype, ["int32"]);
    }
    return { dtype: x!.dtype, shape: index!.shape };
  },
  lowering: {
    kind: "gather",
    axis: ({ inputs: [x], attributes: { axis } }) =>
      resolveAxis("gather", axis as number, x!.shape),
  },
};

/**
 * Requires two shapes that differ along one axis at most.
 *
 * @param operation Name of the operator, for messages.
 * @param shapes The two shapes.
 * @param axis The axis.
 */
export function assertIndexed(
  operation: string,
  [x, index]: readonly [Shape, Shape],
  axis: number,
): void {
  const along = resolveAxis(operation, axis, x);
  const isAligned = x.length === index.length &&
    equalShapes(x, index.with(along, x[along]!));
  if (!isAligned) {
    throw shapeMismatch(operation, x, index, {
      rule: `ranks, and sizes at all axes but ${along}, must be equal`,
    });
  }
}

/**
 * Picks elements along an axis; see {@linkcode gatherOperator}.
 *
 * @param x Where to pick from.
 * @param index What to pick, `int32`.
 * @param axis The axis.
 * @returns The elements, of the index's shape.
 */
export function gather(x: Node, index: Node, axis: number): Node {
  return apply(gatherOperator, [x, index], { axis });
}
