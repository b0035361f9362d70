// Every built-in operator holds its own promises, on the reference and on wasm. What holds one against an
// oracle of its own stands beside it.

import { assert, assertEquals } from "@std/assert";
import { createBackend } from "../../kernels/mod.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { opcheck } from "./opcheck.ts";
import { printOpcheck } from "./print_report.ts";
import type { OpcheckProperty } from "./report.ts";
import { BUILTIN_FACTS } from "./samples/all.ts";

/** What is asked of operators that have slopes of their own. */
const SLOPES: readonly OpcheckProperty[] = [
  "firstGradient",
  "secondGradient",
  "forwardMode",
];

Deno.test("opcheck() finds nothing wrong with any built-in operator", async (t) => {
  await using backend = createBackend("wasm");
  for (const [name, operator] of BUILTIN_OPERATORS) {
    await t.step(name, async () => {
      const report = await opcheck(operator, undefined, {
        backends: [backend],
      });
      assert(report.ok, printOpcheck(report));
      // What is skipped, is skipped because there is nothing to ask.
      const { differentiable } = BUILTIN_FACTS.get(name)!;
      const hasSlope = /once|twice/.test(differentiable);
      const excused = new Set<OpcheckProperty>([
        ...hasSlope ? [] : SLOPES,
        ...operator.schema.inputs.length > 0 ? [] : ["vmap"] as const,
      ]);
      const skipped = report.results.filter(({ property, status }) =>
        status === "skipped" && !excused.has(property)
      );
      assertEquals(skipped, []);
    });
  }
});
