import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { copyJson } from "./copy_json.ts";

/** Paths of what could not be copied, and why. */
function problems(value: unknown): string[] {
  return copyJson(value).issues.map(({ path, message }) =>
    `${path}: ${message.replace(", wanted plain data", "")}`
  );
}

Deno.test("copyJson() copies plain data, frozen through and through", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const { value: copy, issues } = copyJson(value);
      assertEquals(issues, []);
      assertEquals<unknown>(JSON.stringify(copy), JSON.stringify(value));
      assert(isFrozen(copy));
    }),
    { seed: 1 },
  );
});

function isFrozen(value: unknown): boolean {
  return typeof value !== "object" || value === null ||
    Object.isFrozen(value) && Object.values(value).every(isFrozen);
}

Deno.test("copyJson() keeps the copy from what happens to the original", () => {
  const original = { list: [1, { deep: true }] };
  const { value } = copyJson(original);
  original.list.push(2);
  assertEquals(value, { list: [1, { deep: true }] });
});

Deno.test("copyJson() takes every key as plain data", () => {
  const { value } = copyJson(JSON.parse('{"__proto__": {"admin": true}}'));
  assertEquals(JSON.stringify(value), '{"__proto__":{"admin":true}}');
  assertEquals(Object.getPrototypeOf(value), Object.prototype);
});

Deno.test("copyJson() takes undefined properties as absent", () => {
  assertEquals(copyJson({ a: undefined, b: 1 }).value, { b: 1 });
});

Deno.test("copyJson() reads each property once", () => {
  let reads = 0;
  const value = {
    get n() {
      return ++reads;
    },
  };
  assertEquals(copyJson(value).value, { n: 1 });
  assertEquals(reads, 1);
  assertThrows(() =>
    copyJson({
      get n() {
        throw new TypeError("no");
      },
    }), TypeError);
});

Deno.test.each([
  { name: "undefined", value: undefined, want: [": found undefined"] },
  { name: "NaN", value: { a: NaN }, want: ["a: found NaN"] },
  { name: "a function", value: [() => {}], want: ["[0]: found function"] },
  {
    name: "an object of a class",
    value: { a: { b: [new Date()] } },
    want: ["a.b[0]: found an object of a class"],
  },
  { name: "a bigint", value: 1n, want: [": found bigint"] },
  {
    name: "two things at once",
    value: { a: Symbol(), b: Infinity },
    want: ["a: found symbol", "b: found Infinity"],
  },
  {
    name: "an undefined item",
    value: [undefined],
    want: ["[0]: found undefined"],
  },
])("copyJson() refuses $name", ({ value, want }) => {
  assertEquals<readonly string[]>(problems(value), want);
});

Deno.test("copyJson() refuses cycles, but not what is shared", () => {
  const shared = { n: 1 };
  assertEquals(problems({ a: shared, b: shared }), []);
  const cyclic: Record<string, unknown> = {};
  cyclic.a = { b: cyclic };
  assertEquals(problems(cyclic), ["a.b: found a cycle"]);
});

Deno.test("copyJson() refuses what is nested too deep", () => {
  let value: unknown = 1;
  for (let depth = 0; depth < 64; depth++) value = [value];
  assertEquals(problems(value), []);
  assertEquals(problems([value]).length, 1);
});

Deno.test("copyJson() refuses what is small to write and huge to copy", () => {
  let value: unknown = 1;
  for (let depth = 0; depth < 60; depth++) value = [value, value];
  assertEquals(problems(value).length, 1);
  const sparse: unknown[] = [];
  sparse.length = 2 ** 32 - 1;
  assertEquals(problems(sparse), [": found more than 100000 values"]);
});

Deno.test("copyJson() cleans the paths it reports", () => {
  assertEquals(problems({ "a\u001b[2K": 1n }), ["a[2K: found bigint"]);
});
