/**
 * Factorizations of matrices.
 *
 * @module
 */
import { binary, mul } from "../builtin/binary.ts";
import { cholesky as choleskyNode } from "../builtin/cholesky.ts";
import { columnsOf } from "../builtin/columns.ts";
import { eigh as eighNode } from "../builtin/eigh.ts";
import { matrixType, squareType } from "../builtin/matrix_types.ts";
import { swapLastAxes } from "../builtin/permute.ts";
import { qr as qrNode } from "../builtin/qr.ts";
import { reshape } from "../builtin/reshape.ts";
import { svd as svdNode } from "../builtin/svd.ts";
import type { Node } from "../graph/node.ts";
import { Tensor, toNode } from "../tensor.ts";

/**
 * Factorizes symmetric positive definite matrices: `x = L Lᵀ` with lower triangular `L`.
 *
 * Of a matrix that is not symmetric, the symmetric part is taken, so that gradients are symmetric.
 *
 * **Shapes**: `x [..., n, n] -> L [..., n, n]`.
 *
 * **Numerics**: where `x` is not positive definite, `L` is `NaN` from the row on at which that shows: what
 * is computed later cannot throw. Look for `NaN` where that may happen.
 *
 * **Cost**: `n³ / 3` operations.
 *
 * @example A factor, and its product with itself
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * const l = linalg.cholesky(tensor([[4, 2], [2, 10]]));
 * assertEquals(await l.array(), [[2, 0], [1, 3]]);
 * ```
 *
 * @param x The matrices, `float32`.
 * @returns Their factors.
 * @throws {ShapeError} `SHAPE_INVALID` or `SHAPE_MISMATCH` if they are no square matrices.
 * @throws {DTypeError} `DTYPE_MISMATCH` if they are not `float32`.
 */
export function cholesky(x: Tensor): Tensor {
  return new Tensor(choleskyNode(symmetric("cholesky", x)));
}

/** What {@linkcode qr} gives. */
export interface QrFactors {
  /** Orthonormal columns, `[..., m, k]`. */
  readonly q: Tensor;
  /** Upper triangular, `[..., k, n]`. */
  readonly r: Tensor;
}

/**
 * Factorizes matrices into orthonormal columns and upper triangular matrices: `x = Q R`, reduced.
 *
 * **Shapes**: `x [..., m, n] -> Q [..., m, k], R [..., k, n]` with `k = min(m, n)`.
 *
 * **Numerics**: signs are those of LAPACK, so the diagonal of `R` may be negative. Gradients are finite
 * where the first `k` columns are linearly independent.
 *
 * **Cost**: `4 m n k` operations.
 *
 * @example Orthonormal columns
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * const { q, r } = linalg.qr(tensor([[3, 1], [4, 2]]));
 * assertAlmostEquals(await r.slice([0, 0]).item(), -5, 1e-6);
 * assertAlmostEquals(await q.mul(q).sum().item(), 2, 1e-6);
 * ```
 *
 * @param x The matrices, `float32`.
 * @returns Their factors.
 * @throws {ShapeError} `SHAPE_INVALID` if they are no matrices.
 * @throws {DTypeError} `DTYPE_MISMATCH` if they are not `float32`.
 */
export function qr(x: Tensor): QrFactors {
  const node = toNode("qr", x);
  const { rows } = matrixType("qr", node.type);
  const packed = qrNode(node);
  return {
    q: new Tensor(swapLastAxes(columnsOf(packed, 0, rows))),
    r: new Tensor(columnsOf(packed, rows)),
  };
}

/** What {@linkcode eigh} gives. */
export interface Eigen {
  /** The eigenvalues, from the least to the largest, `[..., n]`. */
  readonly values: Tensor;
  /** Their eigenvectors as columns, `[..., n, n]`. */
  readonly vectors: Tensor;
}

