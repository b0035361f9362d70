import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { PluginError } from "../errors.ts";
import type { DependencyGraph } from "./graph.ts";
import { loadOrder } from "./load_order.ts";

// Expected values: worked by hand with a first-in, first-out queue.
Deno.test.each([
  { name: "nothing", graph: {}, want: [] },
  {
    name: "roots first, then what they free",
    graph: { a: [], b: ["a"], c: [] },
    want: ["a", "c", "b"],
  },
  {
    name: "a diamond",
    graph: { d: ["b", "c"], c: ["a"], b: ["a"], a: [] },
    want: ["a", "b", "c", "d"],
  },
  {
    name: "first in, first out, not sorted as a whole",
    graph: { a: [], b: [], z: ["a"], c: ["b"] },
    want: ["a", "b", "z", "c"],
  },
  {
    name: "a dependency outside the graph",
    graph: { b: ["elsewhere"], a: ["b"] },
    want: ["b", "a"],
  },
  {
    name: "a dependency named twice",
    graph: { a: [], b: ["a", "a"] },
    want: ["a", "b"],
  },
  {
    name: "text by code unit",
    graph: { b: [], a: [], B: [], "é": [] },
    want: ["B", "a", "b", "é"],
  },
])("loadOrder() $name", ({ graph, want }) => {
  assertEquals<readonly string[]>(loadOrder(toMap(graph)), want);
});

Deno.test("loadOrder() names the circle", () => {
  const graph = toMap({ c: ["a"], a: ["b"], b: ["c"], d: ["a"], e: [] });
  const error = assertThrows(
    () => loadOrder(graph),
    PluginError,
    'Cannot order plugins "a", "b", "c": they depend in a circle, "a" -> "b" -> "c" -> "a"',
  );
  assertEquals(error.code, "DEPENDENCY_CYCLE");
  assertEquals(error.details, { cycle: ["a", "b", "c"] });
});

Deno.test("loadOrder() puts dependencies first, whatever the order of entries", () => {
  fc.assert(
    fc.property(acyclicGraph(), fc.integer(), ([...graph], salt) => {
      const order = loadOrder(new Map(graph));
      assertEquals([...order].sort(), graph.map(([id]) => id).sort());
      for (const [id, dependencies] of graph) {
        for (const dependency of dependencies) {
          assert(order.indexOf(dependency) < order.indexOf(id));
        }
      }
      const shuffled = graph.map(([id, dependencies]) =>
        [id, dependencies.toReversed()] as const
      ).sort(([a], [b]) => mix(a, salt) - mix(b, salt));
      assertEquals(loadOrder(new Map(shuffled)), order);
    }),
    { seed: 1 },
  );
});

/** A graph in which edges go from higher numbers to lower ones only. */
function acyclicGraph(): fc.Arbitrary<Map<string, string[]>> {
  return fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 20 })
    .map((rows) =>
      new Map(rows.map((targets, index) => [
        `p${index}`,
        targets.filter((target) => target < index).map((target) =>
          `p${target}`
        ),
      ]))
    );
}

/** A number that depends on an id in no orderly way. */
function mix(id: string, salt: number): number {
  return Math.imul(Number(id.slice(1)) + 1, 0x9e3779b1 ^ salt);
}

function toMap(
  graph: Readonly<Record<string, readonly string[] | undefined>>,
): DependencyGraph {
  return new Map(Object.entries(graph).map(([id, list]) => [id, list ?? []]));
}
