import { optionsOf } from "../../core/base/mod.ts";
import { encodeNumber } from "../trace/trace.ts";
import type { Node, TensorType } from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { realizedOr } from "../graph/realized.ts";
import { type Tensor, toNode, toNodes } from "../tensor.ts";

/** Options of {@linkcode printGraph}, {@linkcode mermaidOfGraph} and {@linkcode dotOfGraph}. */
export interface PrintGraphOptions {
  /** Names of tensors that are shown by them, and behind which nothing is shown. */
  readonly names?: Readonly<Record<string, Tensor>>;
}

/** One node of a graph, as it is shown. */
export interface GraphLine {
  /** What it is called: its name, else `%` and a number. */
  readonly name: string;
  /** What it is: `data`, `input`, a number, or the operator with its settings. */
  readonly what: string;
  /** Its dtype and shape. */
  readonly type: string;
  /** Names of what it is computed from, in order; numbers as they are. */
  readonly inputs: readonly string[];
}

/** A graph, as it is shown. */
export interface GraphLines {
  /** The nodes, each after those that it is computed from. */
  readonly lines: readonly GraphLine[];
  /** Names of the nodes wanted. */
  readonly results: readonly string[];
}

/**
 * Lists a graph's nodes for people.
 *
 * @param operation Who asks, for messages.
 * @param tensors The tensors wanted.
 * @param options Names of tensors.
 * @returns The nodes.
 */
export function graphLines(
  operation: string,
  tensors: readonly Tensor[],
  options: PrintGraphOptions | undefined,
): GraphLines {
  const { names } = optionsOf<PrintGraphOptions>(operation, options);
  const roots = toNodes(operation, tensors);
  const given = new Map<Node, string>();
  const named = optionsOf<Record<string, Tensor>>(
    `names of ${operation}`,
    names,
  );
  for (const [name, tensor] of Object.entries(named)) {
    given.set(realizedOr(toNode(operation, tensor)), name);
  }
  const shown = new Map<Node, string>();
  const lines: GraphLine[] = [];
  for (const node of topologicalOrder(roots, { stops: given })) {
    const name = given.get(node) ?? `%${lines.length}`;
    const isScalar = node.kind === "constant" && node.type.shape.length === 0;
    if (isScalar && !given.has(node) && !roots.includes(node)) {
      shown.set(node, String(encodeNumber(node.value)));
      continue;
    }
    shown.set(node, name);
    const isCall = node.kind === "apply" && !given.has(node);
    lines.push({
      name,
      what: given.has(node) ? "input" : whatOf(node),
      type: typeText(node.type),
      inputs: isCall
        ? node.inputs.map((input) => shown.get(realizedOr(input))!)
        : [],
    });
  }
  return { lines, results: roots.map((root) => shown.get(realizedOr(root))!) };
}

function whatOf(node: Node): string {
  switch (node.kind) {
    case "data":
      return "data";
    case "constant":
      return `constant ${encodeNumber(node.value)}`;
    case "placeholder":
      return `placeholder ${JSON.stringify(node.name)}`;
    case "apply": {
      const settings = Object.entries(node.attributes)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      return settings.length === 0
        ? node.operator.name
        : `${node.operator.name}[${settings.join(" ")}]`;
    }
    default:
      return node satisfies never;
  }
}

function typeText({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape}]`;
}
