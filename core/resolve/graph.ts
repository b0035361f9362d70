import { compareText, invalidOption } from "../base/mod.ts";

/**
 * Who depends on whom: from each id to the ids it depends on. A dependency that is not a key of
 * its own is outside the graph.
 */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Requires a graph.
 *
 * **Cost**: one look at each dependency.
 *
 * @param option Name of the argument, `graph of loadOrder`.
 * @param graph What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is something else.
 */
export function assertGraph(option: string, graph: unknown): void {
  const isGraph = graph instanceof Map &&
    graph.keys().every(isText) &&
    graph.values().every((each) => Array.isArray(each) && each.every(isText));
  if (isGraph) return;
  throw invalidOption(option, graph, "a Map from ids to lists of ids");
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

/**
 * Turns a graph around.
 *
 * Cost: O(plugins + dependencies), but for the sorting.
 *
 * @param graph Who depends on whom.
 * @returns From each id of the graph to the ids that depend on it, sorted.
 */
export function dependentsByPlugin(
  graph: DependencyGraph,
): Map<string, string[]> {
  const dependents = new Map<string, string[]>();
  for (const id of graph.keys()) dependents.set(id, []);
  // In sorted order, so that every list comes out sorted.
  for (const id of [...graph.keys()].sort(compareText)) {
    for (const dependency of new Set(graph.get(id))) {
      dependents.get(dependency)?.push(id);
    }
  }
  return dependents;
}

/**
 * Finds everything that depends on one plugin, directly or through others.
 *
 * @param id Id of the plugin.
 * @param graph Who depends on whom.
 * @returns Ids, sorted, without `id` itself.
 */
export function transitiveDependents(
  id: string,
  graph: DependencyGraph,
): string[] {
  const dependents = dependentsByPlugin(graph);
  const found = new Set<string>([id]);
  // The set grows while it is walked: what is added is walked too.
  for (const next of found) {
    for (const dependent of dependents.get(next) ?? []) found.add(dependent);
  }
  found.delete(id);
  return [...found].sort(compareText);
}
