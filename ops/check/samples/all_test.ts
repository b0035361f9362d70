import { assert, assertEquals } from "@std/assert";
import { DTYPES, isCoded } from "../../../core/base/mod.ts";
import { BUILTIN_OPERATORS } from "../../builtin/all.ts";
import type { Operator } from "../../graph/node.ts";
import { drawSample, toSampleInput } from "../draw_sample.ts";
import type { OperatorFacts } from "../sample.ts";
import { BUILTIN_FACTS } from "./all.ts";

const NAMES = [...BUILTIN_OPERATORS.keys()];

/** What someone who adds an operator is told. */
const HOW_TO_ADD =
  `each built-in operator needs one entry in a table of ops/check/samples/<family>.ts: how often it can be differentiated, where its slope jumps, which dtypes and numbers it takes, and one or two calls to try:
    myOperator: {
      differentiable: "twice", // "once", or "never" where its output holds no fractions
      kinks: "the slope jumps at 0", // only where there are some
      dtypes: NUMBERS, // only where it does not take all
      domain: BESIDE_ZERO, // only where numbers from -2 to 2 do not fit
      samples: [{ inputs: [[2, 3]], attributes: { axis: -1 } }],
    },`;

function entryOf(name: string): { operator: Operator; facts: OperatorFacts } {
  return {
    operator: BUILTIN_OPERATORS.get(name)!,
    facts: BUILTIN_FACTS.get(name)!,
  };
}

Deno.test("BUILTIN_FACTS has an entry for every built-in operator", () => {
  const missing = NAMES.filter((name) => !BUILTIN_FACTS.has(name));
  assertEquals(missing, [], HOW_TO_ADD);
});

Deno.test("BUILTIN_FACTS has no entry for an operator that there is not", () => {
  const strays = [...BUILTIN_FACTS.keys()].filter((name) =>
    !BUILTIN_OPERATORS.has(name)
  );
  assertEquals(strays, []);
});

Deno.test.each(NAMES.map((name) => ({ name })))(
  "BUILTIN_FACTS names what $name takes",
  ({ name }) => {
    const { operator, facts } = entryOf(name);
    assert(facts.samples.length > 0, HOW_TO_ADD);
    for (const sample of facts.samples) {
      const isFree = sample.inputs.map(toSampleInput).some(({ dtype }) =>
        dtype === undefined
      );
      const accepted = DTYPES.filter((dtype) => {
        const { inputs, attributes } = drawSample(sample, { dtype });
        try {
          operator.infer(inputs, attributes);
          return true;
        } catch (error) {
          assert(isCoded(error) && error.code === "DTYPE_MISMATCH", `${error}`);
          return false;
        }
      });
      assertEquals(accepted, isFree ? facts.dtypes ?? DTYPES : DTYPES);
    }
  },
);
