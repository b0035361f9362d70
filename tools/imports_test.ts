import { assertEquals } from "@std/assert";
import { dependenciesOf } from "./imports.ts";

Deno.test.each([
  { source: `import { a } from "./a.ts";` },
  { source: `import type { A } from "./a.ts";` },
  { source: `import a, { type B } from "./a.ts";` },
  { source: `import "./a.ts";` },
  { source: `export * from "./a.ts";` },
  { source: `export * as a from "./a.ts";` },
  { source: `export { a } from "./a.ts";` },
  { source: `export type { A } from "./a.ts";` },
  { source: `function f() { return import("./a.ts"); }` },
])("dependenciesOf() finds code: $source", ({ source }) => {
  assertEquals(dependenciesOf("x.ts", source), [
    { specifier: "./a.ts", kind: "code" },
  ]);
});

Deno.test.each([
  { source: `import a from "./a.ts" with { type: "text" };` },
  { source: `new Worker(new URL("./a.ts", import.meta.url));` },
  { source: `const a = new URL("./a.ts", import.meta.url);` },
])("dependenciesOf() finds resource: $source", ({ source }) => {
  assertEquals(dependenciesOf("x.ts", source), [
    { specifier: "./a.ts", kind: "resource" },
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
