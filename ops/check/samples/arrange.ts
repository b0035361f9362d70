import { wholes } from "../domain.ts";
import type { FactsTable, SampleInput } from "../sample.ts";
import { NUMBERS } from "./dtypes.ts";

/** Indices into an axis, some of them counted from its end. */
function indices(shape: readonly number[], size: number): SampleInput {
  return { shape, dtype: "int32", domain: wholes(-size, size - 1) };
}

/** Facts about what puts elements elsewhere. */
export const ARRANGE_FACTS: FactsTable = {
  after: {
    differentiable: "twice",
    samples: [{ inputs: [[2, 3], [4]] }],
  },
  assemble: {
    differentiable: "twice",
    samples: [
      {
        inputs: [[2, 2], [2, 1]],
        attributes: {
          shape: [4, 3],
          offsets: [0, 0, 1, 2],
          steps: [1, 1, 2, 1],
          value: 0.5,
        },
      },
      {
        inputs: [[3]],
        attributes: { shape: [7], offsets: [1], steps: [2], value: "-0" },
      },
    ],
  },
  concat: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 2], [2, 3]], attributes: { axis: -1 } },
      { inputs: [[1, 2], [2, 2], [1, 2]], attributes: { axis: 0 } },
    ],
  },
  expand: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 1]], attributes: { shape: [3, 2, 4] } },
      { inputs: [[]], attributes: { shape: [2] } },
    ],
  },
  flip: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 3]], attributes: { axes: -1 } },
      { inputs: [[2, 3, 2]], attributes: { axes: [0, 1] } },
    ],
  },
  gather: {
    differentiable: "twice",
    samples: [
      { inputs: [[3, 4], indices([3, 2], 4)], attributes: { axis: -1 } },
      { inputs: [[3, 2], indices([4, 2], 3)], attributes: { axis: 0 } },
    ],
  },
  iota: {
    differentiable: "never",
    samples: [{ inputs: [], attributes: { size: 5 } }],
  },
  oneHot: {
    differentiable: "never",
    samples: [{
      inputs: [{ shape: [2, 3], dtype: "int32", domain: wholes(-1, 4) }],
      attributes: { classes: 4 },
    }],
  },
  pad: {
    differentiable: "twice",
    samples: [
      {
        inputs: [[2, 3]],
        attributes: {
          low: [1, 0],
          high: [0, 2],
          interior: [0, 1],
          value: -1,
        },
      },
      {
        inputs: [[4]],
        attributes: { low: [-1], high: [2], interior: [0], value: 0 },
      },
    ],
  },
  permute: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 3, 4]], attributes: { axes: [2, 0, 1] } },
      { inputs: [[2, 3]], attributes: { axes: [-1, 0] } },
    ],
  },
  random: {
    differentiable: "never",
    samples: ["uniform", "normal"].map((distribution) => ({
      inputs: [],
      attributes: { shape: [2, 3], key: [1, 2], distribution },
    })),
  },
  randomDraw: {
    differentiable: "never",
    samples: ["uniform", "normal"].map((distribution) => ({
      inputs: [{ shape: [], dtype: "int32", domain: wholes(-5, 5) }],
      attributes: { shape: [2, 3], key: [1, 2], distribution },
    })),
  },
  reshape: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 6]], attributes: { shape: [3, 4] } },
      { inputs: [[2, 3]], attributes: { shape: [-1] } },
    ],
  },
  scatterAdd: {
    differentiable: "twice",
    dtypes: NUMBERS,
    samples: [
      {
        inputs: [[2, 3], indices([2, 3], 4)],
        attributes: { axis: -1, size: 4 },
      },
      {
        inputs: [[4, 2], indices([4, 2], 2)],
        attributes: { axis: 0, size: 2 },
      },
    ],
  },
  select: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 3]], attributes: { axis: 1, index: -1 } },
      { inputs: [[3, 2, 2]], attributes: { axis: 0, index: 1 } },
    ],
  },
  slice: {
    differentiable: "twice",
    samples: [
      {
        inputs: [[4, 5]],
        attributes: { starts: [1, 4], ends: [3, 0], steps: [1, -2] },
      },
      { inputs: [[3]], attributes: { starts: [0], ends: [3], steps: [2] } },
    ],
  },
  squeeze: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 1, 3]], attributes: { axes: 1 } },
      { inputs: [[1, 2, 1]], attributes: { axes: [0, -1] } },
    ],
  },
  stack: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 3], [2, 3]], attributes: { axis: -1 } },
      { inputs: [[2], [2], [2]], attributes: { axis: 0 } },
    ],
  },
  take: {
    differentiable: "twice",
    samples: [
      { inputs: [[3, 4], indices([2], 4)], attributes: { axis: -1 } },
      { inputs: [[3, 2], indices([2, 2], 3)], attributes: { axis: 0 } },
    ],
  },
  stopGradient: {
    differentiable: "estimated",
    samples: [{ inputs: [[2, 3]], attributes: {} }],
  },
  unsqueeze: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 3]], attributes: { axes: 1 } },
      { inputs: [[2]], attributes: { axes: [0, -1] } },
    ],
  },
  windows: {
    differentiable: "twice",
    samples: [
      {
        inputs: [[2, 5]],
        attributes: { axis: -1, size: 3, stride: 1, dilation: 1 },
      },
      {
        inputs: [[6, 2]],
        attributes: { axis: 0, size: 2, stride: 2, dilation: 2 },
      },
    ],
  },
};
