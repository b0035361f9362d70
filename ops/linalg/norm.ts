/**
 * Norms of vectors and matrices.
 *
 * @module
 */
import { invalidOption, optionsOf, resolveAxis } from "../../core/base/mod.ts";
import { type Axes, Tensor, toNode } from "../tensor.ts";
import { svd } from "./factorize.ts";

/** Options of {@linkcode vectorNorm}. */
export interface VectorNormOptions {
  /**
   * Which norm: `(Σ |x|^order)^(1 / order)`; the largest |x| for `Infinity`, the smallest for
   * `-Infinity`, how many are not 0 for 0.
   *
   * @default {2}
   */
  readonly order?: number;
  /** The axes along which vectors lie; all elements are one vector if left out. */
  readonly axes?: Axes;
  /**
   * Whether these axes stay, with size 1.
   *
   * @default {false}
   */
  readonly keepDims?: boolean;
}

/**
 * Takes norms of vectors.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., ...]`.
 *
 * **Numerics**: squares of numbers from `2e19` overflow. The gradient of a vector of zeros is zeros.
 *
 * **Source**: NumPy `linalg.vector_norm`.
 *
 * @example Lengths, and distances along the axes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([[3, 4], [0, -5]]);
 * assertEquals(await linalg.vectorNorm(x, { axes: 1 }).array(), [5, 5]);
 * assertEquals(await linalg.vectorNorm(x, { order: 1 }).item(), 12);
 * ```
 *
 * @param x The vectors.
 * @param options Which norm, along which axes.
 * @returns One number a vector.
 * @throws {OptionError} `INVALID_OPTION` if `order` is no number.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function vectorNorm(x: Tensor, options?: VectorNormOptions): Tensor {
  const name = "vectorNorm";
  const { order = 2, axes, keepDims = false } = optionsOf<VectorNormOptions>(
    name,
    options,
  );
  if (typeof order !== "number" || Number.isNaN(order)) {
    throw invalidOption(`${name} order`, order, "a number");
  }
  const size = new Tensor(toNode(name, x)).abs();
  const kept = { keepDims };
  switch (order) {
    case Infinity:
      return size.max(axes, kept);
    case -Infinity:
      return size.min(axes, kept);
    case 0:
      return size.notEqual(0).cast("float32").sum(axes, kept);
    case 1:
      return size.sum(axes, kept);
    case 2:
      return safeRoot(size.mul(size).sum(axes, kept));
    default:
      return size.pow(order).sum(axes, kept).pow(1 / order);
  }
}

/** Which norm of a matrix. */
export type MatrixNormOrder = "fro" | "nuc" | 1 | -1 | 2 | -2 | number;

/** Options of {@linkcode matrixNorm}. */
export interface MatrixNormOptions {
  /**
   * Which norm: `"fro"`, the root of all squares; `"nuc"`, the sum of singular values; 2 and -2, the
   * largest and the smallest of them; 1 and -1, the largest and the smallest sum of a column's |x|;
   * `Infinity` and `-Infinity`, of a row's.
   *
   * @default {"fro"}
   */
  readonly order?: MatrixNormOrder;
  /**
   * The axes of rows and of columns.
   *
   * @default {[-2, -1]}
   */
  readonly axes?: readonly [rows: number, columns: number];
  /**
   * Whether these axes stay, with size 1.
   *
   * @default {false}
   */
  readonly keepDims?: boolean;
}

