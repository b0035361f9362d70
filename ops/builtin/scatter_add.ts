import {
  assertShape,
  dtypeMismatch,
  equalShapes,
  resolveAxis,
  shapeMismatch,
  valueDType,
} from "../../core/base/mod.ts";
import { NUMBER_DTYPES } from "./number_dtypes.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/** Settings of {@linkcode scatterAdd}. */
export interface ScatterAttributes {
  /** The axis along which elements move. */
  readonly axis: number;
  /** Size of the output along that axis. */
  readonly size: number;
}

/**
 * Elements added into zeros where an index points along one axis: `y[i, index[i, j]] += x[i, j]` for
 * the last. It is the gradient of `gather`.
 *
 * **Shapes**: `x [..., m, ...], index [..., m, ...] -> y [..., size, ...]`.
 *
 * **Numerics**: negative indices count from the end; elements whose index lies outside
 * `[-size, size)` are dropped. Elements that meet are added in their order, so the result is the same
 * every time; what is stored in less than four bytes gives sums of `float32` or `int32`.
 *
 * **Source**: PyTorch `Tensor.scatter_add_`.
 */
export const scatterAddOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "scatterAdd",
  version: "1.0.0",
  description: "Elements added into zeros where an index points.",
  schema: {
    inputs: ["x", "index"],
    attributes: { axis: "integer", size: "integer" },
  },
  infer([x, index], { axis, size }) {
    const along = resolveAxis("scatterAdd", axis as number, x!.shape);
    if (!equalShapes(x!.shape, index!.shape)) {
      throw shapeMismatch("scatterAdd", x!.shape, index!.shape, {
        rule: "both must be equal",
      });
    }
    if (index!.dtype !== "int32") {
      throw dtypeMismatch("scatterAdd", index!.dtype, ["int32"]);
    }
    if (x!.dtype === "bool") {
      throw dtypeMismatch("scatterAdd", x!.dtype, NUMBER_DTYPES);
    }
    const shape = x!.shape.with(along, size as number);
    assertShape("scatterAdd", shape);
    return { dtype: valueDType(x!.dtype), shape };
  },
  lowering: {
    kind: "scatter",
    axis: ({ inputs: [x], attributes: { axis } }) =>
      resolveAxis("scatterAdd", axis as number, x!.shape),
  },
};

/**
 * Adds elements into zeros; see {@linkcode scatterAddOperator}.
 *
 * @param x The elements.
 * @param index Where each goes, `int32`.
 * @param attributes Along which axis, and how large it is in the output.
 * @returns The sums.
 */
export function scatterAdd(
  x: Node,
  index: Node,
  { axis, size }: ScatterAttributes,
): Node {
  return apply(scatterAddOperator, [x, index], { axis, size });
}
