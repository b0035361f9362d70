import type { Attributes } from "../../graph/node.ts";
import { AROUND_ZERO, BESIDE_ZERO, type Domain } from "../domain.ts";
import type { FactsTable, OperatorFacts } from "../sample.ts";

/** Numbers from -5 to 8, none of them near a whole one. */
const BESIDE_WHOLES: Domain = { min: -5, max: 8, step: 0.5, offset: 0.25 };

/** A function of one input and attributes. */
function activation(
  domain: Domain,
  attributes: Attributes = {},
  kinks?: string,
): OperatorFacts {
  return {
    differentiable: "twice",
    domain,
    samples: [{ inputs: [[2, 3]], attributes }, { inputs: [[]], attributes }],
    ...kinks === undefined ? {} : { kinks },
  };
}

const AT_ZERO = "the slope jumps at 0";
const AT_BOUNDS = "the slope jumps where the result is cut, and is 0 there";

/** Facts about functions that stand between layers. */
export const ACTIVATION_FACTS: FactsTable = {
  celu: activation(BESIDE_ZERO, { alpha: 2 }, "the curvature jumps at 0"),
  elu: activation(BESIDE_ZERO, { alpha: 0.5 }, AT_ZERO),
  geluTanh: activation(AROUND_ZERO),
  hardshrink: activation(BESIDE_ZERO, { lambda: 0.5 }, "jumps at ±λ"),
  hardsigmoid: activation(BESIDE_WHOLES, {}, AT_BOUNDS),
  hardswish: activation(BESIDE_WHOLES, {}, AT_BOUNDS),
  hardtanh: activation(BESIDE_WHOLES, { min: -1, max: 2 }, AT_BOUNDS),
  leakyRelu: activation(BESIDE_ZERO, { negativeSlope: 0.1 }, AT_ZERO),
  logSigmoid: activation(AROUND_ZERO),
  mish: activation(AROUND_ZERO),
  prelu: {
    differentiable: "twice",
    kinks: AT_ZERO,
    domain: BESIDE_ZERO,
    samples: [{ inputs: [[2, 3], [2, 3]] }, { inputs: [[2, 3], [3]] }],
  },
  relu6: activation(BESIDE_WHOLES, {}, AT_BOUNDS),
  selu: activation(BESIDE_ZERO, {}, AT_ZERO),
  softplus: activation(AROUND_ZERO, { beta: 2 }),
  softshrink: activation(BESIDE_ZERO, { lambda: 0.5 }, "the slope jumps at ±λ"),
  softsign: activation(BESIDE_ZERO, {}, "the curvature jumps at 0"),
  tanhshrink: activation(AROUND_ZERO),
  threshold: activation(
    BESIDE_ZERO,
    { threshold: 0.5, value: 3 },
    "jumps at the threshold",
  ),
};
