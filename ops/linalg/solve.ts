/**
 * Linear equations, and what is solved like them.
 *
 * @module
 */
import { invalidOption, optionsOf } from "../../core/base/mod.ts";
import { mul } from "../builtin/binary.ts";
import { matrixPower as matrixPowerNode } from "../builtin/matrix_power.ts";
import { squareType } from "../builtin/matrix_types.ts";
import { swapLastAxes } from "../builtin/permute.ts";
import { pseudoInverse } from "../builtin/pseudo_inverse.ts";
import { reduce } from "../builtin/reduce.ts";
import {
  determinant,
  inverse,
  pivotsOf,
  solve as solveNode,
} from "../builtin/solve.ts";
import { triangularSolve } from "../builtin/triangular_solve.ts";
import { unary } from "../builtin/unary.ts";
import { Tensor, toNode } from "../tensor.ts";

/** Options of {@linkcode solveTriangular}. */
export interface SolveTriangularOptions {
  /**
   * Whether the lower triangle of `a` is read, rather than the upper.
   *
   * @default {false}
   */
  readonly lower?: boolean;
  /**
   * Whether `aᵀ` stands in the place of `a`.
   *
   * @default {false}
   */
  readonly transpose?: boolean;
  /**
   * Whether the diagonal is taken for ones, and not read.
   *
   * @default {false}
   */
  readonly unitDiagonal?: boolean;
  /**
   * On which side of the unknown `a` stands: `a x = b`, or `x a = b`.
   *
   * @default {"left"}
   */
  readonly side?: "left" | "right";
}

/**
 * Solves `a x = b`, where `a` is triangular.
 *
 * **Shapes**: `a [..., n, n], b [..., n, m] -> x [..., n, m]`, or `b [..., m, n]` on the right side;
 * leading axes broadcast.
 *
 * **Numerics**: a 0 on the diagonal gives infinities and `NaN`.
 *
 * **Cost**: `n² m` operations.
 *
 * **Source**: PyTorch `torch.linalg.solve_triangular`; its `upper` is the default here.
 *
 * @example Back substitution
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * const a = tensor([[2, 1], [0, 4]]);
 * const x = linalg.solveTriangular(a, tensor([[4], [8]]));
 * assertEquals(await x.array(), [[1], [2]]);
 * ```
 *
 * @param a The matrices, `float32`.
 * @param b The right sides.
 * @param options Which triangle, and how it is read.
 * @returns The solutions.
 * @throws {ShapeError} `SHAPE_INVALID` or `SHAPE_MISMATCH` if the shapes do not fit.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if an option is not true or false.
 * @throws {OptionError} `INVALID_OPTION` if `side` is neither.
 */
export function solveTriangular(
  a: Tensor,
  b: Tensor,
  options?: SolveTriangularOptions,
): Tensor {
  const name = "solveTriangular";
  const {
    lower = false,
    transpose = false,
    unitDiagonal = false,
    side = "left",
  } = optionsOf<SolveTriangularOptions>(name, options);
  const [left, right] = [toNode(name, a), toNode(name, b)];
  if (side === "left") {
    const attributes = { lower, transpose, unit: unitDiagonal };
    return new Tensor(triangularSolve([left, right], attributes));
  }
  if (side !== "right") {
    throw invalidOption(`${name} side`, side, '"left" or "right"');
  }
  // x a = b is aᵀ xᵀ = bᵀ.
  const attributes = { lower, transpose: !transpose, unit: unitDiagonal };
  const turned = triangularSolve([left, swapLastAxes(right)], attributes);
  return new Tensor(swapLastAxes(turned));
}

/**
 * Solves `a x = b`.
 *
 * **Shapes**: `a [..., n, n], b [..., n, m] -> x [..., n, m]`, or `b [n] -> x [..., n]`; leading axes
 * broadcast.
 *
 * **Numerics**: LU factors with partial pivoting. A singular matrix gives infinities or `NaN`.
 *
 * **Source**: NumPy 2 `linalg.solve`.
 *
 * @example Two equations
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = linalg.solve(tensor([[0, 2], [1, 1]]), tensor([4, 5]));
 * assertEquals(await x.array(), [3, 2]);
 * ```
 *
 * @param a The matrices, `float32`.
 * @param b The right sides.
 * @returns The solutions.
 * @throws {ShapeError} `SHAPE_INVALID` or `SHAPE_MISMATCH` if the shapes do not fit.
 * @throws {DTypeError} `DTYPE_MISMATCH` if they are not `float32`.
 */
export function solve(a: Tensor, b: Tensor): Tensor {
  return new Tensor(solveNode(toNode("solve", a), toNode("solve", b)));
}

