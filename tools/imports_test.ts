import { assertEquals } from "@std/assert";
import { dependenciesOf } from "./imports.ts";

Deno.test.each(
  [
    { source: `import { a } from "./a.ts";`, loads: "start" },
    { source: `import type { A } from "./a.ts";`, loads: "never" },
    { source: `import a, { type B } from "./a.ts";`, loads: "start" },
    { source: `import "./a.ts";`, loads: "start" },
    { source: `export * from "./a.ts";`, loads: "start" },
    { source: `export * as a from "./a.ts";`, loads: "start" },
    { source: `export { a } from "./a.ts";`, loads: "start" },
    { source: `export type { A } from "./a.ts";`, loads: "never" },
    { source: `export type * from "./a.ts";`, loads: "never" },
    { source: `function f() { return import("./a.ts"); }`, loads: "need" },
  ] as const,
)(
  "dependenciesOf() finds code that loads at $loads: $source",
  ({ source, loads }) => {
    assertEquals(dependenciesOf("x.ts", source), [
      { specifier: "./a.ts", kind: "code", loads },
    ]);
  },
);

Deno.test.each(
  [
    {
      source: `import a from "./a.ts" with { type: "text" };`,
      loads: "start",
    },
    {
      source: `new Worker(new URL("./a.ts", import.meta.url));`,
      loads: "need",
    },
    {
      source: `const a = new URL("./a.ts", import.meta.url);`,
      loads: "need",
    },
  ] as const,
)("dependenciesOf() finds resource: $source", ({ source, loads }) => {
  assertEquals(dependenciesOf("x.ts", source), [
    { specifier: "./a.ts", kind: "resource", loads },
  ]);
});

Deno.test.each([
  { source: `await import(name);` },
  { source: `new URL("..", import.meta.url);` },
  { source: `new URL("./a.ts", base);` },
  { source: `new URL("https://a.test/a.ts");` },
  { source: `export const a = 1; // import "./a.ts";` },
  { source: 'const a = `import "./a.ts";`;' },
])("dependenciesOf() passes over $source", ({ source }) => {
  assertEquals(dependenciesOf("x.ts", source), []);
});

Deno.test("dependenciesOf() keeps the order of the text", () => {
  const source = `import "./b.ts"; import "zod"; export * from "./a.ts";`;
  const specifiers = dependenciesOf("x.ts", source).map((d) => d.specifier);
  assertEquals(specifiers, ["./b.ts", "zod", "./a.ts"]);
});
