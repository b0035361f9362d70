import type { Attributes } from "../../graph/node.ts";
import { BESIDE_ZERO, POSITIVE } from "../domain.ts";
import type { FactsTable, OperatorFacts } from "../sample.ts";

/** Calls on one input of a shape, with attributes. */
function calls(
  ...list: readonly (readonly [readonly number[], Attributes])[]
): OperatorFacts {
  return {
    differentiable: "twice",
    samples: list.map(([shape, attributes]) => ({
      inputs: [shape],
      attributes,
    })),
  };
}

const AT_ZERO = "no slope at 0: 0 stands there";

/** Facts about elements at a common scale, distances, and windows of images. */
export const NORMALIZE_FACTS: FactsTable = {
  batchNorm: {
    differentiable: "twice",
    samples: [{
      inputs: [[2, 3, 2], { shape: [3] }, { shape: [3], domain: POSITIVE }],
      attributes: { axis: 1, epsilon: 0.1 },
    }],
  },
  cdist: {
    differentiable: "twice",
    kinks: AT_ZERO,
    samples: [
      { inputs: [[3, 2], [2, 2]], attributes: { order: 2 } },
      { inputs: [[2, 1, 3], [2, 3]], attributes: { order: 3 } },
    ],
  },
  cosineSimilarity: {
    differentiable: "twice",
    kinks: AT_ZERO,
    samples: [
      { inputs: [[2, 3], [2, 3]], attributes: { axis: 1, epsilon: 1e-8 } },
      { inputs: [[3, 2], [3, 1]], attributes: { axis: 0, epsilon: 1e-8 } },
    ],
  },
  fold: calls([[8, 4], {
    size: [3, 3],
    kernel: [2, 2],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
  }], [[1, 6, 3], {
    size: [4, 5],
    kernel: [2, 3],
    stride: [2, 1],
    padding: [1, 0],
    dilation: [1, 2],
  }]),
  glu: calls([[2, 4], { axis: -1 }], [[2, 3], { axis: 0 }]),
  groupNorm: calls([[2, 4, 3], { groups: 2, epsilon: 0.1 }]),
  instanceNorm: calls([[2, 2, 3], { epsilon: 0.1 }]),
  interpolate: calls([[1, 2, 2, 3], {
    size: [4, 5],
    mode: "linear",
    alignCorners: false,
  }], [[1, 1, 3, 3], {
    size: [2, 5],
    mode: "linear",
    alignCorners: true,
  }], [[1, 2, 3, 2], {
    size: [5, 4],
    mode: "nearest",
    alignCorners: false,
  }]),
  normalize: {
    ...calls([[2, 3], { axes: 1, order: 2, epsilon: 1e-12 }], [[3, 2, 2], {
      axes: 0,
      order: 3,
      epsilon: 1e-12,
    }]),
    kinks: AT_ZERO,
    domain: BESIDE_ZERO,
  },
  pairwiseDistance: {
    differentiable: "twice",
    kinks: AT_ZERO,
    samples: [
      {
        inputs: [[2, 3], [2, 3]],
        attributes: { order: 2, epsilon: 1e-6, keepDims: false },
      },
      {
        inputs: [[2, 3], [3]],
        attributes: { order: 2, epsilon: 1e-6, keepDims: true },
      },
    ],
  },
  rmsNorm: calls([[2, 3], { axes: -1, epsilon: 0.1 }], [[2, 2, 2], {
    axes: [1, 2],
    epsilon: 0.1,
  }]),
  softmin: calls([[2, 3], { axis: -1 }], [[3, 2], { axis: 0 }]),
  standardizeBatch: calls([[2, 3, 2], { axis: 1, epsilon: 0.1 }]),
  unfold: calls([[2, 3, 3], {
    kernel: [2, 2],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
  }], [[1, 1, 4, 5], {
    kernel: [2, 3],
    stride: [2, 1],
    padding: [1, 0],
    dilation: [1, 2],
  }]),
};
