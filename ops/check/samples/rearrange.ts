import type { Attributes } from "../../graph/node.ts";
import { wholes } from "../domain.ts";
import type { FactsTable, OperatorFacts } from "../sample.ts";

/** Calls on one input of a shape, with attributes. */
function views(
  ...calls: readonly (readonly [readonly number[], Attributes])[]
): OperatorFacts {
  return {
    differentiable: "twice",
    samples: calls.map(([shape, attributes]) => ({
      inputs: [shape],
      attributes,
    })),
  };
}

/** Facts about other arrangements of the same elements. */
export const REARRANGE_FACTS: FactsTable = {
  diagEmbed: views([[3], { offset: 0 }], [[2, 2], { offset: -1 }]),
  diagonal: views(
    [[3, 4], { offset: 1, axis1: 0, axis2: 1 }],
    [[2, 3, 2], { offset: -1, axis1: 1, axis2: 2 }],
  ),
  flatten: views([[2, 3, 2], { start: 1, end: -1 }], [[], {
    start: 0,
    end: -1,
  }]),
  movedim: views(
    [[2, 3, 4], { source: [0], destination: [-1] }],
    [[2, 1, 3], { source: [0, 2], destination: [1, 0] }],
  ),
  pixelShuffle: views([[4, 2, 3], { factor: 2 }], [[1, 9, 1, 2], {
    factor: 3,
  }]),
  pixelUnshuffle: views([[1, 4, 2], { factor: 2 }], [[2, 2, 3, 3], {
    factor: 3,
  }]),
  repeatInterleave: views([[2, 3], { repeats: 2, axis: -1 }], [[2, 2], {
    repeats: 3,
    axis: 0,
  }]),
  roll: views([[2, 5], { shifts: [2], axes: [-1] }], [[2, 3], {
    shifts: [-1],
    axes: null,
  }]),
  rot90: views([[2, 3], { times: 1, axis1: 0, axis2: 1 }], [[2, 3, 2], {
    times: -1,
    axis1: 1,
    axis2: 2,
  }]),
  swapaxes: views([[2, 3, 4], { axis1: 0, axis2: -1 }]),
  takeAlongAxis: {
    differentiable: "twice",
    samples: [
      {
        inputs: [[3, 4], {
          shape: [1, 2],
          dtype: "int32",
          domain: wholes(-4, 3),
        }],
        attributes: { axis: -1 },
      },
      {
        inputs: [[3, 1], {
          shape: [2, 2],
          dtype: "int32",
          domain: wholes(0, 2),
        }],
        attributes: { axis: 0 },
      },
    ],
  },
  tile: views([[2, 3], { repeats: [2, 1] }], [[2], { repeats: [2, 3] }]),
  trace: views([[3, 4], { offset: 0 }], [[2, 3, 3], { offset: 1 }]),
  tril: views([[3, 4], { diagonal: 0 }], [[2, 3, 2], { diagonal: -1 }]),
  triu: views([[3, 4], { diagonal: 1 }], [[2, 3, 2], { diagonal: 0 }]),
  unflatten: views([[2, 6], { axis: -1, sizes: [2, -1] }]),
};
