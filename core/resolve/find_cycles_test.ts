import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { findCycles } from "./find_cycles.ts";
import type { DependencyGraph } from "./graph.ts";

Deno.test.each([
  { name: "a chain", graph: { a: [], b: ["a"], c: ["b"] }, want: [] },
  {
    name: "a diamond",
    graph: { a: [], b: ["a"], c: ["a"], d: ["b", "c"] },
    want: [],
  },
  { name: "a plugin that needs itself", graph: { a: ["a"] }, want: [["a"]] },
  {
    name: "a two-circle and a three-circle that share a plugin",
    graph: { b: ["c", "d"], c: ["b"], d: ["a"], a: ["b"] },
    want: [["b", "c"], ["a", "b", "d"]],
  },
  {
    name: "two circles through the same way back",
    graph: { a: ["b", "c"], b: ["d"], c: ["d"], d: ["a"] },
    want: [["a", "b", "d"], ["a", "c", "d"]],
  },
  {
    name: "what only leads to a circle or from one",
    graph: { x: ["a"], a: ["b"], b: ["a", "y"], y: [] },
    want: [["a", "b"]],
  },
  { name: "a dependency outside the graph", graph: { a: ["z"] }, want: [] },
])("findCycles() $name", ({ graph, want }) => {
  assertEquals<readonly (readonly string[])[]>(
    findCycles(toMap(graph)),
    want,
  );
});

Deno.test("findCycles() lists true circles, and every plugin that is on one", () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const rows = fc.array(fc.subarray(names), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(rows, (lists) => {
      const graph = new Map(names.map((name, index) => [name, lists[index]!]));
      const cycles = findCycles(graph);
      for (const cycle of cycles) {
        cycle.forEach((id, index) => {
          const next = cycle[(index + 1) % cycle.length]!;
          assert(graph.get(id)!.includes(next), `${id} -> ${next}`);
        });
        assertEquals(new Set(cycle).size, cycle.length);
        assertEquals(cycle[0], [...cycle].sort()[0]);
      }
      assertEquals(new Set(cycles.map(String)).size, cycles.length);
      const onCycle = names.filter((name) => reaches(name, name, graph));
      assertEquals([...new Set(cycles.flat())].sort(), onCycle);
    }),
    { seed: 1 },
  );
});

/** Whether one plugin depends on another, by going every way. */
function reaches(
  from: string,
  to: string,
  graph: ReadonlyMap<string, readonly string[]>,
): boolean {
  const found = new Set(graph.get(from));
  for (const id of found) graph.get(id)?.forEach((next) => found.add(next));
  return found.has(to);
}

function toMap(
  graph: Readonly<Record<string, readonly string[] | undefined>>,
): DependencyGraph {
  return new Map(Object.entries(graph).map(([id, list]) => [id, list ?? []]));
}
