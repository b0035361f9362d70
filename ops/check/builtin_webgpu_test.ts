// Every built-in operator computes on webgpu what it does on the reference, where an adapter is.

import { assert } from "@std/assert";
import { createBackend } from "../../kernels/mod.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { opcheck } from "./opcheck.ts";
import { printOpcheck } from "./print_report.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";

// Shaders take long to compile: other dtypes and empty tensors are for `deno task opcheck`.
Deno.test(
  `opcheck() finds that webgpu computes the samples of every built-in operator${absence}`,
  { ignore: !adapter },
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
