// Built-in operators and their gradients against what PyTorch computed, which is committed as data:
// `deno task goldens` computes it anew.

import { assert, assertEquals } from "@std/assert";
import { isFloatDType } from "../core/base/mod.ts";
import { type Backend, createBackend } from "../kernels/mod.ts";
import {
  apply,
  BUILTIN_OPERATORS,
  gradients,
  realizeOn,
  Tensor,
  tensor,
} from "../ops/mod.ts";
import {
  type GoldenCall,
  goldenCalls,
  type GoldenFile,
  GOLDENS,
  WEIGHTS,
} from "./goldens/golden_calls.ts";

/** Operators without goldens, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  attentionGradients:
    "what attention passes on, packed: PyTorch's gradients of scaledDotProductAttention are goldens of it",
  quantizedMatmul:
    "PyTorch has no product that rounds rows to 8 bits as they come; its bounds are held by a test beside it",
  random: "PyTorch draws other numbers; published vectors of Philox are held",
  randomDraw: "see random: the same numbers, by the number of the draw",
};

/** Relative to the element, or where that is smaller to the mean of the array, or to a tenth. */
const TOLERANCE = 1e-5;
const SIZE_MIN = 0.1;

const files = new Map<string, GoldenFile>();
for await (const { name } of Deno.readDir(GOLDENS)) {
  if (!name.endsWith(".json")) continue;
  const file: Partial<GoldenFile> = JSON.parse(
    await Deno.readTextFile(new URL(name, GOLDENS)),
  );
  // Layers have goldens of their own beside them.
  if (isOperatorFile(file)) files.set(name.replace(".json", ""), file);
}

function isOperatorFile(file: Partial<GoldenFile>): file is GoldenFile {
  return file.operator !== undefined;
}

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

/** The output of a call, and the gradient of its weighted elements with respect to each input of fractions. */
function record(
  name: string,
  { inputs, attributes, gradients: wanted }: GoldenCall,
): Tensor[] {
  const tensors = inputs.map(({ elements, shape, dtype }) =>
    tensor(Float64Array.from(elements), { shape, dtype })
  );
  const nodes = tensors.map(({ node }) => node);
  const y = new Tensor(apply(BUILTIN_OPERATORS.get(name)!, nodes, attributes));
  if (wanted.length === 0) return [y];
  const weights = tensor(WEIGHTS.slice(0, y.size), { shape: y.shape });
  const targets = tensors.filter(({ dtype }) => isFloatDType(dtype));
  return [y, ...gradients(y.mul(weights).sum(), targets)];
}

function assertNear(
  found: ArrayLike<number>,
  want: readonly number[],
  what: string,
): void {
  assertEquals(found.length, want.length, what);
  const mean = want.reduce((sum, x) => sum + Math.abs(x), 0) / want.length;
  want.forEach((x, i) => {
    const gap = Math.abs(found[i]! - x);
    assert(
      gap <= TOLERANCE * Math.max(Math.abs(x), mean, SIZE_MIN),
      `${what}: found ${found[i]} at ${i}, wanted ${x}`,
    );
  });
}

async function assertGoldens(
  { operator, calls }: GoldenFile,
  backend: Backend,
): Promise<void> {
  for (const [i, call] of calls.entries()) {
    const tensors = record(operator, call);
    await realizeOn(tensors, { backend });
    const [y, ...slopes] = tensors as [Tensor, ...Tensor[]];
    const what = `${operator}, sample ${i}, on ${backend.name}`;
    assertEquals(y.shape, call.shape, what);
    assertNear(await y.data(), call.elements, what);
    for (const [k, slope] of slopes.entries()) {
      assertNear(
        await slope.data(),
        call.gradients[k]!,
        `${what}, gradient ${k}`,
      );
    }
  }
}

Deno.test("goldens: operators and gradients give what PyTorch does", async (t) => {
  await using reference = createBackend("reference");
  await using wasm = createBackend("wasm");
  for (const [name, file] of files) {
    await t.step(name, async () => {
      await assertGoldens(file, reference);
      await assertGoldens(file, wasm);
    });
  }
});
