import type { Node } from "../graph/node.ts";
import { add, binary, mul } from "./binary.ts";
import { cast } from "./cast.ts";
import { iota } from "./iota.ts";
import { reshape } from "./reshape.ts";
import { where } from "./where.ts";

/** A part of a matrix beside its diagonal, with or without it. */
export type TrianglePart =
  | "lower"
  | "strictlyLower"
  | "strictlyUpper"
  | "upper";

/**
 * Keeps a triangle of matrices, with zeros elsewhere.
 *
 * @param x The matrices, whose shape is known.
 * @param part Which triangle.
 * @returns Matrices of the same shape.
 */
export function triangle(x: Node, part: TrianglePart): Node {
  const { shape } = x.type;
  const row = reshape(iota(shape.at(-2)!), [-1, 1]);
  const column = iota(shape.at(-1)!);
  const isLower = part === "lower" || part === "strictlyLower";
  const places = isLower ? [column, row] as const : [row, column] as const;
  const isStrict = part === "strictlyLower" || part === "strictlyUpper";
  return where(binary(isStrict ? "less" : "lessOrEqual", places), [x, 0]);
}

/**
 * Keeps the lower triangle of matrices and half of their diagonal: with its transpose, that is the
 * whole of a symmetric matrix.
 *
 * @param x The matrices, whose shape is known.
 * @returns Matrices of the same shape.
 */
export function lowerHalf(x: Node): Node {
  return mul(add(triangle(x, "lower"), triangle(x, "strictlyLower")), 0.5);
}

/**
 * Describes a unit matrix.
 *
 * @param size How many rows and columns.
 * @returns The matrix, `float32`.
 */
export function identity(size: number): Node {
  const place = iota(size);
  const isOne = binary("equal", [reshape(place, [size, 1]), place]);
  return cast(isOne, "float32");
}

/**
 * Lays numbers along the diagonals of matrices of zeros.
 *
 * @param x The numbers, `[..., n]`.
 * @returns The matrices, `[..., n, n]`.
 */
export function diagonalMatrix(x: Node): Node {
  const { shape } = x.type;
  const size = shape.at(-1)!;
  return mul(reshape(x, [...shape, 1]), identity(size));
}
