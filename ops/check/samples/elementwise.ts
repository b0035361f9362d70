import { DTYPES, isFloatDType } from "../../../core/base/mod.ts";
import {
  AROUND_ZERO,
  BESIDE_ZERO,
  BETWEEN_WHOLES,
  type Domain,
  POSITIVE,
  TRUTH,
  wholes,
} from "../domain.ts";
import type { FactsTable, OperatorFacts, OperatorSample } from "../sample.ts";
import { NUMBERS } from "./dtypes.ts";

/** One input of a few shapes. */
const ONE: readonly OperatorSample[] = [{ inputs: [[2, 3]] }, { inputs: [[]] }];

/** Two inputs, of the same shape and of shapes that broadcast. */
const TWO: readonly OperatorSample[] = [
  { inputs: [[2, 3], [2, 3]] },
  { inputs: [[2, 1, 3], [4, 1]] },
];

/** Two inputs that are never equal or near it. */
const APART: readonly OperatorSample[] = TWO.map((
  { inputs: [left, right] },
) => ({
  inputs: [
    { shape: left as number[], domain: { min: -2, max: 2, step: 0.5 } },
    {
      shape: right as number[],
      domain: { min: -2, max: 2, step: 0.5, offset: 0.25 },
    },
  ],
}));

/** Two inputs that are equal now and then. */
const MEETING: readonly OperatorSample[] = TWO.map(({ inputs }) => ({
  inputs: inputs.map((shape) => ({
    shape: shape as number[],
    domain: wholes(-1, 1),
  })),
}));

/** A function that is smooth in a domain. */
function smooth(domain: Domain = AROUND_ZERO): OperatorFacts {
  return { differentiable: "twice", domain, samples: ONE };
}

/** A function of the bits of whole numbers. */
const BITWISE: OperatorFacts = {
  differentiable: "never",
  dtypes: DTYPES.filter((dtype) => !isFloatDType(dtype)),
  domain: wholes(-100, 100),
  samples: TWO,
};

/** Numbers and how far their bits move. */
const SHIFTS: readonly OperatorSample[] = [{
  inputs: [[2, 3], { shape: [2, 3], domain: wholes(0, 6) }],
}];

/** Dividends and divisors whose quotients are not near whole numbers. */
const DIVISIONS: readonly OperatorSample[] = [
  {
    inputs: [
      { shape: [2, 3], domain: { min: -4, max: 4, step: 1, offset: 0.375 } },
      { shape: [2, 3], domain: { min: 1, max: 2, step: 1 } },
    ],
  },
  {
    inputs: [
      { shape: [2, 3], domain: { min: -4, max: 4, step: 1, offset: 0.375 } },
      { shape: [3], domain: { min: -2, max: -1, step: 1 } },
    ],
  },
];