/**
 * Finds eigenvalues and eigenvectors of symmetric matrices: `x V = V diag(values)`.
 *
 * Of a matrix that is not symmetric, the symmetric part is taken.
 *
 * **Shapes**: `x [..., n, n] -> values [..., n], V [..., n, n]`.
 *
 * **Numerics**: the first element of a vector that is at least half as large as any other is positive, on
 * every backend. Gradients through vectors are finite where eigenvalues
 * differ; those through values always.
 *
 * **Cost**: about `25 n³` operations, a thread a matrix: for sizes up to some hundreds.
 *
 * @example The principal axes of an ellipse
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * const { values } = linalg.eigh(tensor([[2, 1], [1, 2]]));
 * const [least, largest] = await values.data();
 * assertAlmostEquals(least!, 1, 1e-6);
 * assertAlmostEquals(largest!, 3, 1e-6);
 * ```
 *
 * @param x The matrices, `float32`.
 * @returns Eigenvalues and eigenvectors.
 * @throws {ShapeError} `SHAPE_INVALID` or `SHAPE_MISMATCH` if they are no square matrices.
 * @throws {DTypeError} `DTYPE_MISMATCH` if they are not `float32`.
 */
export function eigh(x: Tensor): Eigen {
  const node = symmetric("eigh", x);
  const size = node.type.shape.at(-1)!;
  const packed = eighNode(node);
  return {
    values: new Tensor(lastColumn(packed)),
    vectors: new Tensor(swapLastAxes(columnsOf(packed, 0, size))),
  };
}

/** What {@linkcode svd} gives. */
export interface SingularValues {
  /** Orthonormal columns, `[..., m, k]`. */
  readonly u: Tensor;
  /** The singular values, from the largest to the least, `[..., k]`. */
  readonly s: Tensor;
  /** Orthonormal rows, `[..., k, n]`. */
  readonly vt: Tensor;
}

/**
 * Finds singular values and vectors of matrices: `x = U diag(s) Vᵀ`, reduced.
 *
 * **Shapes**: `x [..., m, n] -> U [..., m, k], s [..., k], Vᵀ [..., k, n]` with `k = min(m, n)`.
 *
 * **Numerics**: the first element of a vector on the longer side that is at least half as large as any other
 * is positive, on every backend. The vectors of singular values that are exactly
 * 0 are zeros on the longer side. Gradients through vectors are finite where singular values differ and
 * none is 0.
 *
 * **Cost**: about `25 m n k` operations, a thread a matrix: for sizes up to some hundreds.
 *
 * @example How far a matrix stretches
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { linalg, tensor } from "@spiraltorch/spiraltorch";
 *
 * const { s } = linalg.svd(tensor([[0, 2], [1, 0], [0, 0]]));
 * const [largest, least] = await s.data();
 * assertAlmostEquals(largest!, 2, 1e-6);
 * assertAlmostEquals(least!, 1, 1e-6);
 * ```
 *
 * @param x The matrices, `float32`.
 * @returns Singular values and vectors.
 * @throws {ShapeError} `SHAPE_INVALID` if they are no matrices.
 * @throws {DTypeError} `DTYPE_MISMATCH` if they are not `float32`.
 */
export function svd(x: Tensor): SingularValues {
  const node = toNode("svd", x);
  const { rows, columns } = matrixType("svd", node.type);
  const isWide = rows < columns;
  const longer = Math.max(rows, columns);
  const packed = svdNode(isWide ? swapLastAxes(node) : node);
  const width = packed.type.shape.at(-1)!;
  const long = columnsOf(packed, 0, longer);
  const short = columnsOf(packed, longer, width - 1);
  const [u, vt] = isWide ? [short, long] : [long, short];
  return {
    u: new Tensor(swapLastAxes(u)),
    s: new Tensor(lastColumn(packed)),
    vt: new Tensor(vt),
  };
}

function symmetric(operation: string, x: Tensor): Node {
  const node = toNode(operation, x);
  squareType(operation, node.type);
  return mul(binary("add", [node, swapLastAxes(node)]), 0.5);
}

function lastColumn(packed: Node): Node {
  const { shape } = packed.type;
  return reshape(columnsOf(packed, shape.at(-1)! - 1), shape.slice(0, -1));
}
