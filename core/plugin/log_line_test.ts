import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isPrintable, type Json } from "../base/mod.ts";
import { clipLine, LINE_BYTES_MAX, type LogLine } from "./log_line.ts";

function bytesOf({ message, fields }: LogLine): number {
  const encoder = new TextEncoder();
  return encoder.encode(message).length +
    encoder.encode(JSON.stringify(fields)).length;
}

const LONG = 10 * LINE_BYTES_MAX;

Deno.test.each<{ name: string; value: unknown }>([
  { name: "long text", value: "x".repeat(LONG) },
  { name: "long text of many bytes", value: "\u20ac\u{1f600}".repeat(LONG) },
  { name: "quotes", value: '"\\'.repeat(LONG) },
  { name: "many numbers", value: Array(LONG).fill(1) },
  { name: "many texts", value: Array(LONG).fill("text") },
  {
    name: "a list of holes",
    value: Object.assign([], { length: 2 ** 32 - 1 }),
  },
  { name: "empty lists", value: Array(LONG).fill([]) },
  {
    name: "long names",
    value: Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [`${"k".repeat(90)}${i}`, i]),
    ),
  },
  {
    name: "a tree",
    value: Array(100).fill(Array(100).fill(Array(100).fill("leaf"))),
  },
])("clipLine() cuts $name to the length of a line", ({ value }) => {
  for (const message of ["message", "m".repeat(LONG), "\u20ac".repeat(LONG)]) {
    const line = clipLine(message, { first: 1, value, last: "\u20ac" });
    assert(bytesOf(line) <= LINE_BYTES_MAX, `${bytesOf(line)} bytes`);
    assertEquals(line.fields.clipped, true);
    if (message === "message") assertEquals(line.fields.first, 1);
  }
});

Deno.test("clipLine() leaves short lines as they are", () => {
  const fields = { a: [1, "b", null, { c: true }], "": -1.5, gone: undefined };
  const { gone: _, ...wanted } = fields;
  assertEquals(clipLine("short", fields), { message: "short", fields: wanted });
  const { message } = clipLine("x".repeat(8000), {});
  assertEquals(message, "x".repeat(8000));
});

Deno.test("clipLine() cleans text and names, and writes null for what is no plain data", () => {
  const cycle: Record<string, unknown> = { n: 1 };
  cycle.again = cycle;
  const { fields } = clipLine("", {
    "k\u0007": "v\u202e",
    cycle,
    date: new Date(0),
    nan: NaN,
    call: () => {},
    ["__proto__"]: 7,
  });
  assertEquals(Object.entries(fields), [
    ["k", "v"],
    ["cycle", { n: 1, again: null }],
    ["date", null],
    ["nan", null],
    ["call", null],
    ["__proto__", 7],
  ]);
});

Deno.test("clipLine() makes clean lines of bounded length of anything", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 9000 }),
      fc.dictionary(
        fc.string({ unit: "binary" }),
        fc.jsonValue({ maxDepth: 5 }),
        {
          maxKeys: 50,
        },
      ),
      (message, fields) => {
        const line = clipLine(message, fields);
        assert(bytesOf(line) <= LINE_BYTES_MAX);
        assert(isPrintable(line.message));
        assertPrintable(line.fields);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

function assertPrintable(value: Json): void {
  if (typeof value === "string") assert(isPrintable(value));
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    assert(isPrintable(key));
    assertPrintable(item);
  }
}
