import { assertEquals } from "@std/assert";
import { BUILTIN_OPERATORS } from "../../builtin/all.ts";
import { DERIVATIVES } from "./all.ts";

/** Primitive operators whose output holds no fractions, or which have no input that does. */
const WITHOUT_GRADIENT = [
  "all",
  "and",
  "any",
  "argTopK",
  "argsort",
  "bitwiseAnd",
  "bitwiseLeftShift",
  "bitwiseOr",
  "bitwiseRightShift",
  "bitwiseXor",
  "equal",
  "iota",
  "less",
  "lessOrEqual",
  "or",
  "random",
  "randomDraw",
];

Deno.test("DERIVATIVES has a row for every primitive operator of fractions", () => {
  const missing = [...BUILTIN_OPERATORS.values()].filter(({ kind, name }) =>
    kind === "primitive" && !DERIVATIVES.has(name)
  );
  assertEquals(missing.map(({ name }) => name).sort(), WITHOUT_GRADIENT);
});

Deno.test("DERIVATIVES has no row for an operator that there is not", () => {
  const strays = [...DERIVATIVES.keys()].filter((name) =>
    !BUILTIN_OPERATORS.has(name)
  );
  assertEquals(strays, []);
});
