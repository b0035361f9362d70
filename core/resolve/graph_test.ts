import { assertEquals } from "@std/assert";
import { dependentsByPlugin, transitiveDependents } from "./graph.ts";

const GRAPH = new Map([
  ["d", ["b", "c"]],
  ["c", ["a", "a", "outside"]],
  ["b", ["a"]],
  ["a", []],
  ["e", []],
]);

Deno.test("dependentsByPlugin() turns the graph around, sorted and without repeats", () => {
  assertEquals(
    Object.fromEntries(dependentsByPlugin(GRAPH)),
    { a: ["b", "c"], b: ["d"], c: ["d"], d: [], e: [] },
  );
});

Deno.test.each([
  { id: "a", want: ["b", "c", "d"] },
  { id: "b", want: ["d"] },
  { id: "d", want: [] },
  { id: "absent", want: [] },
])("transitiveDependents() of $id", ({ id, want }) => {
  assertEquals<readonly string[]>(transitiveDependents(id, GRAPH), want);
});

Deno.test("transitiveDependents() ends on a circle", () => {
  const circle = new Map([["a", ["b"]], ["b", ["a"]]]);
  assertEquals(transitiveDependents("a", circle), ["b"]);
});
