// Every built-in operator holds its own promises, on the reference and on wasm; on webgpu where an
// adapter is. What holds an operator against an oracle of its own stands beside it.

import { assert, assertEquals } from "@std/assert";
import { createBackend } from "../../kernels/mod.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { opcheck } from "./opcheck.ts";
import { printOpcheck } from "./print_report.ts";

const hasAdapter = await navigator.gpu?.requestAdapter() ? true : false;
const absence = hasAdapter ? "" : " (skipped: no adapter here)";

Deno.test("opcheck() finds nothing wrong with any built-in operator", async (t) => {
  await using backend = createBackend("wasm");
  for (const [name, operator] of BUILTIN_OPERATORS) {
    await t.step(name, async () => {
      const report = await opcheck(operator, undefined, {
        backends: [backend],
      });
      assert(report.ok, printOpcheck(report));
      // What is skipped, is skipped because there is nothing to ask.
      const skipped = report.results.filter(({ property, status }) =>
        status === "skipped" && !property.endsWith("Gradient")
      );
      assertEquals(skipped, []);
    });
  }
});

// Shaders take long to compile: other dtypes and empty tensors are for `deno task opcheck`.
Deno.test(
  `opcheck() finds that webgpu computes the samples of every built-in operator${absence}`,
  { ignore: !hasAdapter },
  async (t) => {
    await using backend = await createBackend("webgpu");
    for (const [name, operator] of BUILTIN_OPERATORS) {
      await t.step(name, async () => {
        const report = await opcheck(operator, undefined, {
          backends: [backend],
          properties: ["backends"],
          cases: ["samples"],
        });
        assert(report.ok, printOpcheck(report));
      });
    }
  },
);