/**
 * Takes norms of matrices.
 *
 * **Shapes**: `x [..., m, n] -> y [...]`.
 *
 * **Cost**: `"nuc"`, 2 and -2 take singular values: for sizes up to some hundreds.
 *
 * **Source**: NumPy `linalg.matrix_norm`.
 *
 * @example How far a matrix stretches
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([[0, 2], [1, 0]]);
 * assertAlmostEquals(await linalg.matrixNorm(x, { order: 2 }).item(), 2, 1e-6);
 * ```
 *
 * @param x The matrices.
 * @param options Which norm, over which axes.
 * @returns One number a matrix.
 * @throws {OptionError} `INVALID_OPTION` if there is no such norm, or `axes` are not two.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function matrixNorm(x: Tensor, options?: MatrixNormOptions): Tensor {
  const name = "matrixNorm";
  const { order = "fro", axes = [-2, -1], keepDims = false } = optionsOf<
    MatrixNormOptions
  >(name, options);
  const matrices = new Tensor(toNode(name, x));
  const [row, column] = axisPair(axes, matrices);
  const norm = normOf(matrices, order, [row, column]);
  return keepDims ? norm.unsqueeze([row, column].sort((a, b) => a - b)) : norm;
}

function axisPair(
  axes: unknown,
  { shape }: Tensor,
): readonly [row: number, column: number] {
  const wanted = "an axis of rows and another of columns";
  if (!Array.isArray(axes) || axes.length !== 2) {
    throw invalidOption("matrixNorm axes", axes, wanted);
  }
  const [row, column] = axes.map((axis) =>
    resolveAxis("matrixNorm", axis, shape)
  ) as [number, number];
  if (row === column) throw invalidOption("matrixNorm axes", axes, wanted);
  return [row, column];
}

function normOf(
  x: Tensor,
  order: MatrixNormOrder,
  [row, column]: readonly [row: number, column: number],
): Tensor {
  switch (order) {
    case "fro":
      return vectorNorm(x, { axes: [row, column] });
    case "nuc":
      return singularValues(x, [row, column]).sum(-1);
    case 2:
      return singularValues(x, [row, column]).max(-1);
    case -2:
      return singularValues(x, [row, column]).min(-1);
    case 1:
    case -1:
      return extremeSum(x, order, { along: row, over: column });
    case Infinity:
    case -Infinity:
      return extremeSum(x, order, { along: column, over: row });
    default:
      throw invalidOption(
        "matrixNorm order",
        order,
        '"fro", "nuc", 1, -1, 2, -2, Infinity or -Infinity',
      );
  }
}

/** The largest sum along an axis, or the smallest. */
function extremeSum(
  x: Tensor,
  order: number,
  { along, over }: { readonly along: number; readonly over: number },
): Tensor {
  const sums = x.abs().sum(along, { keepDims: true });
  const extremes = order > 0
    ? sums.max(over, { keepDims: true })
    : sums.min(over, { keepDims: true });
  return extremes.squeeze([along, over]);
}

function singularValues(
  x: Tensor,
  pair: readonly [row: number, column: number],
): Tensor {
  const others = [...x.shape.keys()].filter((axis) => !pair.includes(axis));
  return svd(x.permute([...others, ...pair])).s;
}

/** Options of {@linkcode norm}. */
export interface NormOptions {
  /** Which norm; the root of all squares if left out. */
  readonly order?: MatrixNormOrder;
  /** An axis of vectors, or those of rows and columns; all of them if left out. */
  readonly axes?: Axes;
  /**
   * Whether these axes stay, with size 1.
   *
   * @default {false}
   */
  readonly keepDims?: boolean;
}

/**
 * Takes norms of vectors or matrices: of matrices where two axes are named, or `x` has two and an order is
 * named; of vectors otherwise.
 *
 * **Source**: NumPy `linalg.norm`.
 *
 * @example The same numbers as a vector and as a matrix
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(await linalg.norm(tensor([3, -4]), { order: 1 }).item(), 7);
 * assertEquals(await linalg.norm(tensor([[3, -4]]), { order: 1 }).item(), 4);
 * ```
 *
 * @param x The vectors or matrices.
 * @param options Which norm, along which axes.
 * @returns One number a vector or matrix.
 * @throws {OptionError} `INVALID_OPTION` if there is no such norm.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function norm(x: Tensor, options?: NormOptions): Tensor {
  const { order, axes, keepDims = false } = optionsOf<NormOptions>(
    "norm",
    options,
  );
  const tensor = new Tensor(toNode("norm", x));
  if (order === undefined) {
    return vectorNorm(tensor, {
      keepDims,
      ...axes === undefined ? {} : { axes },
    });
  }
  const named = axes ?? [...tensor.shape.keys()];
  if (Array.isArray(named) && named.length === 2) {
    const [row, column] = named as [number, number];
    return matrixNorm(tensor, { order, axes: [row, column], keepDims });
  }
  if (typeof order === "number") {
    return vectorNorm(tensor, { order, axes: named, keepDims });
  }
  throw invalidOption("norm order", order, "a number for vectors");
}

/** The square root, whose gradient at 0 is 0. */
function safeRoot(x: Tensor): Tensor {
  const isZero = x.equal(0);
  return isZero.where(0, isZero.where(1, x).sqrt());
}
