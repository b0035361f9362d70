/**
 * Saved graphs: a document in JSON that says what is computed, and a safetensors file with the tensors
 * that it is computed from. `docs/graph_format.md` describes both.
 *
 * @module
 */
import type { DType, Shape } from "../../core/base/mod.ts";
import type { Trace } from "../../ops/mod.ts";

/** What the document's field `format` says. */
export const GRAPH_FORMAT = "spiraltorch.graph";

/** The version of the format that is written; older ones are read too, once there are any. */
export const GRAPH_VERSION = 1;

/** A tensor that goes in or comes out. */
export type NamedType = {
  /** Its name. */
  readonly name: string;
  /** How one element is stored. */
  readonly dtype: DType;
  /** Sizes per axis, when the graph was saved. */
  readonly shape: Shape;
};

/** The document, as JSON has it. */
export type GraphDocument = {
  /** Says that this is a graph. */
  readonly format: "spiraltorch.graph";
  /** Version of the format. */
  readonly version: 1;
  /** Versions of the operators that the trace calls, by name. */
  readonly operators: Readonly<Record<string, string>>;
  /** The tensors that are supplied when it is called: the first inputs of the trace. */
  readonly inputs: readonly NamedType[];
  /** The tensors in the weights file: the other inputs of the trace. */
  readonly weights: readonly NamedType[];
  /** The results: the outputs of the trace. */
  readonly outputs: readonly NamedType[];
  /** What is computed. */
  readonly trace: Trace;
};

/** A saved graph, outside any file. */
export interface GraphFile {
  /** The document, as JSON. */
  readonly graph: string;
  /** The weights, as a safetensors file. */
  readonly weights: Uint8Array<ArrayBuffer>;
}