/**
 * Inverts square matrices. Where only products with the inverse are wanted, {@linkcode solve} is faster
 * and more accurate.
 *
 * **Shapes**: `x [..., n, n] -> y [..., n, n]`.
 *
 * @param x The matrices, `float32`.
 * @returns Their inverses; infinities or `NaN` where there is none.
 * @throws {ShapeError} `SHAPE_INVALID` or `SHAPE_MISMATCH` if they are no square matrices.
 */
export function inv(x: Tensor): Tensor {
  return new Tensor(inverse(toNode("inv", x)));
}

/**
 * Takes determinants of square matrices.
 *
 * **Shapes**: `x [..., n, n] -> y [...]`.
 *
 * **Numerics**: may overflow where {@linkcode slogdet} does not. Gradients of singular matrices are not
 * finite.
 *
 * @param x The matrices, `float32`.
 * @returns One number a matrix.
 * @throws {ShapeError} `SHAPE_INVALID` or `SHAPE_MISMATCH` if they are no square matrices.
 */
export function det(x: Tensor): Tensor {
  return new Tensor(determinant(toNode("det", x)));
}

/** What {@linkcode slogdet} gives. */
export interface SignedLogarithm {
  /** 1, -1 or 0, `[...]`. */
  readonly sign: Tensor;
  /** The logarithm of the distance from 0, `[...]`. */
  readonly logAbs: Tensor;
}

/**
 * Takes signs and logarithms of determinants: `det x = sign exp(logAbs)`.
 *
 * **Shapes**: `x [..., n, n] -> sign [...], logAbs [...]`.
 *
 * **Source**: NumPy `linalg.slogdet`.
 *
 * @example A determinant that is too large for float32
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { eye, linalg } from "@spiraltorch/spiraltorch";
 *
 * const { logAbs } = linalg.slogdet(eye(100).mul(10));
 * assertAlmostEquals(await logAbs.item(), 100 * Math.LN10, 1e-3);
 * ```
 *
 * @param x The matrices, `float32`.
 * @returns Signs and logarithms; 0 and `-Infinity` for a singular matrix.
 * @throws {ShapeError} `SHAPE_INVALID` or `SHAPE_MISMATCH` if they are no square matrices.
 */
export function slogdet(x: Tensor): SignedLogarithm {
  const node = toNode("slogdet", x);
  squareType("slogdet", node.type);
  const { diagonal, signs } = pivotsOf(node);
  const along = { axes: -1, keepDims: false };
  const sign = reduce("prod", mul(unary("sign", diagonal), signs), along);
  const logarithms = unary("log", unary("abs", diagonal));
  return {
    sign: new Tensor(sign),
    logAbs: new Tensor(reduce("sum", logarithms, along)),
  };
}

/**
 * Raises square matrices to a whole power; their inverses where it is negative.
 *
 * **Shapes**: `x [..., n, n] -> y [..., n, n]`.
 *
 * **Cost**: at most two products for each bit of the exponent.
 *
 * @param x The matrices, `float32`.
 * @param power The exponent.
 * @returns The powers.
 * @throws {ShapeError} `SHAPE_INVALID` or `SHAPE_MISMATCH` if they are no square matrices.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the exponent is no whole number, or too large.
 */
export function matrixPower(x: Tensor, power: number): Tensor {
  return new Tensor(matrixPowerNode(toNode("matrixPower", x), power));
}

/** Options of {@linkcode pinv}. */
export interface PinvOptions {
  /** Singular values up to this share of the largest count as 0; `max(m, n) 2⁻²³` if left out. */
  readonly rcond?: number;
}

/**
 * Takes Moore-Penrose inverses: what solves equations with the smallest sum of squares.
 *
 * **Shapes**: `x [..., m, n] -> y [..., n, m]`.
 *
 * **Cost**: that of singular values: for sizes up to some hundreds. Gradients need none.
 *
 * @example A line through three points
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * const places = tensor([[1, 0], [1, 1], [1, 2]]);
 * const line = linalg.pinv(places).matmul(tensor([1, 3, 5]));
 * const [start, slope] = await line.data();
 * assertAlmostEquals(start!, 1, 1e-5);
 * assertAlmostEquals(slope!, 2, 1e-5);
 * ```
 *
 * @param x The matrices, `float32`.
 * @param options Which singular values count as 0.
 * @returns Their inverses.
 * @throws {ShapeError} `SHAPE_INVALID` if they are no matrices.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if `rcond` is below 0.
 */
export function pinv(x: Tensor, options?: PinvOptions): Tensor {
  const { rcond } = optionsOf<PinvOptions>("pinv", options);
  return new Tensor(pseudoInverse(toNode("pinv", x), rcond ?? null));
}
