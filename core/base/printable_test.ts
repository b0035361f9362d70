import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isPrintable, printable, printableLine } from "./printable.ts";

Deno.test.each([
  { name: "text as it is", text: "größer 模型 🌀 a\u0301", want: undefined },
  { name: "line breaks and tabs", text: "a\r\n\tb", want: "ab" },
  {
    name: "escape sequences",
    text: "a\u001b[31mb\u009b2Jc",
    want: "a[31mb2Jc",
  },
  {
    name: "overrides of direction",
    text: "a\u202eb\u2066c\u061c",
    want: "abc",
  },
  { name: "marks of direction", text: "a\u200e\u200fb", want: "ab" },
  { name: "what has no width", text: "a\u200b\u200d\u2060\ufeffb", want: "ab" },
  { name: "line separators", text: "a\u2028\u2029b", want: "ab" },
  { name: "annotations", text: "a\ufff9b\ufffbc", want: "abc" },
  {
    name: "floods of marks",
    text: `a${"\u0301".repeat(9)}b`,
    want: `a${"\u0301".repeat(4)}b`,
  },
  { name: "lone surrogates", text: "a\ud800b\udc00c", want: "abc" },
])("printable() $name", ({ text, want = text }) => {
  assertEquals(printable(text), want);
  assertEquals(isPrintable(text), text === want);
});

Deno.test.each([
  { text: "abcd", lengthMax: 4, want: "abcd" },
  { text: "abcde", lengthMax: 4, want: "abc…" },
  { text: "ab🌀cd", lengthMax: 4, want: "ab…" },
  { text: "a\u0000b\u0000c\u0000d", lengthMax: 4, want: "abcd" },
])("printable() clips $text to $lengthMax", ({ text, lengthMax, want }) => {
  assertEquals(printable(text, lengthMax), want);
});

Deno.test("printable() gives short printable text, and leaves that alone", () => {
  const lengthMax = 8;
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
      const once = printable(text, lengthMax);
      assert(isPrintable(once));
      assert(once.length <= lengthMax);
      assertEquals(printable(once, lengthMax), once);
    }),
    { seed: 1 },
  );
});

Deno.test("printableLine() gives one line of at most 200 characters", () => {
  assertEquals(
    printableLine("  Adds\r\n\ttwo\u2028numbers.\u001b[2K\u202e "),
    "Adds two numbers.[2K",
  );
  assertEquals(printableLine("ab\n".repeat(100)).length, 200);
});