/** Facts about functions of single elements. */
export const ELEMENTWISE_FACTS: FactsTable = {
  abs: {
    differentiable: "twice",
    kinks: "the slope jumps at 0, and is 0 there",
    dtypes: NUMBERS,
    domain: BESIDE_ZERO,
    samples: ONE,
  },
  add: { differentiable: "twice", samples: TWO },
  and: {
    differentiable: "never",
    dtypes: ["bool"],
    domain: TRUTH,
    samples: TWO,
  },
  atan: smooth(),
  bitwiseAnd: BITWISE,
  bitwiseLeftShift: { ...BITWISE, samples: SHIFTS },
  bitwiseNot: { ...BITWISE, samples: ONE },
  bitwiseOr: BITWISE,
  bitwiseRightShift: { ...BITWISE, samples: SHIFTS },
  bitwiseXor: BITWISE,
  cast: {
    differentiable: "twice",
    kinks: "whole numbers and truth have no slope",
    samples: [
      { inputs: [[2, 3]], attributes: { dtype: "float32" } },
      {
        inputs: [{ shape: [2, 3], domain: BETWEEN_WHOLES }],
        attributes: { dtype: "int32" },
      },
      {
        inputs: [{ shape: [3], domain: wholes(-1, 1) }],
        attributes: { dtype: "bool" },
      },
    ],
  },
  ceil: {
    differentiable: "twice",
    kinks: "jumps at whole numbers; the slope is 0 elsewhere",
    domain: BETWEEN_WHOLES,
    samples: ONE,
  },
  cos: smooth(),
  div: {
    differentiable: "twice",
    kinks: "not finite where the divisor is 0",
    samples: [
      { inputs: [[2, 3], { shape: [2, 3], domain: POSITIVE }] },
      { inputs: [[2, 1, 3], { shape: [4, 1], domain: BESIDE_ZERO }] },
    ],
  },
  equal: { differentiable: "never", samples: MEETING },
  erf: smooth(),
  exp: smooth(),
  expm1: smooth(),
  floorDivide: {
    differentiable: "twice",
    kinks: "jumps where the quotient is whole; the slope is 0 elsewhere",
    samples: DIVISIONS,
  },
  fmod: {
    differentiable: "twice",
    kinks: "jumps where the quotient is whole",
    dtypes: NUMBERS,
    samples: DIVISIONS,
  },
  floor: {
    differentiable: "twice",
    kinks: "jumps at whole numbers; the slope is 0 elsewhere",
    domain: BETWEEN_WHOLES,
    samples: ONE,
  },
  gelu: smooth(),
  guardFinite: {
    differentiable: "twice",
    samples: [{ inputs: [[2, 3]], attributes: { label: "x" } }],
  },
  less: { differentiable: "never", samples: MEETING },
  lessOrEqual: { differentiable: "never", samples: MEETING },
  log: smooth(POSITIVE),
  log1p: smooth({ min: -0.5, max: 3 }),
  maximum: {
    differentiable: "twice",
    kinks: "the slope jumps where both are equal, and is shared there",
    samples: APART,
  },
  minimum: {
    differentiable: "twice",
    kinks: "the slope jumps where both are equal, and is shared there",
    samples: APART,
  },
  mul: { differentiable: "twice", samples: TWO },
  neg: { differentiable: "twice", dtypes: NUMBERS, samples: ONE },
  not: {
    differentiable: "never",
    dtypes: ["bool"],
    domain: TRUTH,
    samples: ONE,
  },
  or: {
    differentiable: "never",
    dtypes: ["bool"],
    domain: TRUTH,
    samples: TWO,
  },
  pow: {
    differentiable: "twice",
    kinks: "no slope below 0, where only whole exponents have a result",
    samples: [
      { inputs: [{ shape: [2, 3], domain: POSITIVE }, [2, 3]] },
      { inputs: [{ shape: [2, 1, 3], domain: POSITIVE }, [4, 1]] },
    ],
  },
  relu: {
    differentiable: "twice",
    kinks: "the slope jumps at 0, and is 0 there",
    dtypes: NUMBERS,
    domain: BESIDE_ZERO,
    samples: ONE,
  },
  remainder: {
    differentiable: "twice",
    kinks: "jumps where the quotient is whole",
    samples: DIVISIONS,
  },
  round: {
    differentiable: "twice",
    kinks: "jumps between whole numbers; the slope is 0 elsewhere",
    domain: BETWEEN_WHOLES,
    samples: ONE,
  },
  rsqrt: smooth(POSITIVE),
  sigmoid: smooth(),
  sign: {
    differentiable: "twice",
    kinks: "jumps at 0; the slope is 0 elsewhere",
    dtypes: NUMBERS,
    domain: BESIDE_ZERO,
    samples: ONE,
  },
  silu: smooth(),
  sin: smooth(),
  sqrt: smooth(POSITIVE),
  sub: { differentiable: "twice", samples: TWO },
  tanh: smooth(),
  where: {
    differentiable: "twice",
    samples: [
      {
        inputs: [{ shape: [2, 3], dtype: "bool", domain: TRUTH }, [2, 3], [
          2,
          3,
        ]],
      },
      { inputs: [{ shape: [3], dtype: "bool", domain: TRUTH }, [2, 1], []] },
    ],
  },
};
