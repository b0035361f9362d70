import { assert } from "@std/assert";
import { learnLifeExpectancy } from "./life_expectancy.ts";

Deno.test("example: a table of countries", async () => {
  const { error, meanError, heldOut } = await learnLifeExpectancy({
    epochs: 60,
    seed: 2,
    out: { isTerminal: false, columns: 80, write: () => {} },
  });
  assert(heldOut === 40 && error < 0.65 * meanError, `${error} ${meanError}`);
});
