import { wholes } from "../domain.ts";
import type { FactsTable, OperatorFacts } from "../sample.ts";
import { NUMBERS } from "./dtypes.ts";

/** Whole numbers, the indices of a sample. */
function indices(
  shape: readonly number[],
  [min, max]: readonly [number, number],
) {
  return { shape, dtype: "int32", domain: wholes(min, max) } as const;
}

/** A mask, some of whose elements are true. */
function mask(...elements: readonly number[]) {
  return { shape: [elements.length], dtype: "bool", elements } as const;
}

/** Several elements for one place, which differ. */
const SCATTER_EXTREME: OperatorFacts = {
  differentiable: "twice",
  kinks: "the slope jumps where two elements are equal",
  dtypes: NUMBERS,
  domain: { min: -2, max: 2, isDistinct: true },
  samples: [
    {
      inputs: [[2, 4], indices([2, 3], [-4, 3]), [2, 3]],
      attributes: { axis: -1 },
    },
    {
      inputs: [[3, 2], indices([4, 2], [0, 2]), [4, 2]],
      attributes: { axis: 0 },
    },
  ],
};

/** Facts about elements by their places and by their order. */
export const INDEXING_FACTS: FactsTable = {
  bincount: {
    differentiable: "never",
    samples: [{ inputs: [indices([7], [0, 3])], attributes: { size: 5 } }],
  },
  histogram: {
    differentiable: "never",
    samples: [
      { inputs: [[3, 4]], attributes: { bins: 4, min: -1.5, max: 1.5 } },
    ],
  },
  maskedFill: {
    differentiable: "twice",
    samples: [{
      inputs: [[2, 3], mask(1, 0, 1)],
      attributes: { value: 1 },
    }],
  },
  maskedSelect: {
    differentiable: "twice",
    samples: [{
      inputs: [[2, 3], mask(1, 0, 1)],
      attributes: { size: 5, value: 0 },
    }],
  },
  nonzero: {
    differentiable: "never",
    domain: wholes(-1, 1),
    samples: [{ inputs: [[3, 4]], attributes: { size: 12 } }],
  },
  scatter: {
    differentiable: "twice",
    kinks: "of several elements for one place only the last has a slope",
    samples: [
      {
        inputs: [[2, 4], {
          shape: [2, 3],
          dtype: "int32",
          elements: [0, 2, -1, 3, 1, 0],
        }, [2, 3]],
        attributes: { axis: -1 },
      },
    ],
  },
  scatterMax: SCATTER_EXTREME,
  scatterMin: SCATTER_EXTREME,
  searchsorted: {
    differentiable: "never",
    samples: [{
      inputs: [{ shape: [4], elements: [-1, 0, 1, 1] }, [2, 3]],
      attributes: { right: false },
    }],
  },
  segmentSum: {
    differentiable: "twice",
    dtypes: NUMBERS,
    samples: [{
      inputs: [[4, 2], indices([4], [0, 2])],
      attributes: { count: 3 },
    }],
  },
  unique: {
    differentiable: "twice",
    kinks: "the slope jumps where two elements are equal",
    dtypes: NUMBERS,
    domain: { min: -2, max: 2, isDistinct: true },
    samples: [{ inputs: [[2, 3]], attributes: { size: 6, value: 0 } }],
  },
};
