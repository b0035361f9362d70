import {
  AROUND_ZERO,
  BETWEEN_WHOLES,
  type Domain,
  POSITIVE,
} from "../domain.ts";
import type { FactsTable, OperatorFacts, OperatorSample } from "../sample.ts";

const ONE: readonly OperatorSample[] = [{ inputs: [[2, 3]] }, { inputs: [[]] }];

/** Numbers inside ±1. */
const INSIDE_ONE: Domain = { min: -0.9, max: 0.9 };

/** A function that is smooth in a domain. */
function smooth(domain: Domain = AROUND_ZERO): OperatorFacts {
  return { differentiable: "twice", domain, samples: ONE };
}

/** A function with steps at whole numbers. */
function stepped(kinks: string): OperatorFacts {
  return {
    differentiable: "twice",
    kinks,
    domain: BETWEEN_WHOLES,
    samples: ONE,
  };
}

/** Facts about functions of one number that are made of primitive ones. */
export const MATH_FACTS: FactsTable = {
  acos: smooth(INSIDE_ONE),
  acosh: smooth({ min: 1.5, max: 3 }),
  asin: smooth(INSIDE_ONE),
  asinh: smooth(),
  atanh: smooth(INSIDE_ONE),
  cbrt: { ...smooth(POSITIVE), kinks: "the slope is not finite at 0" },
  cosh: smooth(),
  digamma: smooth(POSITIVE),
  erfc: smooth(),
  erfinv: smooth(INSIDE_ONE),
  exp2: smooth(),
  frac: stepped("jumps at whole numbers; the slope is 1 elsewhere"),
  lgamma: smooth(POSITIVE),
  log10: smooth(POSITIVE),
  log2: smooth(POSITIVE),
  logit: smooth({ min: 0.2, max: 0.8 }),
  polygamma: {
    ...smooth(POSITIVE),
    samples: [
      { inputs: [[2, 3]] },
      { inputs: [[4]], attributes: { order: 3 } },
    ],
  },
  reciprocal: smooth(POSITIVE),
  sinc: smooth(),
  sinh: smooth(),
  square: smooth(),
  tan: smooth({ min: -1, max: 1 }),
  trunc: stepped("jumps at whole numbers; the slope is 0 elsewhere"),
};
