import { assertEquals } from "@std/assert";
import { type DataRule, isPlainData, plainDataProblem } from "./plain_data.ts";

class Point {
  x = 1;
}

function cyclic(): unknown {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = { value };
  return value;
}

function hugeHole(): unknown {
  const list: number[] = [];
  list.length = 2 ** 32 - 1;
  return list;
}

Deno.test.each<
  { name: string; value: unknown; want: string; rule?: DataRule }
>([
  { name: "a function", value: { f() {} }, want: "a function" },
  { name: "a symbol", value: [Symbol("x")], want: "a symbol" },
  { name: "a bigint", value: 1n, want: "a bigint" },
  { name: "NaN", value: { a: NaN }, want: "the number NaN" },
  { name: "Infinity", value: -Infinity, want: "the number -Infinity" },
  { name: "negative zero", value: [-0], want: "the number -0" },
  { name: "undefined", value: { a: undefined }, want: "an undefined value" },
  { name: "a huge hole", value: hugeHole(), want: "an undefined value" },
  {
    name: "an instance",
    value: { p: new Point() },
    want: "an object with a class",
  },
  { name: "a date", value: new Date(0), want: "an object with a class" },
  { name: "bytes", value: new Uint8Array(1), want: "an object with a class" },
  {
    name: "a prototype key",
    value: { prototype: 1 },
    want: 'a key named "prototype"',
    rule: "message-key",
  },
  {
    name: "a cycle",
    value: cyclic(),
    want: "more than 64 levels",
    rule: "message-depth",
  },
  {
    name: "65 levels",
    value: nested(65),
    want: "more than 64 levels",
    rule: "message-depth",
  },
])(
  "plainDataProblem() finds $name",
  ({ value, want, rule = "message-shape" }) => {
    assertEquals(plainDataProblem(value), { rule, found: want });
    assertEquals(isPlainData(value), false);
  },
);

Deno.test("plainDataProblem() finds nothing in plain data", () => {
  const value = { a: [1, "b", null, true, { c: 1e300 }], d: nested(60) };
  assertEquals(plainDataProblem(value), undefined);
  assertEquals(isPlainData(value), true);
  assertEquals(isPlainData(nested(64)), true);
});
