import type { FactsTable } from "../sample.ts";

/** Facts about Fourier transforms. */
export const FOURIER_FACTS: FactsTable = {
  fft: {
    differentiable: "twice",
    dtypes: ["float32"],
    samples: [
      {
        inputs: [[2, 6], [2, 6]],
        attributes: { axes: [-1], inverse: false, normalization: "none" },
      },
      {
        inputs: [[3, 4], { shape: [], dtype: "float32", elements: [0] }],
        attributes: { axes: [0, 1], inverse: true, normalization: "root" },
      },
      {
        inputs: [[5], [1]],
        attributes: { axes: [0], inverse: true, normalization: "size" },
      },
    ],
  },
  irfft: {
    differentiable: "twice",
    dtypes: ["float32"],
    samples: [
      {
        inputs: [[2, 4], [2, 4]],
        attributes: { axis: -1, size: 6, normalization: "size" },
      },
      {
        inputs: [[3, 2], [3, 1]],
        attributes: { axis: 0, size: 5, normalization: "none" },
      },
    ],
  },
  rfft: {
    differentiable: "twice",
    dtypes: ["float32"],
    samples: [
      { inputs: [[2, 6]], attributes: { axis: -1, normalization: "none" } },
      { inputs: [[5, 2]], attributes: { axis: 0, normalization: "root" } },
    ],
  },
};
