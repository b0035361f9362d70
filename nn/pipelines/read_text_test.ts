import { assert, assertEquals } from "@std/assert";
import { readText } from "./read_text.ts";

Deno.test.each([
  {
    text: "a: 1\nb: [x, true, null, 1.5]",
    want: { a: 1, b: ["x", true, null, 1.5] },
  },
  {
    text: '{"a": {"b": [1, "x"]}, "c": null}',
    want: { a: { b: [1, "x"] }, c: null },
  },
  { text: '{\n\t"a": [\n\t\t"\\u00e9\\n"\n\t]\n}', want: { a: ["é\n"] } },
  {
    text: "when: 2001-01-01\nanswer: yes",
    want: { when: "2001-01-01", answer: "yes" },
  },
  { text: "a: &x [1]\nb: *x", want: { a: [1], b: [1] } },
  { text: "<<: { a: 1 }\nb: 2", want: { "<<": { a: 1 }, b: 2 } },
  { text: "", want: null },
])("readText() of %j", ({ text, want }) => {
  assertEquals<unknown>(readText(text).value, want);
});

Deno.test("readText() keeps a prototype as a key of its own", () => {
  const { value } = readText("__proto__: { polluted: 1 }");
  assert(Object.hasOwn(value as object, "__proto__"));
  assertEquals("polluted" in {}, false);
});

Deno.test.each([
  { name: "a list without end", text: "a: 1\nb: [1,", line: 3, column: 1 },
  { name: "a key twice", text: "a: 1\nb: 1\na: 2", line: 3, column: 1 },
  { name: "a tag", text: "a: !!js/function x", line: 1, column: 19 },
  { name: "bytes", text: "a: !!binary aGk=", line: 1, column: 17 },
  { name: "an alias of nothing", text: "a: *b", line: 1, column: 6 },
  { name: "two documents", text: "a: 1\n---\nb: 2", line: 2, column: 1 },
])("readText() reports $name with its place", ({ text, line, column }) => {
  const { issue } = readText(text);
  assertEquals(issue?.code, "YAML");
  assertEquals([issue?.line, issue?.column], [line, column]);
  assert(!issue!.message.includes("at line"), issue!.message);
});

Deno.test.each([
  {
    name: "brackets nested too deep",
    text: "[".repeat(50_000),
    code: "TOO_DEEP",
  },
  {
    name: "dashes nested too deep",
    text: "- ".repeat(50_000),
    code: "TOO_DEEP",
  },
  { name: "a long text", text: " ".repeat(256 * 1024 + 1), code: "TOO_LARGE" },
])("readText() refuses $name", ({ text, code }) => {
  assertEquals(readText(text).issue?.code, code);
});
