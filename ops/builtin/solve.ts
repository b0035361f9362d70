import { broadcastShapes, shapeMismatch } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node, TensorType } from "../graph/node.ts";
import { cast } from "./cast.ts";
import { columnsOf } from "./columns.ts";
import { einsum } from "./einsum.ts";
import { expand } from "./expand.ts";
import { gather } from "./gather.ts";
import { mul } from "./binary.ts";
import { lu } from "./lu.ts";
import { matrixType, squareType } from "./matrix_types.ts";
import { reduce } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { identity } from "./triangle.ts";
import { triangularSolve } from "./triangular_solve.ts";

/**
 * The solution `x` of `a x = b`.
 *
 * **Shapes**: `a [..., n, n], b [..., n, m] -> x [..., n, m]`, or `b [n] -> x [..., n]`; leading axes
 * broadcast.
 *
 * **Numerics**: by LU factors with partial pivoting, each rounded to `float32`. A singular matrix gives
 * infinities or `NaN`.
 *
 * **Source**: NumPy 2 `linalg.solve`.
 */
export const solveOperator: CompositeOperator = {
  kind: "composite",
  name: "solve",
  version: "1.0.0",
  description: "The solution of linear equations.",
  schema: { inputs: ["a", "b"], attributes: {} },
  infer([a, b]) {
    const { batch, rows } = squareType("solve", a!);
    const right = matrixType("solve", asColumns(b!));
    if (right.rows !== rows) {
      throw shapeMismatch("solve", a!.shape, b!.shape, {
        rule: "rows must be equal",
      });
    }
    const shape = [...broadcastShapes("solve", batch, right.batch), rows];
    const isVector = b!.shape.length === 1;
    return {
      dtype: "float32",
      shape: isVector ? shape : [...shape, right.columns],
    };
  },
  decompose([a, b]) {
    const n = a!.type.shape.at(-1)!;
    const { shape } = asColumns(b!.type);
    const packed = lu(a!);
    const batch = broadcastShapes(
      "solve",
      a!.type.shape.slice(0, -2),
      shape.slice(0, -2),
    );
    const whole = [...batch, n, shape.at(-1)!];
    const order = expand(cast(columnsOf(packed, n, n + 1), "int32"), whole);
    const right = expand(reshape(b!, shape), whole);
    const factors = columnsOf(packed, 0, n);
    const y = triangularSolve(
      [factors, gather(right, order, whole.length - 2)],
      { lower: true, transpose: false, unit: true },
    );
    const x = triangularSolve(
      [factors, y],
      { lower: false, transpose: false, unit: false },
    );
    return b!.type.shape.length === 1 ? reshape(x, [...batch, n]) : x;
  },
};

/** A vector as a column. */
function asColumns({ dtype, shape }: TensorType): TensorType {
  return { dtype, shape: shape.length === 1 ? [shape[0]!, 1] : shape };
}

/**
 * Solves linear equations; see {@linkcode solveOperator}.
 *
 * @param a The matrices.
 * @param b The right sides.
 * @returns The solutions.
 */
export function solve(a: Node, b: Node): Node {
  return apply(solveOperator, [a, b]);
}

/**
 * Inverse matrices.
 *
 * **Shapes**: `x [..., n, n] -> y [..., n, n]`.
 *
 * **Numerics**: as `solve` for a unit matrix, which is what to call where only products with the inverse
 * are wanted.
 *
 * **Source**: NumPy `linalg.inv`.
 */
export const inverseOperator: CompositeOperator = {
  kind: "composite",
  name: "inverse",
  version: "1.0.0",
  description: "Inverse matrices.",
  schema: { inputs: ["x"], attributes: {} },
  infer([x]) {
    squareType("inverse", x!);
    return x!;
  },
  decompose: ([x]) => solve(x!, identity(x!.type.shape.at(-1)!)),
};

/**
 * Inverts matrices; see {@linkcode inverseOperator}.
 *
 * @param x The matrices.
 * @returns Their inverses.
 */
export function inverse(x: Node): Node {
  return apply(inverseOperator, [x]);
}

/**
 * Determinants of square matrices.
 *
 * **Shapes**: `x [..., n, n] -> y [...]`.
 *
 * **Numerics**: the product of the diagonal of LU factors, which may overflow `float32` where the
 * logarithm would not. Gradients of singular matrices are not finite.
 *
 * **Source**: NumPy `linalg.det`.
 */
export const determinantOperator: CompositeOperator = {
  kind: "composite",
  name: "determinant",
  version: "1.0.0",
  description: "Determinants of square matrices.",
  schema: { inputs: ["x"], attributes: {} },
  infer([x]) {
    const { batch } = squareType("determinant", x!);
    return { dtype: "float32", shape: batch };
  },
  decompose([x]) {
    const { diagonal, signs } = pivotsOf(x!);
    const factors = mul(diagonal, signs);
    return reduce("prod", factors, { axes: -1, keepDims: false });
  },
};

/**
 * Takes determinants; see {@linkcode determinantOperator}.
 *
 * @param x The matrices.
 * @returns One number a matrix.
 */
export function determinant(x: Node): Node {
  return apply(determinantOperator, [x]);
}

/**
 * Factorizes square matrices as far as determinants need it.
 *
 * @param x The matrices, whose shape is known.
 * @returns Numbers whose product is the determinant: those of the diagonal, and 1 or -1 for each.
 */
export function pivotsOf(
  x: Node,
): { readonly diagonal: Node; readonly signs: Node } {
  const n = x.type.shape.at(-1)!;
  const packed = lu(x);
  const signs = columnsOf(packed, n + 1);
  return {
    diagonal: einsum("...ii->...i", [columnsOf(packed, 0, n)]),
    signs: reshape(signs, signs.type.shape.slice(0, -1)),
  };
}
