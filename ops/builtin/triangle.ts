import { apply } from "../apply.ts";
import type { Node } from "../graph/node.ts";
import { add, binary, mul } from "./binary.ts";
import { cast } from "./cast.ts";
import { DIAGONAL_OPERATORS } from "./diagonals.ts";
import { iota } from "./iota.ts";
import { reshape } from "./reshape.ts";

/** A part of a matrix beside its diagonal, with or without it. */
export type TrianglePart =
  | "lower"
  | "strictlyLower"
  | "strictlyUpper"
  | "upper";

/** The operator for each part, and the diagonal up to which it keeps elements. */
const PARTS: Readonly<
  Record<TrianglePart, readonly ["tril" | "triu", number]>
> = {
  lower: ["tril", 0],
  strictlyLower: ["tril", -1],
  strictlyUpper: ["triu", 1],
  upper: ["triu", 0],
};

/**
 * Keeps a triangle of matrices, with zeros elsewhere.
 *
 * @param x The matrices.
 * @param part Which triangle.
 * @returns Matrices of the same shape.
 */
export function triangle(x: Node, part: TrianglePart): Node {
  const [name, diagonal] = PARTS[part];
  return apply(DIAGONAL_OPERATORS[name], [x], { diagonal });
}

/**
 * Keeps the lower triangle of matrices and half of their diagonal: with its transpose, that is the
 * whole of a symmetric matrix.
 *
 * @param x The matrices.
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
