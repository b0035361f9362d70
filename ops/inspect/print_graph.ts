import { mermaidText, printable } from "../../core/base/mod.ts";
import type { Tensor } from "../tensor.ts";
import { graphLines, type PrintGraphOptions } from "./graph_lines.ts";

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
  const places = new Map(lines.map(({ name }, i) => [name, `n${i}`]));
  const boxes = lines.map(({ name, what, type, inputs }, i) => {
    // A number has no box of its own.
    const numbers = inputs.filter((input) => !places.has(input));
    const label = [
      what === "input" ? name : what,
      ...numbers.length > 0 ? [`with ${numbers.join(", ")}`] : [],
      type,
    ];
    return `  n${i}["${label.map(mermaidText).join("<br>")}"]`;
  });
  const arrows = lines.flatMap(({ inputs }, i) =>
    inputs.flatMap((input) => {
      const from = places.get(input);
      return from === undefined ? [] : [`  ${from} --> n${i}`];
    })
  );
  return ["flowchart TD", ...boxes, ...arrows, ""].join("\n");
}
