import {
  broadcastShapes,
  dtypeMismatch,
  invalidShape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * Matrix product over the last two axes: `y_ij = Σ_k left_ik right_kj`. Leading axes broadcast.
 *
 * **Shapes**: `left [..., m, k], right [..., k, n] -> y [..., m, n]`. An input of one axis is a row on
 * the left, a column on the right, and that axis is gone from the output, as in NumPy.
 *
 * **Numerics**: `float32` products, summed in `float32` in blocks.
 *
 * **Source**: NumPy reference, `matmul`.
 */
export const matmulOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "matmul",
  version: "1.0.0",
  description: "Matrix product over the last two axes; leading axes broadcast.",
  schema: { inputs: ["left", "right"], attributes: {} },
  infer([left, right]) {
    for (const { dtype, shape } of [left!, right!]) {
      if (dtype !== "float32") {
        throw dtypeMismatch("matmul", dtype, ["float32"]);
      }
      if (shape.length === 0) throw invalidShape("matmul", shape);
    }
    const [a, b] = [left!.shape, right!.shape];
    const depth = b.length === 1 ? b[0] : b.at(-2);
    if (a.at(-1) !== depth) {
      throw shapeMismatch("matmul", a, b, {
        rule: "columns of the left must equal rows of the right",
      });
    }
    return {
      dtype: "float32",
      shape: [
        ...broadcastShapes("matmul", a.slice(0, -2), b.slice(0, -2)),
        ...a.length === 1 ? [] : [a.at(-2)!],
        ...b.length === 1 ? [] : [b.at(-1)!],
      ],
    };
  },
  lowering: { kind: "contract" },
};

/**
 * Multiplies matrices; see {@linkcode matmulOperator}.
 *
 * @param left The left matrices, `[..., m, k]`.
 * @param right The right matrices, `[..., k, n]`.
 * @returns The products, `[..., m, n]`.
 */
export function matmul(left: Node, right: Node): Node {
  return apply(matmulOperator, [left, right]);
}
