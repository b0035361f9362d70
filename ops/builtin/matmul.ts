import {
  assertShape,
  broadcastShapes,
  type DType,
  dtypeMismatch,
  invalidShape,
  isFloatDType,
  promoteDTypes,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { FLOAT_DTYPES } from "./number_dtypes.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * Matrix product over the last two axes: `y_ij = Σ_k left_ik right_kj`. Leading axes broadcast.
 *
 * **Shapes**: `left [..., m, k], right [..., k, n] -> y [..., m, n]`. An input of one axis is a row on
 * the left, a column on the right, and that axis is gone from the output, as in NumPy.
 *
 * **Numerics**: fractions are multiplied and summed in `float32` in blocks, whatever they are stored
 * as; the result has the dtype that both meet in. `int8` is multiplied by `int8` only, exactly, and
 * summed in `int32`, which wraps around.
 *
 * **Source**: NumPy reference, `matmul`.
 */
export const matmulOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "matmul",
  version: "1.0.0",
  description: "Matrix product over the last two axes; leading axes broadcast.",
  schema: { inputs: ["left", "right"], attributes: {} },
  infer(inputs) {
    const { dtype: left, shape: a } = inputs[0]!;
    const { dtype: right, shape: b } = inputs[1]!;
    const dtype = productDType(left, right);
    if (a.length === 0) throw invalidShape("matmul", a);
    if (b.length === 0) throw invalidShape("matmul", b);
    const depth = b.length === 1 ? b[0] : b.at(-2);
    if (a.at(-1) !== depth) {
      throw shapeMismatch("matmul", a, b, {
        rule: "columns of the left must equal rows of the right",
      });
    }
    const shape = a.length === 2 && b.length === 2 ? [a[0]!, b[1]!] : [
      ...broadcastShapes("matmul", a.slice(0, -2), b.slice(0, -2)),
      ...a.length === 1 ? [] : [a.at(-2)!],
      ...b.length === 1 ? [] : [b.at(-1)!],
    ];
    assertShape("matmul", shape);
    return {
      dtype,
      shape,
    };
  },
  lowering: { kind: "contract" },
};

/** The dtype of products of two dtypes. */
function productDType(left: DType, right: DType): DType {
  if (left === "int8" && right === "int8") return "int32";
  if (!isFloatDType(left)) throw dtypeMismatch("matmul", left, FLOAT_DTYPES);
  if (!isFloatDType(right)) throw dtypeMismatch("matmul", right, FLOAT_DTYPES);
  return promoteDTypes(left, right);
}

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
