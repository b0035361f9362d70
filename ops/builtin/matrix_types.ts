import {
  dtypeMismatch,
  invalidShape,
  type Shape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import type { TensorType } from "../graph/node.ts";

/** Rows or columns that a factorized matrix has at most: it takes time as their cube. */
const SIZE_MAX = 8192;

/** Matrices in a batch. */
export interface MatrixType {
  /** Sizes of the axes before the last two. */
  readonly batch: Shape;
  /** Rows of each matrix. */
  readonly rows: number;
  /** Columns of each matrix. */
  readonly columns: number;
}

/**
 * Requires matrices of `float32`: at least two axes, the last two of at most 8192 places.
 *
 * @param operation Name of the operator, for messages.
 * @param type Type of its input.
 * @returns Their sizes.
 * @throws {DTypeError} `DTYPE_MISMATCH` if they are stored otherwise.
 * @throws {ShapeError} `SHAPE_INVALID` if they are no matrices, or too large.
 */
export function matrixType(
  operation: string,
  { dtype, shape }: TensorType,
): MatrixType {
  if (dtype !== "float32") throw dtypeMismatch(operation, dtype, ["float32"]);
  const [rows, columns] = [shape.at(-2), shape.at(-1)];
  const isMatrix = rows !== undefined && columns !== undefined &&
    Math.max(rows, columns) <= SIZE_MAX;
  if (!isMatrix) throw invalidShape(operation, shape);
  return { batch: shape.slice(0, -2), rows, columns };
}

/**
 * Requires square matrices of `float32`.
 *
 * @param operation Name of the operator, for messages.
 * @param type Type of its input.
 * @returns Their sizes.
 * @throws {ShapeError} `SHAPE_MISMATCH` if they are not square; otherwise as {@linkcode matrixType}.
 */
export function squareType(operation: string, type: TensorType): MatrixType {
  const found = matrixType(operation, type);
  const { rows, columns } = found;
  if (rows === columns) return found;
  throw shapeMismatch(operation, [rows], [columns], {
    rule: `matrices must be square, found [${type.shape}]`,
  });
}
