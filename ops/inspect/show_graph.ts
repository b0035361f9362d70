import { type Displayable, JUPYTER_DISPLAY } from "../../core/base/mod.ts";
import type { Tensor } from "../tensor.ts";
import type { PrintGraphOptions } from "./graph_lines.ts";
import { mermaidOfGraph, printGraph } from "./print_graph.ts";

/**
 * Makes what a notebook shows of tensors' graph: a Mermaid flowchart where it can draw one, text
 * elsewhere. Nothing is computed.
 *
 * @example In the last line of a cell
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { JUPYTER_DISPLAY } from "@spiraltorch/spiraltorch/base";
 * import { showGraph, tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const shown = showGraph([tensor([1, 2]).exp()]);
 * assertEquals(Object.keys(await shown[JUPYTER_DISPLAY]()), [
 *   "text/vnd.mermaid",
 *   "text/plain",
 * ]);
 * ```
 *
 * @param tensors The tensors.
 * @param options Names of tensors.
 * @returns What a notebook shows.
 * @throws {OptionError} `INVALID_OPTION` if it is no list of tensors.
 */
export function showGraph(
  tensors: readonly Tensor[],
  options?: PrintGraphOptions,
): Displayable {
  const bundle = {
    "text/vnd.mermaid": mermaidOfGraph(tensors, options),
    "text/plain": printGraph(tensors, options),
  };
  return { [JUPYTER_DISPLAY]: () => bundle };
}
