import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { copyPlain } from "./copy_plain.ts";

Deno.test("copyPlain() gives a tree that shares nothing", () => {
  const shared = { a: [1, "x", null, true] };
  const { value } = copyPlain({ one: shared, two: shared });
  assertEquals(value, { one: shared, two: shared });
  shared.a.push(2);
  const { one, two } = value as { one: object; two: object };
  assertEquals(one, { a: [1, "x", null, true] });
  assertEquals(one === two, false);
});

Deno.test("copyPlain() keeps JSON as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (json) => {
      assertEquals<unknown>(copyPlain(json).value, json);
    }),
    { seed: 1 },
  );
});

const CYCLE: unknown[] = [];
CYCLE.push(CYCLE);

let deep: unknown = 1;
for (let depth = 0; depth < 65; depth++) deep = [deep];

let bomb: unknown = "x";
for (let level = 0; level < 9; level++) bomb = Array(9).fill(bomb);

Deno.test.each<{ name: string; value: unknown; code: string; path: string }>([
  { name: "a list in itself", value: CYCLE, code: "TOO_DEEP", path: "" },
  { name: "65 lists in each other", value: deep, code: "TOO_DEEP", path: "" },
  { name: "nine levels of nine", value: bomb, code: "TOO_LARGE", path: "" },
  {
    name: "a list of nothing, but long",
    value: new Array(2 ** 32 - 1),
    code: "TOO_LARGE",
    path: "",
  },
  {
    name: "a long list",
    value: Array(10_000).fill(0),
    code: "TOO_LARGE",
    path: "",
  },
  {
    name: "a hole",
    value: { a: new Array(2) },
    code: "NOT_PLAIN",
    path: "a[0]",
  },
  { name: "infinity", value: [Infinity], code: "NOT_PLAIN", path: "[0]" },
  {
    name: "a date",
    value: { a: { b: new Date(0) } },
    code: "NOT_PLAIN",
    path: "a.b",
  },
  { name: "a function", value: () => 1, code: "NOT_PLAIN", path: "" },
  { name: "nothing", value: undefined, code: "NOT_PLAIN", path: "" },
])("copyPlain() refuses $name", ({ value, code, path }) => {
  const { issue } = copyPlain(value);
  assertEquals([issue?.code, issue?.path], [code, path]);
});

Deno.test("copyPlain() takes as much as it may", () => {
  const list = Array(9_999).fill(0);
  assertEquals(copyPlain(list).value, list);
  assertEquals(copyPlain((deep as unknown[])[0]).issue, undefined);
});

Deno.test("copyPlain() reads no value of an object that has too many", () => {
  let reads = 0;
  const value: Record<string, unknown> = {};
  for (let i = 0; i < 10_001; i++) value[`key${i}`] = i;
  Object.defineProperty(value, "first", {
    enumerable: true,
    get: () => ++reads,
  });
  assertEquals(copyPlain(value).issue?.code, "TOO_LARGE");
  assertEquals(reads, 0);
});
