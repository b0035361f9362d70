/**
 * A recording as a picture: one node an event, in the order in which they were published.
 *
 * @module
 */
import {
  dotText,
  invalidOption,
  mermaidText,
  optionsOf,
  printable,
} from "../base/mod.ts";
import type { WireRecord } from "./event_record.ts";

/** How a recording is drawn. */
export interface EventFlowOptions {
  /**
   * How many events are drawn, the oldest first; one more node stands for the rest.
   *
   * @default {100}
   */
  readonly maxNodes?: number;
}

const NODES_MAX = 100;

/**
 * Draws a recording as a Mermaid flowchart.
 *
 * @param records The recording.
 * @param options How many events are drawn.
 * @returns The text of the chart.
 * @throws {OptionError} `INVALID_OPTION` if `maxNodes` is no whole number above 0.
 */
export function mermaidOfEvents(
  records: readonly WireRecord[],
  options: EventFlowOptions = {},
): string {
  const nodes = nodesOf(records, options);
  const lines = nodes.map(([name, label]) =>
    `  ${name}["${mermaidText(label)}"]`
  );
  const arrows = pairs(nodes).map(([from, to]) => `  ${from} --> ${to}`);
  return ["flowchart TD", ...lines, ...arrows, ""].join("\n");
}

/**
 * Draws a recording in the DOT language of Graphviz.
 *
 * @param records The recording.
 * @param options How many events are drawn.
 * @returns The text of the graph.
 * @throws {OptionError} `INVALID_OPTION` if `maxNodes` is no whole number above 0.
 */
export function dotOfEvents(
  records: readonly WireRecord[],
  options: EventFlowOptions = {},
): string {
  const nodes = nodesOf(records, options);
  const lines = nodes.map(([name, label]) =>
    `  ${name} [label=${dotText(label)}];`
  );
  const arrows = pairs(nodes).map(([from, to]) => `  ${from} -> ${to};`);
  const head = ["digraph events {", "  rankdir=TB;", "  node [shape=box];"];
  return [...head, ...lines, ...arrows, "}", ""].join("\n");
}

/** Names and labels of the nodes. */
function nodesOf(
  records: readonly WireRecord[],
  options: EventFlowOptions,
): (readonly [name: string, label: string])[] {
  const { maxNodes = NODES_MAX } = optionsOf("event flow", options);
  if (!Number.isSafeInteger(maxNodes) || maxNodes < 1) {
    throw invalidOption("maxNodes", maxNodes, "a whole number above 0");
  }
  const shown = records.slice(0, maxNodes)
    .map((record, index) => [`n${index}`, labelOf(record)] as const);
  const left = records.length - shown.length;
  return left === 0 ? shown : [...shown, ["n_more", `${left} more`]];
}

function pairs(
  nodes: readonly (readonly [string, string])[],
): (readonly [string, string])[] {
  return nodes.slice(1).map(([name], index) => [nodes[index]![0], name]);
}

/** What is most telling about an event, in one line. */
function labelOf({ source, event: { kind, data = {} } }: WireRecord): string {
  const detail = data.event_type ?? data.op_name ?? data.plugin_id ??
    data.epoch ?? data.backend ?? data.count;
  const what = detail === undefined ? kind : `${kind} ${detail}`;
  return printable(source === "host" ? what : `${source}: ${what}`, 120);
}
