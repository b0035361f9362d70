import { BUILTIN_OPERATORS } from "../../builtin/all.ts";
import type { OperatorFacts } from "../sample.ts";
import { ARRANGE_FACTS } from "./arrange.ts";
import { ELEMENTWISE_FACTS } from "./elementwise.ts";
import { LINEAR_ALGEBRA_FACTS } from "./linear_algebra.ts";
import { PRODUCT_FACTS } from "./products.ts";
import { REDUCE_FACTS } from "./reduce.ts";

/**
 * What is known of the built-in operators, by name. They are checked with it, random graphs are made
 * with it, and so are the golden values and the table of operators.
 */
export const BUILTIN_FACTS: ReadonlyMap<string, OperatorFacts> = new Map(
  Object.entries<OperatorFacts>({
    ...ARRANGE_FACTS,
    ...ELEMENTWISE_FACTS,
    ...LINEAR_ALGEBRA_FACTS,
    ...PRODUCT_FACTS,
    ...REDUCE_FACTS,
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
