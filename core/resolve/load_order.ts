import { dependencyCycle } from "./errors.ts";
import { findCycles } from "./find_cycles.ts";
import { assertGraph, type DependencyGraph } from "./graph.ts";
import { placeable } from "./placeable.ts";

/**
 * Puts plugins into an order in which each comes after all it depends on. Dependencies outside the
 * graph do not count. The order depends on the graph alone, not on the order of its entries:
 * plugins without dependencies come first, sorted; what a plugin frees enters a first-in,
 * first-out queue in sorted order. Unloading goes through the order backwards.
 *
 * Cost: O(plugins + dependencies), but for the sorting.
 *
 * @example One dependency
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadOrder } from "@spiraltorch/spiraltorch/core";
 *
 * const graph = new Map([["b", ["a"]], ["c", []], ["a", []]]);
 * assertEquals(loadOrder(graph), ["a", "c", "b"]);
 * ```
 *
 * @param graph Who depends on whom.
 * @returns The ids of the graph, each once.
 * @throws {OptionError} `INVALID_OPTION` if it is no graph.
 * @throws {PluginError} `DEPENDENCY_CYCLE` if there is no such order.
 */
export function loadOrder(graph: DependencyGraph): string[] {
  assertGraph("graph of loadOrder", graph);
  const order = placeable(graph);
  if (order.length < graph.size) throw dependencyCycle(findCycles(graph)[0]!);
  return order;
}
