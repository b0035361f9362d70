// Built-in operators and their gradients against what PyTorch computed, which is committed as data:
// `deno task goldens` computes it anew.

import { assert, assertEquals } from "@std/assert";
import { createBackend } from "../kernels/mod.ts";
import { BUILTIN_OPERATORS } from "../ops/mod.ts";
import { compareGoldens, readGoldens } from "./goldens/compare_goldens.ts";
import { goldenCalls } from "./goldens/golden_calls.ts";

/** Operators without goldens, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  attentionGradients:
    "what attention passes on, packed: PyTorch's gradients of scaledDotProductAttention are goldens of it",
  quantizedMatmul:
    "PyTorch has no product that rounds rows to 8 bits as they come; its bounds are held by a test beside it",
  random: "PyTorch draws other numbers; published vectors of Philox are held",
  randomDraw: "see random: the same numbers, by the number of the draw",
};

/** Relative, as `compareGoldens()` says. */
const TOLERANCE = 1e-5;

const files = await readGoldens();

Deno.test("goldens: every built-in operator has some, or a reason", () => {
  const missing = [...BUILTIN_OPERATORS.keys()].filter((name) =>
    !files.has(name) && !WITHOUT[name]
  );
  assertEquals(
    missing,
    [],
    "add one row an operator to OPERATORS in tools/goldens.py, run `deno task goldens NAME…` (it takes Debian's python3-torch) and commit tests/goldens/NAME.json; or, where PyTorch has no such operator, say so in WITHOUT",
  );
});

Deno.test("goldens: there are none for what is not built in, and no reason beside them", () => {
  const strays = [...files.keys()].filter((name) =>
    !BUILTIN_OPERATORS.has(name) || name in WITHOUT
  );
  assertEquals(strays, []);
  assertEquals(
    Object.keys(WITHOUT).filter((name) => !BUILTIN_OPERATORS.has(name)),
    [],
  );
});

Deno.test("goldens: they belong to the samples that there are", () => {
  for (const [name, { operator, calls }] of files) {
    assertEquals(operator, name);
    assertEquals(
      calls.map(({ inputs, attributes }) => ({ inputs, attributes })),
      goldenCalls(name).map(({ inputs, attributes }) => ({
        inputs,
        attributes,
      })),
      `the samples of "${name}" have changed: run \`deno task goldens ${name}\``,
    );
  }
});

Deno.test("goldens: operators and gradients give what PyTorch does", async (t) => {
  await using reference = createBackend("reference");
  await using wasm = createBackend("wasm");
  for (const [name, file] of files) {
    await t.step(name, async () => {
      for (const backend of [reference, wasm]) {
        for (const gap of await compareGoldens(file, backend)) {
          const { what, found, want } = gap;
          assert(
            gap.gap <= TOLERANCE,
            `${what}: found ${found}, wanted ${want}`,
          );
        }
      }
    });
  }
});
