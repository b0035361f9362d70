import { assertEquals } from "@std/assert";
import plugin from "./lint_plugin.ts";

const ROOT = import.meta.dirname!.replace(/tools$/, "");
const LONG = "f();\n".repeat(71);

/** A source and how often a rule reports it. */
interface Case {
  readonly rule: string;
  readonly path: string;
  readonly source: string;
  readonly want: number;
}

function cases(
  rule: string,
  rows: readonly (readonly [path: string, source: string, want: number])[],
): Case[] {
  return rows.map(([path, source, want]) => ({ rule, path, source, want }));
}

const CASES: readonly Case[] = [
  ...cases("layers", [
    ["ops/x.ts", `import "../nn/mod.ts";`, 1],
    ["ops/x.ts", `import type { A } from "../nn/mod.ts";`, 1],
    ["ops/x.ts", `function f() { return import("../nn/mod.ts"); }`, 1],
    ["core/base/x.ts", `export * from "../mod.ts";`, 1],
    ["core/base/x.ts", `export { a } from "../mod.ts";`, 1],
    ["ops/x.ts", `import "node:fs";`, 1],
    ["nn/x.ts", `import "../ops/mod.ts"; export { a };`, 0],
    ["tools/x.ts", `import "../ops/mod.ts";`, 0],
  ]),
  ...cases("private-files", [
    ["ops/x.ts", `import "./graph/_table.ts";`, 1],
    ["ops/graph/x.ts", `export * from "../_table.ts";`, 1],
    ["tests/x_test.ts", `import "../ops/_table.ts";`, 1],
    ["ops/x.ts", `import "./_table.ts";`, 0],
    ["ops/x.ts", `import "./_private/table.ts";`, 0],
  ]),
  ...cases("platform", [
    ["ops/x.ts", `Math.random(); Date.now(); new Date();`, 3],
    ["nn/x.ts", `setTimeout(f, 1); performance.now();`, 2],
    ["core/plugin/x.ts", `await fetch(Deno.args[0]);`, 2],
    ["ops/x.ts", `globalThis.Deno; globalThis.setTimeout(f);`, 2],
    ["kernels/wasm/x.ts", `new Worker(url); navigator.gpu;`, 2],
    ["core/sandbox/process.ts", `Deno.kill(1);`, 0],
    ["ops/x_test.ts", `Deno.test("x", f); fetch(url);`, 0],
    ["ops/x.ts", `new Date(0); Math.max(1, 2); options.fetch(url);`, 0],
  ]),
  ...cases("coded-errors", [
    ["ops/x.ts", `throw new Error("No");`, 1],
    ["ops/x.ts", `throw new TypeError("No");`, 1],
    ["ops/x_test.ts", `throw new Error("No");`, 0],
    ["ops/x.ts", `throw shapeMismatch("add", a, b, rule);`, 0],
  ]),
  ...cases("message-grammar", [
    ["ops/x.ts", `new AError("CODE", "bad shape");`, 1],
    ["ops/x.ts", "new AError(`Bad shape ${x}.`);", 1],
    ["ops/x.ts", `new AError("Shapes don't agree: found 1");`, 1],
    ["ops/x.ts", `new AError("Cannot add: it's full");`, 1],
    ["ops/x_test.ts", `new AError("bad shape");`, 0],
    ["ops/x.ts", "new AError(`Cannot add ${x}: the plugin's end`);", 0],
  ]),
  ...cases("module-state", [
    ["ops/x.ts", `let a = 1; export let b = 2;`, 2],
    ["ops/x.ts", `const a = new Map(); export const b = new Set();`, 2],
    ["ops/x.ts", `const a = 1; function f() { let b; new Map(); }`, 0],
    ["ops/x.ts", `const seen: WeakMap<A, B> = new WeakMap();`, 1],
    ["ops/x.ts", `const NONE: ReadonlySet<Node> = new Set();`, 0],
    ["ops/x.ts", `const NAMES: ReadonlySet<string> = new Set(["a"]);`, 0],
  ]),
  ...cases("double-cast", [
    ["ops/x.ts", `const a = b as unknown as C;`, 1],
    ["ops/x.ts", `const a = b as C;`, 0],
  ]),
  ...cases("private-fields", [
    ["ops/x.ts", `class A { private x = 1; private f() {} }`, 2],
    ["ops/x.ts", `class A { #x = 1; protected f() {} }`, 0],
  ]),
  ...cases("function-declarations", [
    ["ops/x.ts", `const f = () => 1; export const g = () => 1;`, 2],
    ["ops/x.ts", `function f() { const g = () => 1; }`, 0],
  ]),
  ...cases("function-length", [
    ["ops/x.ts", `function f() {\n${LONG}}`, 1],
    ["ops/x.ts", `class A { m() {\n${LONG}} }`, 1],
    ["ops/x.ts", `run(() => {\n${LONG}});`, 1],
    ["ops/x_test.ts", `function f() {\n${LONG}}`, 0],
    ["ops/x.ts", `function f() { f(); }`, 0],
  ]),
];

for (const { rule, path, source, want } of CASES) {
  const short = source.slice(0, 50).replaceAll("\n", " ");
  Deno.test(`${rule} reports ${want} in ${path}: ${short}`, () => {
    const found = Deno.lint.runPlugin(plugin, ROOT + path, source)
      .filter((diagnostic) => diagnostic.id === `house/${rule}`);
    assertEquals(found.length, want);
  });
}

Deno.test("every rule has a case that it reports and one that it passes", () => {
  const rules = Object.keys(plugin.rules).sort();
  const reporting = CASES.filter(({ want }) => want > 0);
  const passing = CASES.filter(({ want }) => want === 0);
  for (const some of [reporting, passing]) {
    assertEquals([...new Set(some.map(({ rule }) => rule))].sort(), rules);
  }
});
