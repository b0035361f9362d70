import { BUILTIN_OPERATORS } from "../../builtin/all.ts";
import type { OperatorFacts } from "../sample.ts";
import { ACTIVATION_FACTS } from "./activations.ts";
import { ARRANGE_FACTS } from "./arrange.ts";
import { ELEMENTWISE_FACTS } from "./elementwise.ts";
import { INDEXING_FACTS } from "./indexing.ts";
import { FOURIER_FACTS } from "./fourier.ts";
import { LINEAR_ALGEBRA_FACTS } from "./linear_algebra.ts";
import { MATH_FACTS } from "./math.ts";
import { NORMALIZE_FACTS } from "./normalize.ts";
import { PAIR_FACTS } from "./pairs.ts";
import { PRODUCT_FACTS } from "./products.ts";
import { REARRANGE_FACTS } from "./rearrange.ts";
import { REDUCE_FACTS } from "./reduce.ts";
import { STATISTIC_FACTS } from "./statistics.ts";

/**
 * What is known of the built-in operators, by name. They are checked with it, random graphs are made
 * with it, and so are the golden values and the table of operators.
 */
export const BUILTIN_FACTS: ReadonlyMap<string, OperatorFacts> = new Map(
  Object.entries<OperatorFacts>({
    ...ACTIVATION_FACTS,
    ...ARRANGE_FACTS,
    ...ELEMENTWISE_FACTS,
    ...INDEXING_FACTS,
    ...FOURIER_FACTS,
    ...LINEAR_ALGEBRA_FACTS,
    ...MATH_FACTS,
    ...NORMALIZE_FACTS,
    ...PAIR_FACTS,
    ...PRODUCT_FACTS,
    ...REARRANGE_FACTS,
    ...REDUCE_FACTS,
    ...STATISTIC_FACTS,
  }).map(([name, facts]) => [name, withDefaults(name, facts)]),
);

/** Samples whose attributes are complete. */
function withDefaults(name: string, facts: OperatorFacts): OperatorFacts {
  const defaults = BUILTIN_OPERATORS.get(name)?.defaults;
  if (!defaults) return facts;
  const samples = facts.samples.map((sample) => ({
    ...sample,
    attributes: { ...defaults, ...sample.attributes },
  }));
  return { ...facts, samples };
}
