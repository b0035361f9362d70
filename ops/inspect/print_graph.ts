import { dotText, mermaidText, printable } from "../../core/base/mod.ts";
import type { Tensor } from "../tensor.ts";
import {
  type GraphLine,
  graphLines,
  type PrintGraphOptions,
} from "./graph_lines.ts";

/**
 * Writes down what tensors are computed by, one call a line, and computes nothing.
 *
 * @example A line a call
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printGraph, tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const x = tensor([1, 2]);
 * assertEquals(
 *   printGraph([x.mul(2).sum()], { names: { x } }),
 *   `x: float32[2] = input
 * %1: float32[2] = mul(x, 2)
 * %2: float32[] = sum[axes=null keepDims=false](%1)
 * return %2`,
 * );
 * ```
 *
 * @param tensors The tensors.
 * @param options Names of tensors.
 * @returns The text.
 */
export function printGraph(
  tensors: readonly Tensor[],
  options?: PrintGraphOptions,
): string {
  const { lines, results } = graphLines("printGraph", tensors, options);
  return [
    ...lines.map(({ name, what, type, inputs }) =>
      `${name}: ${type} = ${what}${
        inputs.length > 0 ? `(${inputs.join(", ")})` : ""
      }`
    ),
    `return ${results.join(", ")}`,
  ].map((line) => printable(line)).join("\n");
}

/**
 * Draws what tensors are computed by as a Mermaid flowchart, and computes nothing.
 *
 * @example Three boxes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mermaidOfGraph, tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const x = tensor([1, 2]);
 * assertEquals(
 *   mermaidOfGraph([x.exp().mul(x)], { names: { x } }),
 *   `flowchart TD
 *   n0["x<br>float32#91;2#93;"]
 *   n1["exp<br>float32#91;2#93;"]
 *   n2["mul<br>float32#91;2#93;"]
 *   n0 --> n1
 *   n1 --> n2
 *   n0 --> n2
 * `,
 * );
 * ```
 *
 * @param tensors The tensors.
 * @param options Names of tensors.
 * @returns The flowchart.
 */
export function mermaidOfGraph(
  tensors: readonly Tensor[],
  options?: PrintGraphOptions,
): string {
  const { lines } = graphLines("mermaidOfGraph", tensors, options);
  const boxes = labelsOf(lines).map((label, i) =>
    `  n${i}["${label.map(mermaidText).join("<br>")}"]`
  );
  const arrows = arrowsOf(lines).map(([from, to]) => `  n${from} --> n${to}`);
  return ["flowchart TD", ...boxes, ...arrows, ""].join("\n");
}

/**
 * Draws what tensors are computed by in DOT, the language of Graphviz, and computes nothing.
 *
 * @example Two boxes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dotOfGraph, tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const x = tensor([1, 2]);
 * assertEquals(
 *   dotOfGraph([x.exp()], { names: { x } }),
 *   `digraph {
 *   node [shape=box];
 *   n0 [label="x, float32[2]"];
 *   n1 [label="exp, float32[2]"];
 *   n0 -> n1;
 * }
 * `,
 * );
 * ```
 *
 * @param tensors The tensors.
 * @param options Names of tensors.
 * @returns The graph.
 */
export function dotOfGraph(
  tensors: readonly Tensor[],
  options?: PrintGraphOptions,
): string {
  const { lines } = graphLines("dotOfGraph", tensors, options);
  const boxes = labelsOf(lines).map((label, i) =>
    `  n${i} [label=${dotText(label.join(", "))}];`
  );
  const arrows = arrowsOf(lines).map(([from, to]) => `  n${from} -> n${to};`);
  return ["digraph {", "  node [shape=box];", ...boxes, ...arrows, "}", ""]
    .join("\n");
}

/** What stands in the boxes of a drawing. */
function labelsOf(lines: readonly GraphLine[]): string[][] {
  const drawn = new Set(lines.map(({ name }) => name));
  return lines.map(({ name, what, type, inputs }) => {
    // A number has no box of its own.
    const numbers = inputs.filter((input) => !drawn.has(input));
    return [
      what === "input" ? name : what,
      ...numbers.length > 0 ? [`with ${numbers.join(", ")}`] : [],
      type,
    ];
  });
}

/** Which box leads to which, by their places. */
function arrowsOf(
  lines: readonly GraphLine[],
): (readonly [from: number, to: number])[] {
  const places = new Map(lines.map(({ name }, i) => [name, i]));
  return lines.flatMap(({ inputs }, to) =>
    inputs.flatMap((input) => {
      const from = places.get(input);
      return from === undefined ? [] : [[from, to] as const];
    })
  );
}
