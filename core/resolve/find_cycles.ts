import { compareText } from "../base/mod.ts";
import { assertGraph, type DependencyGraph } from "./graph.ts";
import { placeable } from "./placeable.ts";

/**
 * Finds circles of dependencies: depth first from each id in sorted order. Each circle is turned
 * so that it comes first among its rotations; none is listed twice. Every plugin that is part of a
 * circle is in one of those listed.
 *
 * Cost: O(n · (n + dependencies)) for the `n` plugins on circles or depending on one; linear where
 * there is no circle.
 *
 * @param graph Who depends on whom.
 * @returns The circles, short ones first, then by text. A plugin that depends on itself is one.
 * @throws {OptionError} `INVALID_OPTION` if it is no graph.
 */
export function findCycles(graph: DependencyGraph): string[][] {
  assertGraph("graph of findCycles", graph);
  const rest = withoutPlaceable(graph);
  const cycles = new Map<string, string[]>();
  for (const start of [...rest.keys()].sort(compareText)) {
    for (const cycle of cyclesFrom(start, rest)) {
      const turned = smallestRotation(cycle);
      cycles.set(JSON.stringify(turned), turned);
    }
  }
  return [...cycles.values()].sort((a, b) =>
    a.length - b.length || compareText(a.join("\n"), b.join("\n"))
  );
}

/** The part of the graph that has no load order: circles, and what depends on them. */
function withoutPlaceable(graph: DependencyGraph): Map<string, string[]> {
  const placed = new Set(placeable(graph));
  const rest = new Map<string, string[]>();
  for (const [id, dependencies] of graph) {
    if (placed.has(id)) continue;
    const inside = dependencies.filter((key) =>
      graph.has(key) && !placed.has(key)
    );
    rest.set(id, inside.sort(compareText));
  }
  return rest;
}

/** The circles that one walk from `start` closes. A stack of its own: a circle may be longer than calls nest. */
function cyclesFrom(start: string, graph: DependencyGraph): string[][] {
  const cycles: string[][] = [];
  const path = [start];
  const placeOnPath = new Map([[start, 0]]);
  const done = new Set<string>();
  const rest = [[...graph.get(start)!].reverse()];
  while (path.length > 0) {
    const next = rest[rest.length - 1]!.pop();
    if (next === undefined) {
      rest.pop();
      const left = path.pop()!;
      placeOnPath.delete(left);
      done.add(left);
      continue;
    }
    const place = placeOnPath.get(next);
    if (place !== undefined) cycles.push(path.slice(place));
    else if (!done.has(next)) {
      placeOnPath.set(next, path.length);
      path.push(next);
      rest.push([...graph.get(next)!].reverse());
    }
  }
  return cycles;
}

/** The circle, written from the member that makes it come first. Members are distinct. */
function smallestRotation(cycle: readonly string[]): string[] {
  const first = cycle.reduce((a, b) => compareText(a, b) <= 0 ? a : b);
  const place = cycle.indexOf(first);
  return [...cycle.slice(place), ...cycle.slice(0, place)];
}
