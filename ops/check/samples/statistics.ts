import type { Attributes } from "../../graph/node.ts";
import { BESIDE_ZERO, DISTINCT, wholes } from "../domain.ts";
import type { FactsTable, OperatorSample } from "../sample.ts";
import { NUMBERS } from "./dtypes.ts";

/** Along one axis, several and all. */
function overAxes(attributes: Attributes = {}): OperatorSample[] {
  return [
    { inputs: [[3, 4]], attributes: { axes: -1, keepDims: false } },
    { inputs: [[2, 3, 2]], attributes: { axes: [0, 2], keepDims: true } },
    { inputs: [[5]], attributes: { axes: null, keepDims: false } },
  ].map((sample) => ({
    ...sample,
    attributes: { ...sample.attributes, ...attributes },
  }));
}

/** Along the last axis and the first. */
function overAxis(attributes: Attributes = {}): OperatorSample[] {
  return [
    {
      inputs: [[3, 4]],
      attributes: { axis: -1, keepDims: false, ...attributes },
    },
    {
      inputs: [[5, 2]],
      attributes: { axis: 0, keepDims: true, ...attributes },
    },
  ];
}

const IN_ORDER = "the slope jumps where two elements change places";

/** Facts about what axes come to. */
export const STATISTIC_FACTS: FactsTable = {
  countNonzero: {
    differentiable: "never",
    domain: wholes(-1, 1),
    samples: overAxes(),
  },
  logCumSumExp: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 5]], attributes: { axis: -1 } },
      { inputs: [[3, 2]], attributes: { axis: 0 } },
    ],
  },
  logSumExp: { differentiable: "twice", samples: overAxes() },
  median: {
    differentiable: "twice",
    kinks: IN_ORDER,
    dtypes: NUMBERS,
    domain: DISTINCT,
    samples: overAxis(),
  },
  nanMean: { differentiable: "twice", samples: overAxes() },
  nanSum: { differentiable: "twice", samples: overAxes() },
  norm: {
    differentiable: "twice",
    kinks: "no slope at 0: 0 stands there",
    domain: BESIDE_ZERO,
    samples: [...overAxes({ order: 2 }), ...overAxes({ order: 3 })],
  },
  quantile: {
    differentiable: "twice",
    kinks: IN_ORDER,
    domain: DISTINCT,
    samples: overAxis({ q: 0.3 }),
  },
  std: {
    differentiable: "twice",
    kinks: "no slope where all elements are equal: 0 stands there",
    domain: DISTINCT,
    samples: overAxes({ correction: 1 }),
  },
};
