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
  Object.entries({
    ...ARRANGE_FACTS,
    ...ELEMENTWISE_FACTS,
    ...LINEAR_ALGEBRA_FACTS,
    ...PRODUCT_FACTS,
    ...REDUCE_FACTS,
  }),
);
