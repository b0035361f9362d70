import {
  AROUND_ZERO,
  BESIDE_ZERO,
  type Domain,
  POSITIVE,
  wholes,
} from "../domain.ts";
import type { FactsTable, OperatorFacts, OperatorSample } from "../sample.ts";

/** Two inputs, of the same shape and of shapes that broadcast. */
function two(left: Domain, right: Domain = left): OperatorSample[] {
  return [
    {
      inputs: [
        { shape: [2, 3], domain: left },
        { shape: [2, 3], domain: right },
      ],
    },
    {
      inputs: [
        { shape: [2, 1, 3], domain: left },
        { shape: [4, 1], domain: right },
      ],
    },
  ];
}

/** Numbers of either sign whose sizes are never near those of {@linkcode BESIDE_ZERO}. */
const ELSEWHERE: Domain = { min: -2, max: 2, step: 0.25, offset: 0.0625 };

/** A question about one number. */
const QUESTION: OperatorFacts = {
  differentiable: "never",
  samples: [{ inputs: [[2, 3]] }, { inputs: [[]] }],
};

/** A question about two numbers, of which some are 0 and some are equal. */
const QUESTIONS: OperatorFacts = {
  differentiable: "never",
  samples: two(wholes(-1, 1)),
};

/** Facts about functions of several numbers, and questions about numbers. */
export const PAIR_FACTS: FactsTable = {
  atan2: {
    differentiable: "twice",
    kinks: "jumps from π to -π, and has no slope at the origin: 0 stands there",
    samples: two(ELSEWHERE, BESIDE_ZERO),
  },
  copysign: {
    differentiable: "twice",
    kinks: "the slope jumps where the first is 0, and at signs",
    samples: two(BESIDE_ZERO),
  },
  hypot: {
    differentiable: "twice",
    kinks: "no slope at the origin: 0 stands there",
    samples: two(ELSEWHERE, BESIDE_ZERO),
  },
  isClose: {
    differentiable: "never",
    samples: two(wholes(-1, 1)).map((sample) => ({
      ...sample,
      attributes: { rtol: 1e-5, atol: 1e-8, equalNan: false },
    })),
  },
  isFinite: QUESTION,
  isInf: QUESTION,
  isNan: QUESTION,
  lerp: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 3], [2, 3], [2, 3]] },
      {
        inputs: [[2, 3], [3], {
          shape: [],
          domain: { min: 0.1, max: 0.4 },
        }],
      },
    ],
  },
  logAddExp: { differentiable: "twice", samples: two(AROUND_ZERO) },
  logicalAnd: QUESTIONS,
  logicalNot: { ...QUESTION, domain: wholes(-1, 1) },
  logicalOr: QUESTIONS,
  logicalXor: QUESTIONS,
  nanToNum: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 3]], attributes: { nan: 0, posinf: null, neginf: -1 } },
    ],
  },
  xlogy: { differentiable: "twice", samples: two(AROUND_ZERO, POSITIVE) },
};
