import { assertInvariant } from "../../core/base/mod.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { kernelNotRecorded } from "../define/errors.ts";
import { decompose } from "../decompose.ts";
import { dataNotOnHost, placeholderUnbound } from "../errors.ts";
import {
  type ApplyNode,
  type Node,
  type Operator,
  UNKNOWN_TYPE,
} from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { realizedOr } from "../graph/realized.ts";
import { type AttributeSymbol, splitAttributes } from "./attribute_symbol.ts";
import {
  encodeNumber,
  type Trace,
  type TraceInput,
  type TraceValue,
} from "./trace.ts";

/** Where a graph that is to be recorded begins and ends. */
export interface TraceEnds {
  /** The nodes that are supplied when the trace is put to use, with their names. */
  readonly inputs: readonly (readonly [name: string, node: Node])[];
  /** Placeholders that stand for attributes, which the trace leaves open. */
  readonly attributes?: readonly AttributeSymbol[];
  /** The nodes wanted. */
  readonly outputs: readonly Node[];
}

/** Options of {@linkcode encodeTrace}. */
export interface EncodeTraceOptions {
  /**
   * Which operators may stand by name, because whoever puts the trace to use knows them. Others are
   * written out in terms of those. The built-in ones if left out.
   */
  isKnown?(operator: Operator): boolean;
  /** By what name such an operator stands; its own if left out. */
  nameOf?(operator: Operator): string;
}

/**
 * Records a graph as plain data.
 *
 * @param ends Where the graph begins and ends.
 * @param options Which operators may stand by name.
 * @returns The trace.
 * @throws {TensorError} `PLACEHOLDER_UNBOUND` if the graph begins at a placeholder that is no input.
 * @throws {TensorError} `DATA_NOT_ON_HOST` if the graph holds data that is in a backend only.
 */
export function encodeTrace(
  { inputs, outputs, attributes = [] }: TraceEnds,
  { isKnown = isBuiltin, nameOf = ownName }: EncodeTraceOptions = {},
): Trace {
  const places = new Map<Node, number>();
  const values: TraceValue[] = [];
  const open = new Map(
    attributes.map(({ node, attribute }) => [node, attribute]),
  );
  for (const [name, node] of inputs) {
    places.set(realizedOr(node), values.push({ kind: "input", name }) - 1);
  }
  function place(node: Node): number {
    for (const next of topologicalOrder([node], { stops: places })) {
      if (places.has(next) || isLiteral(next) || open.has(next)) continue;
      places.set(next, encode(next));
    }
    const found = places.get(realizedOr(node));
    assertInvariant(found !== undefined, "what is recorded has a place");
    return found;
  }
  function encode(node: Node): number {
    if (node.kind === "apply" && !isKnown(node.operator)) {
      if (node.operator.kind === "host") {
        const { fallback, name } = node.operator;
        if (!fallback) throw kernelNotRecorded(name);
        return place(fallback(node.inputs, node.attributes));
      }
      assertInvariant(
        node.operator.kind === "composite",
        "only built-in operators are primitive",
      );
      return place(decompose(node.operator, node));
    }
    return values.push(encodeValue(node, { places, open, nameOf })) - 1;
  }
  return { outputs: outputs.map(place), values };
}

function isBuiltin(operator: Operator): boolean {
  return BUILTIN_OPERATORS.get(operator.name) === operator;
}

function ownName({ name }: Operator): string {
  return name;
}

/** Whether a node is a number that adapts to those beside it. */
function isLiteral(node: Node): boolean {
  return node.kind === "constant" && node.type === UNKNOWN_TYPE;
}

/** What has a place in a trace, or a name. */
interface Known {
  readonly places: ReadonlyMap<Node, number>;
  readonly open: ReadonlyMap<Node, string>;
  readonly nameOf: (operator: Operator) => string;
}

function encodeValue(node: Node, known: Known): TraceValue {
  switch (node.kind) {
    case "constant":
      return {
        kind: "constant",
        value: encodeNumber(node.value),
        ...node.type,
      };
    case "data": {
      const elements = node.storage.hostElements();
      if (!elements) throw dataNotOnHost(node.type.shape);
      return {
        kind: "data",
        elements: Array.from(elements, encodeNumber),
        ...node.type,
      };
    }
    case "apply":
      return encodeCall(node, known);
    case "placeholder":
      throw placeholderUnbound(node.name);
    default:
      return node satisfies never;
  }
}

function encodeCall(
  { operator, inputs, attributes }: ApplyNode,
  { places, open, nameOf }: Known,
): TraceValue {
  const { values, bound } = splitAttributes(attributes);
  return {
    kind: "call",
    operator: nameOf(operator),
    inputs: inputs.map((input): TraceInput => {
      const attribute = open.get(input);
      if (attribute !== undefined) return { attribute };
      return input.kind === "constant" && isLiteral(input)
        ? { number: encodeNumber(input.value) }
        : places.get(realizedOr(input))!;
    }),
    attributes: values,
    ...Object.keys(bound).length > 0 ? { bound } : {},
  };
}
