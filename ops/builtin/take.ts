import { dtypeMismatch, resolveAxis, sizeOf } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { expand } from "./expand.ts";
import { gather } from "./gather.ts";
import { reshape } from "./reshape.ts";

/**
 * Whole slices that indices point at along one axis: `y[i, :] = x[indices[i], :]` for the first.
 *
 * **Shapes**: `x [...a, n, ...b], indices [...i] -> y [...a, ...i, ...b]`.
 *
 * **Numerics**: negative indices count from the end. An index outside `[-n, n)` gives `NaN`, or 0
 * for dtypes that have no `NaN`; it never reads elsewhere.
 *
 * **Source**: NumPy `take`, ONNX `Gather`.
 */
export const takeOperator: CompositeOperator = {
  kind: "composite",
  name: "take",
  version: "1.0.0",
  description: "Whole slices that indices point at along one axis.",
  schema: { inputs: ["x", "indices"], attributes: { axis: "integer" } },
  infer([x, indices], { axis }) {
    const along = resolveAxis("take", axis as number, x!.shape);
    if (indices!.dtype !== "int32") {
      throw dtypeMismatch("take", indices!.dtype, ["int32"]);
    }
    return {
      dtype: x!.dtype,
      shape: x!.shape.toSpliced(along, 1, ...indices!.shape),
    };
  },
  decompose([x, indices], { axis }) {
    const { shape } = x!.type;
    const along = resolveAxis("take", axis as number, shape);
    const before = sizeOf(shape.slice(0, along));
    const after = sizeOf(shape.slice(along + 1));
    const count = sizeOf(indices!.type.shape);
    const picked = gather(
      reshape(x!, [before, shape[along]!, after]),
      expand(reshape(indices!, [1, count, 1]), [before, count, after]),
      1,
    );
    return reshape(picked, shape.toSpliced(along, 1, ...indices!.type.shape));
  },
};

/**
 * Picks slices along an axis; see {@linkcode takeOperator}.
 *
 * @param x Where to pick from.
 * @param indices What to pick, `int32`.
 * @param axis The axis.
 * @returns The slices.
 */
export function take(x: Node, indices: Node, axis: number): Node {
  return apply(takeOperator, [x, indices], { axis });
}
