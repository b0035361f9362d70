/**
 * Linear algebra: factorizations, equations and norms, of batches of matrices.
 *
 * Matrices are `float32` along the last two axes; leading axes are batches. Everything can be
 * differentiated, more than once. What fails only for some elements (a matrix that is singular, or not
 * positive definite) gives `NaN` or infinities where it does: results are computed later, when there is
 * no call left to throw from. Wrong shapes and dtypes are errors at the call.
 *
 * @module
 */

export {
  cholesky,
  type Eigen,
  eigh,
  qr,
  type QrFactors,
  type SingularValues,
  svd,
} from "./factorize.ts";
export {
  matrixNorm,
  type MatrixNormOptions,
  type MatrixNormOrder,
  norm,
  type NormOptions,
  vectorNorm,
  type VectorNormOptions,
} from "./norm.ts";
export {
  det,
  inv,
  matrixPower,
  pinv,
  type PinvOptions,
  type SignedLogarithm,
  slogdet,
  solve,
  solveTriangular,
  type SolveTriangularOptions,
} from "./solve.ts";
