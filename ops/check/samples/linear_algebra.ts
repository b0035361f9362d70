import type { FactsTable } from "../sample.ts";

/** Facts about sums of products, and what linear algebra is made of. */
export const LINEAR_ALGEBRA_FACTS: FactsTable = {
  dot: {
    differentiable: "twice",
    samples: [
      { inputs: [[3], [3]] },
      { inputs: [[2, 3], [2, 3, 2]] },
    ],
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
  kron: {
    differentiable: "twice",
    samples: [{ inputs: [[2, 2], [3]] }],
  },
  tensordot: {
    differentiable: "twice",
    samples: [{
      inputs: [[2, 3, 2], [3, 2]],
      attributes: { left: [1, -1], right: [0, 1] },
    }],
  },
};
