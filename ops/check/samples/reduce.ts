import { DISTINCT, POSITIVE, TRUTH } from "../domain.ts";
import type { FactsTable, OperatorFacts, OperatorSample } from "../sample.ts";
import { NUMBERS } from "./dtypes.ts";

/** Reductions along one axis, several and all. */
const REDUCTIONS: readonly OperatorSample[] = [
  { inputs: [[3, 4]], attributes: { axes: -1, keepDims: false } },
  { inputs: [[2, 3, 2]], attributes: { axes: [0, 2], keepDims: true } },
  { inputs: [[5]], attributes: { axes: null, keepDims: false } },
];

/** Running results, forwards and backwards. */
const SCANS: readonly OperatorSample[] = [
  {
    inputs: [[2, 4]],
    attributes: { axis: -1, exclusive: false, reverse: false },
  },
  {
    inputs: [[3, 2]],
    attributes: { axis: 0, exclusive: false, reverse: true },
  },
];

const EXTREME: OperatorFacts = {
  differentiable: "twice",
  kinks: "the slope jumps where the two furthest are equal",
  dtypes: NUMBERS,
  domain: DISTINCT,
  samples: REDUCTIONS,
};

const RUNNING_EXTREME: OperatorFacts = {
  ...EXTREME,
  samples: SCANS,
};

const PLACE: OperatorFacts = {
  differentiable: "never",
  dtypes: NUMBERS,
  domain: DISTINCT,
  samples: [
    { inputs: [[3, 4]], attributes: { axis: -1, keepDims: false } },
    { inputs: [[3, 2]], attributes: { axis: 0, keepDims: true } },
  ],
};

const ALONG: readonly OperatorSample[] = [
  { inputs: [[2, 4]], attributes: { axis: -1 } },
  { inputs: [[3, 2, 2]], attributes: { axis: 0 } },
];

const OF_TRUTH: OperatorFacts = {
  differentiable: "never",
  dtypes: ["bool"],
  domain: TRUTH,
  samples: REDUCTIONS,
};

/** Facts about what combines elements along axes. */
export const REDUCE_FACTS: FactsTable = {
  all: OF_TRUTH,
  any: OF_TRUTH,
  argTopK: {
    differentiable: "never",
    dtypes: NUMBERS,
    domain: DISTINCT,
    samples: [
      { inputs: [[3, 4]], attributes: { axis: -1, k: 2, largest: true } },
      { inputs: [[3, 2]], attributes: { axis: 0, k: 3, largest: false } },
    ],
  },
  argmax: PLACE,
  argmin: PLACE,
  argsort: {
    differentiable: "never",
    dtypes: NUMBERS,
    domain: DISTINCT,
    samples: [
      { inputs: [[2, 5]], attributes: { axis: -1, descending: false } },
      { inputs: [[4, 2]], attributes: { axis: 0, descending: true } },
    ],
  },
  cummax: RUNNING_EXTREME,
  cummin: RUNNING_EXTREME,
  cumprod: { differentiable: "twice", samples: SCANS },
  cumsum: {
    differentiable: "twice",
    samples: [
      ...SCANS,
      {
        inputs: [[2, 3]],
        attributes: { axis: 1, exclusive: true, reverse: false },
      },
    ],
  },
  layerNorm: {
    differentiable: "twice",
    kinks: "not finite where all elements are equal and epsilon is 0",
    samples: [
      { inputs: [[3, 4]], attributes: { axes: -1, epsilon: 1e-5 } },
      { inputs: [[2, 3, 2]], attributes: { axes: [1, 2], epsilon: 1e-3 } },
    ],
  },
  logSoftmax: { differentiable: "twice", samples: ALONG },
  max: EXTREME,
  mean: { differentiable: "twice", samples: REDUCTIONS },
  min: EXTREME,
  prod: { differentiable: "twice", domain: POSITIVE, samples: REDUCTIONS },
  softmax: { differentiable: "twice", samples: ALONG },
  sort: {
    differentiable: "twice",
    kinks: "the slope jumps where two elements are equal",
    dtypes: NUMBERS,
    domain: DISTINCT,
    samples: [
      { inputs: [[2, 5]], attributes: { axis: -1, descending: false } },
      { inputs: [[4, 2]], attributes: { axis: 0, descending: true } },
    ],
  },
  sum: { differentiable: "twice", samples: REDUCTIONS },
  variance: {
    differentiable: "twice",
    samples: [
      {
        inputs: [[3, 4]],
        attributes: { axes: -1, keepDims: false, correction: 1 },
      },
      {
        inputs: [[2, 3, 2]],
        attributes: { axes: [0, 2], keepDims: true, correction: 0 },
      },
    ],
  },
};
