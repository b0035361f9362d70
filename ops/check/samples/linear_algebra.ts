import type { FactsTable, SampleInput } from "../sample.ts";

const F32 = "float32";

/** Positive definite, if the lower triangle is read. */
const DEFINITE: SampleInput = {
  shape: [3, 3],
  dtype: F32,
  elements: [2, 0.5, -1, 0.75, 3, 0.25, -0.5, 1, 1.5],
};

/** Far from singular, with eigenvalues and singular values far from one another. */
const REGULAR: SampleInput = {
  shape: [2, 3, 3],
  dtype: F32,
  elements: [
    ...[2, 0.5, -1, 0.75, -1, 0.25, -0.5, 1, 0.5],
    ...[-0.5, 1.25, 0.5, 1, 3, -0.25, 0.5, -1, 1],
  ],
};

const TALL: SampleInput = {
  shape: [4, 2],
  dtype: F32,
  elements: [2, 0.5, -1, 0.75, -1, 0.25, -0.5, 1],
};

const WIDE: SampleInput = { ...TALL, shape: [2, 4] };

/** Facts about sums of products, and what linear algebra is made of. */
export const LINEAR_ALGEBRA_FACTS: FactsTable = {
  cholesky: {
    differentiable: "twice",
    kinks: "not a number where a matrix is not positive definite",
    samples: [{ inputs: [DEFINITE] }],
  },
  determinant: {
    differentiable: "twice",
    kinks: "slopes are not finite where a matrix is singular",
    samples: [{ inputs: [REGULAR] }],
  },
  dot: {
    differentiable: "twice",
    samples: [
      { inputs: [[3], [3]] },
      { inputs: [[2, 3], [2, 3, 2]] },
    ],
  },
  eigh: {
    differentiable: "twice",
    kinks:
      "vectors jump where eigenvalues meet, and where two elements change which decides the sign",
    samples: [{ inputs: [REGULAR] }],
  },
  einsum: {
    differentiable: "twice",
    samples: [
      {
        inputs: [[2, 3], [3, 2], [2]],
        attributes: { spec: "ij,jk,k->ki" },
      },
      { inputs: [[2, 3, 3]], attributes: { spec: "...ii->...i" } },
      { inputs: [[2, 1], [2, 3]], attributes: { spec: "ij,ij" } },
    ],
  },
  inverse: {
    differentiable: "twice",
    kinks: "not finite where a matrix is singular",
    samples: [{ inputs: [REGULAR] }],
  },
  kron: {
    differentiable: "twice",
    samples: [{ inputs: [[2, 2], [3]] }],
  },
  lu: {
    differentiable: "twice",
    kinks: "jumps where other rows are swapped",
    samples: [{ inputs: [REGULAR] }],
  },
  matrixPower: {
    differentiable: "twice",
    kinks: "negative powers are not finite where a matrix is singular",
    samples: [
      { inputs: [REGULAR], attributes: { power: 3 } },
      { inputs: [REGULAR], attributes: { power: -1 } },
      { inputs: [REGULAR], attributes: { power: 0 } },
    ],
  },
  pseudoInverse: {
    differentiable: "twice",
    kinks: "jumps where the rank changes",
    samples: [
      { inputs: [TALL], attributes: { rcond: null } },
      { inputs: [WIDE], attributes: { rcond: 0.01 } },
    ],
  },
  qr: {
    differentiable: "twice",
    kinks: "not finite where columns are linearly dependent",
    samples: [{ inputs: [REGULAR] }, { inputs: [TALL] }, { inputs: [WIDE] }],
  },
  solve: {
    differentiable: "twice",
    kinks: "not finite where a matrix is singular",
    samples: [
      { inputs: [REGULAR, { shape: [3, 2], dtype: F32 }] },
      { inputs: [REGULAR, { shape: [3], dtype: F32 }] },
    ],
  },
  svd: {
    differentiable: "twice",
    kinks:
      "vectors jump where singular values meet, and where two elements change which decides the sign",
    samples: [{ inputs: [REGULAR] }, { inputs: [TALL] }],
  },
  tensordot: {
    differentiable: "twice",
    samples: [{
      inputs: [[2, 3, 2], [3, 2]],
      attributes: { left: [1, -1], right: [0, 1] },
    }],
  },
  triangularSolve: {
    differentiable: "twice",
    kinks: "not finite where the diagonal has a 0",
    samples: [
      {
        inputs: [DEFINITE, { shape: [2, 3, 2], dtype: F32 }],
        attributes: { lower: true, transpose: false, unit: false },
      },
      {
        inputs: [REGULAR, { shape: [3, 1], dtype: F32 }],
        attributes: { lower: false, transpose: true, unit: true },
      },
    ],
  },
};
