/**
 * Graphs as plain data: recorded, read from outside, and put to use. Apart from `ops`, since reading
 * them takes a library that those who only compute do not need.
 *
 * @module
 */

export {
  encodeTrace,
  type EncodeTraceOptions,
  type TraceEnds,
} from "./encode_trace.ts";
export { instantiateTrace, type OperatorLookup } from "./instantiate_trace.ts";
export { AttributeSymbol } from "./attribute_symbol.ts";
export { dataNodesOf } from "./data_nodes.ts";
export { bindAttributes, openAttributes } from "./bind_attributes.ts";
export { parseTrace, type ParseTraceOptions } from "./parse_trace.ts";
export type { Trace, TraceInput, TraceNumber, TraceValue } from "./trace.ts";
