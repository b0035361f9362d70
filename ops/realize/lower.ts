/**
 * From what was written to what is computed: composites are written out, calls that do nothing
 * disappear, and what is computed twice is computed once.
 *
 * @module
 */
import { assertInvariant, equalShapes } from "../../core/base/mod.ts";
import {
  type ApplyNode,
  constant,
  type Node,
  type TensorType,
} from "../graph/node.ts";
import { decompose } from "../decompose.ts";
import { topologicalOrder } from "../graph/order.ts";
import { realizedOr } from "../graph/realized.ts";
import { isWhole, resolveSlice } from "../builtin/slice.ts";
import { mergeAssembled } from "./merge_assembled.ts";

/**
 * Writes nodes in terms of primitive operators.
 *
 * @param roots The nodes wanted.
 * @returns One node a root, whose calls are all of primitive operators, no two of them the same.
 * @throws {TensorError} `OPERATOR_INVALID` if a composite computes another type than it infers.
 */
export function lower(roots: readonly Node[]): readonly Node[] {
  const lowering = new Lowering();
  return roots.map((root) => lowering.lower(root));
}

class Lowering {
  /** What each node of the graph as written has become. */
  readonly #lowered = new Map<Node, Node>();
  /** The one node of each meaning. */
  readonly #unique = new Map<string, Node>();
  readonly #ids = new Map<unknown, number>();

  lower(root: Node): Node {
    for (const node of topologicalOrder([root], { stops: this.#lowered })) {
      if (!this.#lowered.has(node)) {
        this.#lowered.set(node, this.#lowerOne(node));
      }
    }
    return this.#get(root);
  }

  #get(node: Node): Node {
    const found = this.#lowered.get(realizedOr(node));
    assertInvariant(found, "inputs are lowered before what uses them");
    return found;
  }

  #lowerOne(node: Node): Node {
    if (node.kind !== "apply") return this.#merge(node);
    const inputs = node.inputs.map((input) => this.#get(input));
    const call: ApplyNode = { ...node, inputs };
    const simple = simplify(call);
    if (simple !== call) {
      return simple.kind === "apply" ? simple : this.#merge(simple);
    }
    if (call.operator.kind === "primitive") return this.#merge(call);
    const body = decompose(call.operator, call);
    // The inputs are lowered already; only what the composite added is new.
    for (const input of inputs) this.#lowered.set(input, input);
    return this.lower(body);
  }

  /** Finds the node that stands for all that mean the same. */
  #merge(node: Node): Node {
    const key = this.#keyOf(node);
    const known = this.#unique.get(key);
    if (known) return known;
    this.#unique.set(key, node);
    this.#lowered.set(node, node);
    return node;
  }

  #keyOf(node: Node): string {
    switch (node.kind) {
      case "data":
        return `data ${this.#id(node.storage)} ${typeKey(node.type)}`;
      case "constant": {
        const value = Object.is(node.value, -0) ? "-0" : node.value;
        return `constant ${value} ${typeKey(node.type)}`;
      }
      case "placeholder":
        return `placeholder ${this.#id(node)}`;
      case "apply": {
        const inputs = node.inputs.map((input) => this.#id(input));
        const attributes = JSON.stringify(node.attributes);
        return `${this.#id(node.operator)} ${inputs} ${attributes}`;
      }
      default:
        return node satisfies never;
    }
  }

  #id(thing: unknown): number {
    let id = this.#ids.get(thing);
    if (id === undefined) this.#ids.set(thing, id = this.#ids.size);
    return id;
  }
}

function typeKey({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape}]`;
}

/** Calls that something simpler stands for, by operator: mostly one of their inputs, unchanged. */
const NEUTRAL: Readonly<
  Record<string, (call: ApplyNode) => Node | undefined>
> = {
  add: (call) => otherThan(call, 0, { onLeft: true }) ?? mergeAssembled(call),
  assemble: ({ inputs, attributes, type }) =>
    inputs.length === 1 && equalShapes(inputs[0]!.type.shape, type.shape) &&
      (attributes.steps as readonly number[]).every((step) => step === 1)
      ? inputs[0]
      : undefined,
  cast: ({ inputs: [x], type }) => x!.type.dtype === type.dtype ? x : undefined,
  div: (call) => otherThan(call, 1, { onLeft: false }),
  expand: sameShape,
  mul: (call) => otherThan(call, 1, { onLeft: true }),
  permute: ({ inputs: [x], attributes: { axes } }) =>
    Array.isArray(axes) && axes.every((axis, i) => axis === i) ? x : undefined,
  reshape: sameShape,
  slice: ({ inputs: [x], attributes }) =>
    isWhole(x!.type.shape, resolveSlice(x!.type.shape, attributes))
      ? x
      : undefined,
  sub: (call) => otherThan(call, 0, { onLeft: false }),
};

/** Replaces a call that does nothing by its input, and a view of a constant by a constant. */
function simplify(call: ApplyNode): Node {
  const { operator, inputs: [x], type } = call;
  if (operator.kind !== "primitive") return call;
  if (operator.lowering.kind === "view" && x?.kind === "constant") {
    return constant(x.value, type);
  }
  return NEUTRAL[operator.name]?.(call) ?? call;
}

function sameShape({ inputs: [x], type }: ApplyNode): Node | undefined {
  return equalShapes(x!.type.shape, type.shape) ? x : undefined;
}

/** The input beside a neutral number, if it has the output's type already. */
function otherThan(
  { inputs: [left, right], type }: ApplyNode,
  neutral: number,
  { onLeft }: { readonly onLeft: boolean },
): Node | undefined {
  function isNeutral(node: Node): boolean {
    // The sign of a zero is lost in x + 0 and kept here: it is not promised.
    return node.kind === "constant" && node.value === neutral;
  }
  const candidate = isNeutral(right!)
    ? left
    : onLeft && isNeutral(left!)
    ? right
    : undefined;
  const fits = candidate?.type.dtype === type.dtype &&
    equalShapes(candidate.type.shape, type.shape);
  return fits ? candidate : undefined;
}
