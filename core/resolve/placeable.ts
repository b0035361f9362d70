import { compareText } from "../base/mod.ts";
import { type DependencyGraph, dependentsByPlugin } from "./graph.ts";

/**
 * Places every plugin whose dependencies can be placed before it. What is left over lies on a
 * circle or depends on one.
 *
 * Source: Kahn, Topological sorting of large networks, Communications of the ACM 5 (1962).
 *
 * @param graph Who depends on whom.
 * @returns Ids, each after all it depends on.
 */
export function placeable(graph: DependencyGraph): string[] {
  const dependents = dependentsByPlugin(graph);
  const waiting = new Map<string, number>();
  for (const [id, dependencies] of graph) {
    const inside = new Set(dependencies.filter((key) => graph.has(key)));
    waiting.set(id, inside.size);
  }
  // The queue and the order are one list: what has entered has its place.
  const order = [...graph.keys()]
    .filter((id) => waiting.get(id) === 0).sort(compareText);
  for (const id of order) {
    for (const dependent of dependents.get(id)!) {
      const left = waiting.get(dependent)! - 1;
      waiting.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  }
  return order;
}
