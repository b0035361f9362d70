import { assertEquals } from "@std/assert";
import { BUILTIN_OPERATORS } from "../../builtin/all.ts";
import { BUILTIN_FACTS } from "./all.ts";

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

Deno.test("BUILTIN_FACTS has an entry for every built-in operator", () => {
  const missing = [...BUILTIN_OPERATORS.keys()].filter((name) =>
    (BUILTIN_FACTS.get(name)?.samples.length ?? 0) === 0
  );
  assertEquals(missing, [], HOW_TO_ADD);
});

Deno.test("BUILTIN_FACTS has no entry for an operator that there is not", () => {
  const strays = [...BUILTIN_FACTS.keys()].filter((name) =>
    !BUILTIN_OPERATORS.has(name)
  );
  assertEquals(strays, []);
});
