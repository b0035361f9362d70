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
  { name: "a list without end", text: "a: 1\nb: [1,", line: 2, column: 7 },
  { name: "a tag", text: "a: !!js/function x", line: 1, column: 4 },
  { name: "bytes", text: "a: !!binary aGk=", line: 1, column: 4 },
  { name: "an alias of nothing", text: "a: *b", line: 1, column: 5 },
])("readText() reports $name with its place", ({ text, line, column }) => {
  const [issue, ...others] = readText(text).issues;
  assertEquals(others, []);
  assertEquals(issue?.code, "YAML");
  assertEquals([issue?.line, issue?.column], [line, column]);
});

Deno.test("pipelines: duplicate keys: readText() reports each of them", () => {
  const { issues } = readText("a: 1\nb: { c: 1, c: 2 }\na: 2");
  assertEquals(
    issues.map(({ code, path, line, column }) => [code, path, line, column]),
    [["DUPLICATE_KEY", "b.c", 2, 12], ["DUPLICATE_KEY", "a", 3, 1]],
  );
});

Deno.test("readText() refuses a second document", () => {
  const [issue] = readText("a: 1\n---\nb: 2").issues;
  assertEquals(issue?.message, "Found 2 documents, wanted one");
});

Deno.test.each([
  { path: "a", code: "", want: [1, 4] },
  { path: "a", code: "UNKNOWN_KEY", want: [1, 1] },
  { path: "b[0].c", code: "", want: [3, 8] },
  { path: "b[0].c[1]", code: "", want: [3, 12] },
  { path: "b[0].c[1].deep", code: "UNKNOWN_KEY", want: [3, 12] },
  { path: "b[1].nothing", code: "", want: [4, 5] },
  { path: "text", code: "", want: [5, 7] },
  { path: "empty", code: "", want: [6, 1] },
  { path: "again[0].c", code: "", want: [7, 8] },
  { path: "nowhere", code: "", want: [1, 1] },
])("readText() tells where $path is ($code)", ({ path, code, want }) => {
  const text =
    "a: 1 # one\nb: &b\n  - c: [x, y]\n  - d: 1\ntext: 'q'\nempty:\nagain: *b";
  const { line, column } = readText(text).positions.find(path, code)!;
  assertEquals([line, column].join(), want.join());
});

Deno.test("readText() counts lines however they end", () => {
  const { positions } = readText("a: 1\r\nb: 2\rc: 3\nd: 4");
  assertEquals(
    ["a", "b", "c", "d"].map((path) => positions.find(path, "")?.line),
    [1, 2, 3, 4],
  );
});

Deno.test("readText() counts values, however much its parser makes of them", () => {
  // Three events each: the key, and where the list begins and ends.
  const keys = Array.from({ length: 7000 }, (_, i) => i.toString(36));
  const text = `{${keys.map((key) => `k${key}: [],`).join("")}}`;
  const { issues, value } = readText(text);
  assertEquals(issues, []);
  assertEquals(Object.keys(value as object).length, keys.length);
});

Deno.test.each([
  {
    name: "brackets nested too deep",
    text: "[".repeat(50_000),
    code: "TOO_DEEP",
  },
  {
    name: "dashes nested too deep",
    text: "- ".repeat(30_000),
    code: "TOO_DEEP",
  },
  { name: "a long text", text: " ".repeat(64 * 1024 + 1), code: "TOO_LARGE" },
  {
    name: "more values than there may be",
    text: `[${"1,".repeat(31_000)}]`,
    code: "TOO_LARGE",
  },
])("readText() refuses $name", ({ text, code }) => {
  assertEquals(readText(text).issues[0]?.code, code);
});
