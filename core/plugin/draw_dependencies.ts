/**
 * Who depends on whom, as a picture. An arrow goes from a plugin to what it depends on; what is not
 * there is dashed.
 *
 * @module
 */
import {
  compareText,
  dotText,
  invalidOption,
  mermaidText,
  optionsOf,
} from "../base/mod.ts";
import type { DependencyGraph } from "../resolve/graph.ts";

/** Where the arrows of a picture go: from left to right, from top to bottom, or back. */
export type GraphDirection = "LR" | "RL" | "TB" | "BT";

const DIRECTIONS: readonly GraphDirection[] = ["LR", "RL", "TB", "BT"];

/** How the dependencies are drawn. */
export interface DrawGraphOptions {
  /**
   * Where the arrows go.
   *
   * @default {"LR"}
   */
  readonly rankdir?: GraphDirection;
  /**
   * Whether what is not there is drawn.
   *
   * @default {true}
   */
  readonly showMissing?: boolean;
}

/** A picture before it is written down. */
interface Picture {
  readonly rankdir: GraphDirection;
  readonly ids: readonly string[];
  readonly missing: ReadonlySet<string>;
  readonly arrows: readonly (readonly [from: string, to: string])[];
}

/**
 * Draws a graph in the DOT language of Graphviz.
 *
 * @param graph Who depends on whom, sorted.
 * @param options How it is drawn.
 * @returns The text of the graph.
 * @throws {OptionError} `INVALID_OPTION` if `rankdir` is no direction.
 */
export function dotOfGraph(
  graph: DependencyGraph,
  options: DrawGraphOptions = {},
): string {
  const { rankdir, ids, missing, arrows } = pictureOf(graph, options);
  const nodes = ids.map((id) =>
    `  ${dotText(id)}${missing.has(id) ? " [style=dashed]" : ""};`
  );
  const edges = arrows.map(([from, to]) =>
    `  ${dotText(from)} -> ${dotText(to)}${
      missing.has(to) ? " [style=dashed]" : ""
    };`
  );
  const head = [
    "digraph plugins {",
    `  rankdir=${rankdir};`,
    "  node [shape=box];",
  ];
  return [...head, ...nodes, ...edges, "}", ""].join("\n");
}

/**
 * Draws a graph as a Mermaid flowchart.
 *
 * @param graph Who depends on whom, sorted.
 * @param options How it is drawn.
 * @returns The text of the chart.
 * @throws {OptionError} `INVALID_OPTION` if `rankdir` is no direction.
 */
export function mermaidOfGraph(
  graph: DependencyGraph,
  options: DrawGraphOptions = {},
): string {
  const { rankdir, ids, missing, arrows } = pictureOf(graph, options);
  // Mermaid gives some words a meaning of its own, so that ids cannot be names of nodes.
  const names = new Map(ids.map((id, index) => [id, `n${index}`]));
  const nodes = ids.map((id) => `  ${names.get(id)}["${mermaidText(id)}"]`);
  const edges = arrows.map(([from, to]) =>
    `  ${names.get(from)} ${missing.has(to) ? "-.->" : "-->"} ${names.get(to)}`
  );
  const dashed = [...missing].map((id) =>
    `  style ${names.get(id)} stroke-dasharray: 4`
  );
  return [`flowchart ${rankdir}`, ...nodes, ...edges, ...dashed, ""].join("\n");
}

function pictureOf(
  graph: DependencyGraph,
  options: DrawGraphOptions,
): Picture {
  const { rankdir = "LR", showMissing = true } = optionsOf("graph", options);
  if (!DIRECTIONS.includes(rankdir)) {
    throw invalidOption("rankdir", rankdir, DIRECTIONS.join(", "));
  }
  const arrows = [...graph].flatMap(([from, dependencies]) =>
    dependencies.filter((to) => showMissing || graph.has(to))
      .map((to) => [from, to] as const)
  );
  const missing = new Set(
    arrows.map(([, to]) => to).filter((to) => !graph.has(to)).sort(compareText),
  );
  return { rankdir, ids: [...graph.keys(), ...missing], missing, arrows };
}
