/**
 * Diagonals and triangles of matrices.
 *
 * @module
 */
import { DIAGONAL_OPERATORS } from "../builtin/diagonals.ts";
import { type Tensor, toNode } from "../tensor.ts";
import { type TunedFunction, tunedFunction } from "./call.ts";

/** Options of {@linkcode diagonal}. */
export interface DiagonalOptions {
  /**
   * Which diagonal: above the main one, or below it where negative.
   *
   * @default {0}
   */
  readonly offset?: number;
  /**
   * The axis of rows.
   *
   * @default {0}
   */
  readonly axis1?: number;
  /**
   * The axis of columns.
   *
   * @default {1}
   */
  readonly axis2?: number;
}

/** Options of {@linkcode diagEmbed} and {@linkcode trace}. */
export interface OffsetOptions {
  /**
   * Which diagonal: above the main one, or below it where negative.
   *
   * @default {0}
   */
  readonly offset?: number;
}

/** Options of {@linkcode tril} and {@linkcode triu}. */
export interface TriangleOptions {
  /**
   * The diagonal that the triangle ends with: above the main one, or below it where negative.
   *
   * @default {0}
   */
  readonly diagonal?: number;
}

/** Matrices with lines of the last axis as diagonals, zeros elsewhere: `[..., n] -> [..., m, m]`. */
export const diagEmbed: TunedFunction<OffsetOptions> = tunedFunction(
  DIAGONAL_OPERATORS.diagEmbed,
);

/**
 * The diagonal of two axes, along a new last one.
 *
 * @example Beside the main diagonal
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { diagonal, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * assertEquals(await diagonal(x).array(), [1, 5]);
 * assertEquals(await diagonal(x, { offset: 1 }).array(), [2, 6]);
 * ```
 */
export const diagonal: TunedFunction<DiagonalOptions> = tunedFunction(
  DIAGONAL_OPERATORS.diagonal,
);

/** The sum of the diagonal of the last two axes. */
export const trace: TunedFunction<OffsetOptions> = tunedFunction(
  DIAGONAL_OPERATORS.trace,
);

/** The last two axes' lower triangle, with zeros above it. */
export const tril: TunedFunction<TriangleOptions> = tunedFunction(
  DIAGONAL_OPERATORS.tril,
);

/** The last two axes' upper triangle, with zeros below it. */
export const triu: TunedFunction<TriangleOptions> = tunedFunction(
  DIAGONAL_OPERATORS.triu,
);

/**
 * Makes a matrix with a vector as its diagonal, or takes a matrix' diagonal.
 *
 * @param x The vector or matrix, whose rank is known.
 * @param options Which diagonal.
 * @returns The matrix or vector.
 * @throws {ShapeError} `AXIS_RANGE` if it is neither.
 */
export function diag(x: Tensor, options?: OffsetOptions): Tensor {
  return toNode("diag", x).type.shape.length === 1
    ? diagEmbed(x, options)
    : diagonal(x, options);
}
