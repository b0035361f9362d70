import { assertEquals } from "@std/assert";
import { formatIssues, type Issue } from "./issue.ts";

Deno.test.each<{ name: string; issue: Omit<Issue, "code">; want: string }>([
  {
    name: "a place in a value",
    issue: { path: "a[0].b", message: "Unknown key" },
    want: "a[0].b: Unknown key",
  },
  {
    name: "the whole",
    issue: { path: "", message: "Found 3, wanted an object" },
    want: "Found 3, wanted an object",
  },
  {
    name: "a hint",
    issue: { path: "a", message: "Unknown key", hint: 'did you mean "b"?' },
    want: 'a: Unknown key (did you mean "b"?)',
  },
  {
    name: "a line and a column",
    issue: { path: "a", message: "Unknown key", line: 7, column: 3 },
    want: "7:3 a: Unknown key",
  },
  {
    name: "a line alone",
    issue: { path: "", message: "Found a tab", line: 7 },
    want: "7:1 Found a tab",
  },
])("formatIssues() says $name", ({ issue, want }) => {
  assertEquals(formatIssues([{ code: "X", ...issue }]), want);
});

Deno.test("formatIssues() puts each on a line of its own, in order", () => {
  const issues = ["b", "a"].map((path) => ({ code: "X", path, message: "No" }));
  assertEquals(formatIssues(issues), "b: No\na: No");
  assertEquals(formatIssues([]), "");
});
