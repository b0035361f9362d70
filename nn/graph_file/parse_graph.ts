import { invalidOption, isPlainObject } from "../../core/base/mod.ts";
import { OperatorRegistry, optionsOf } from "../../ops/mod.ts";
import type { GraphFile } from "./format.ts";
import type { GraphFunction } from "./graph_function.ts";

/** Options of {@linkcode parseGraph}. */
export interface ParseGraphOptions {
  /** Where the operators are found that the graph calls; the built-in ones if left out. */
  readonly operators?: OperatorRegistry;
}

/**
 * Reads a graph that was saved. Everything is checked before anything is used: every call against the
 * registry, its version, its attributes, and the dtypes and shapes that it gives.
 *
 * @param file The document and the weights.
 * @param options Where operators are found.
 * @returns The graph as a function.
 * @throws {OptionError} `INVALID_OPTION` if there is no file, or the options are none.
 * @throws {NnError} `GRAPH_FILE_INVALID` with every issue, if the document does not hold together.
 * @throws {NnError} `SAFETENSORS_INVALID` if the weights are no safetensors file.
 * @throws {TensorError} `TRACE_INVALID`, `OPERATOR_NOT_FOUND`, `OPERATOR_ARITY` or `ATTRIBUTE_INVALID` if
 * what it computes does not hold together.
 */
export async function parseGraph(
  file: GraphFile,
  options?: ParseGraphOptions,
): Promise<GraphFunction> {
  const { operators = new OperatorRegistry() } = optionsOf<ParseGraphOptions>(
    "parseGraph",
    options,
  );
  if (!isPlainObject(file)) {
    throw invalidOption("a graph", file, "what encodeGraph gives");
  }
  // Only here: what checks documents is large, and few programs read one.
  const { readGraph } = await import("./read_graph.ts");
  return readGraph(file, operators);
}
