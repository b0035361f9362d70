// What plain JavaScript may hand to the library, whatever its types say: a coded error each.

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  compile,
  createEcosystem,
  gradients,
  isCoded,
  OperatorRegistry,
  Parameter,
  profile,
  randomUniform,
  realize,
  tensor,
  where,
} from "../mod.ts";

const X = tensor([1, 2]);
/** A value of no type that is wanted anywhere. */
const WRONG = 3 as never;
const NOTHING = null as never;

Deno.test.each<{ name: string; call: () => unknown }>([
  {
    name: "an argument of a compiled function",
    call: () => compile((x) => x!)(WRONG),
  },
  { name: "what is compiled", call: () => compile(WRONG) },
  {
    name: "the result of a compiled function",
    call: () => compile(() => WRONG)(X),
  },
  { name: "nothing as such a result", call: () => compile(() => NOTHING)(X) },
  { name: "a number to differentiate", call: () => gradients(WRONG, [X]) },
  { name: "a target of a gradient", call: () => gradients(X.sum(), [WRONG]) },
  { name: "what is realized", call: () => realize(WRONG) },
  { name: "what is profiled", call: () => profile([WRONG]) },
  { name: "no runs of a profile", call: () => profile([X], { runs: 0 }) },
  { name: "NaN runs of a profile", call: () => profile([X], { runs: NaN }) },
  { name: "a parameter's value", call: () => new Parameter(WRONG) },
  { name: "a condition", call: () => where(WRONG, 1, 2) },
  { name: "no key", call: () => randomUniform([2], undefined as never) },
  {
    name: "a key of text",
    call: () => randomUniform([2], { key: "1" as never }),
  },
  { name: "an operator", call: () => new OperatorRegistry().register(NOTHING) },
  {
    name: "an operator's inputs",
    call: () => new OperatorRegistry().execute("neg", NOTHING),
  },
])("$name that is wrong is reported with a code", async ({ call }) => {
  const error = await assertRejects(() => Promise.try(call));
  assert(isCoded(error));
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("a specifier that is no text is reported with a code", async () => {
  await using ecosystem = await createEcosystem();
  for (const specifiers of [WRONG, [WRONG], NOTHING]) {
    const error = await assertRejects(() => ecosystem.loader.load(specifiers));
    assert(isCoded(error) && error.code === "INVALID_OPTION");
  }
});
