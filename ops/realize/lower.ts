/**
 * From what was written to what is computed: composites are written out, calls that do nothing
 * disappear, and what is computed twice is computed once.
 *
 * @module
 */
import { assertInvariant } from "../../core/base/mod.ts";
import { guardFiniteOperator } from "../builtin/guard_finite.ts";
import {
  type ApplyNode,
  type HostOperator,
  type Node,
  placeholder,
  type PlaceholderNode,
  type PrimitiveOperator,
  type TensorType,
} from "../graph/node.ts";
import { decompose } from "../decompose.ts";
import { dispatchFailed } from "../dispatch/errors.ts";
import { type BackendFallback, kernelFallback } from "../dispatch/fallbacks.ts";
import { topologicalOrder } from "../graph/order.ts";
import { realizedOr } from "../graph/realized.ts";
import { callOf } from "./emitter.ts";
import { canBeInfinite, type Guard, magnitudesOf } from "./guards.ts";
import { findOnHost, findOwnCode, kernelMisfit } from "./own_code.ts";
import { simplify } from "./simplify.ts";

/** Nodes in terms of primitive operators, and what has to hold besides. */
export interface Lowered {
  /** One node a root; after them, where there are guards, what tells whether they hold. */
  readonly roots: readonly Node[];
  /** The guards on the way to the roots, each once. */
  readonly guards: readonly Guard[];
  /** Calls that no program can compute, each after those that it depends on. */
  readonly hostCalls: readonly HostCall[];
  /** Operators whose own code takes part. */
  readonly foreign: readonly HostOperator[];
  /** What is computed by something other than what was wanted. */
  readonly fallbacks: readonly BackendFallback[];
}

/** A call that is computed on the host, and what stands for its result. */
export interface HostCall {
  /** The call; its inputs are lowered. */
  readonly call: ApplyNode;
  /** Its operator. */
  readonly operator: HostOperator;
  /** Which of the operator's kernels computes it. */
  readonly label: string;
  /** What stands for its result. */
  readonly result: PlaceholderNode;
}

/** Options of {@linkcode lowerGuarded}. */
export interface LowerOptions {
  /** Name of the backend whose kernels operators may use; none if left out. */
  readonly backend?: string | undefined;
  /**
   * Whether operators that could also be written out are, rather than be computed on the host.
   *
   * @default {false}
   */
  readonly avoidsHost?: boolean;
}

/**
 * Writes nodes in terms of primitive operators, and notes the guards on the way.
 *
 * @param roots The nodes wanted.
 * @param options Whose kernels may be used.
 * @returns One node a root, which depend on no guard any more, and what becomes of the guards.
 * @throws {TensorError} `OPERATOR_INVALID` if a composite computes another type than it infers.
 */
export function lowerGuarded(
  roots: readonly Node[],
  options: LowerOptions = {},
): Lowered {
  const lowering = new Lowering(options);
  const nodes = roots.map((root) => lowering.lower(root));
  const { guards } = lowering;
  if (guards.length > 0) nodes.push(lowering.lower(magnitudesOf(guards)));
  return {
    roots: nodes,
    guards,
    hostCalls: lowering.hostCalls,
    foreign: [...lowering.foreign.keys()],
    fallbacks: [...lowering.fallbacks.values()],
  };
}

/**
 * Writes nodes in terms of primitive operators.
 *
 * @param roots The nodes wanted.
 * @returns One node a root, whose calls are all of primitive operators, no two of them the same.
 * @throws {TensorError} `OPERATOR_INVALID` if a composite computes another type than it infers.
 */
export function lower(roots: readonly Node[]): readonly Node[] {
  return lowerGuarded(roots).roots.slice(0, roots.length);
}

class Lowering {
  /** What each node of the graph as written has become. */
  readonly #lowered = new Map<Node, Node>();
  /** The one node of each meaning. */
  readonly #unique = new Map<string, Node>();
  readonly #ids = new Map<unknown, number>();
  /** The guards found so far. */
  readonly guards: Guard[] = [];
  /** The calls found so far that no program can compute. */
  readonly hostCalls: HostCall[] = [];
  /** Operators whose own code takes part, each as one that backends compute. */
  readonly foreign = new Map<HostOperator, PrimitiveOperator>();
  /** What is computed by something other than what was wanted, by operator. */
  readonly fallbacks = new Map<HostOperator, BackendFallback>();
  readonly #options: LowerOptions;

  constructor(options: LowerOptions) {
    this.#options = options;
  }

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
    let call: ApplyNode = { ...node, inputs };
    for (;;) {
      const simple = simplify(call);
      if (simple === call) break;
      // What stands for a call is there already, or may be simpler still.
      if (simple.kind !== "apply" || this.#lowered.has(simple)) {
        return this.#merge(simple);
      }
      call = simple;
    }
    if (call.operator === guardFiniteOperator) this.#guard(call);
    const { operator } = call;
    if (operator.kind === "primitive") return this.#merge(call);
    if (operator.kind === "host") {
      const own = this.#ownCall(call, operator);
      if (own) return this.#merge(own);
      this.#noteFallback(call, operator);
      if (this.#isOnHost(call, operator)) return this.#setAside(call, operator);
    }
    const body = operator.kind === "host"
      ? operator.fallback!(inputs, call.attributes)
      : decompose(operator, call);
    // The inputs are lowered already; only what the composite added is new.
    for (const input of inputs) this.#lowered.set(input, input);
    return this.lower(body);
  }

  #noteFallback(call: ApplyNode, operator: HostOperator): void {
    const { backend } = this.#options;
    if (backend === undefined) return;
    const misfit = kernelMisfit(operator, backend, callOf(call));
    const fallback = kernelFallback(operator, backend, misfit);
    if (fallback) this.fallbacks.set(operator, fallback);
  }

  #isOnHost(call: ApplyNode, { kernels, fallback }: HostOperator): boolean {
    if (fallback === undefined) return true;
    const { backend, avoidsHost = false } = this.#options;
    return !avoidsHost && backend !== undefined &&
      findOnHost(kernels, backend, callOf(call)) !== undefined;
  }

  /** The same call as one of the operator's own code, where the backend runs that. */
  #ownCall(call: ApplyNode, operator: HostOperator): ApplyNode | undefined {
    const { backend } = this.#options;
    const own = backend === undefined
      ? undefined
      : findOwnCode(operator, backend, callOf(call));
    if (!own) return undefined;
    let primitive = this.foreign.get(operator);
    if (!primitive) {
      const { name, version, description, schema } = operator;
      primitive = {
        kind: "primitive",
        ...{ name, version, description, schema },
        infer: (types, attributes) => operator.infer(types, attributes),
        lowering: { kind: "opaque", code: own },
      };
      this.foreign.set(operator, primitive);
    }
    return { ...call, operator: primitive };
  }

  /** What a call gives is supplied, like an argument. */
  #setAside(call: ApplyNode, operator: HostOperator): Node {
    const key = this.#keyOf(call);
    const known = this.#unique.get(key);
    if (known) return known;
    const result = placeholder(operator.name, call.type);
    this.#unique.set(key, result);
    this.#lowered.set(result, result);
    const { backend = "reference" } = this.#options;
    const own = callOf(call);
    const isOwn = findOnHost(operator.kernels, backend, own) !== undefined;
    const label = isOwn ? backend : "reference";
    const misfit = isOwn ? undefined : kernelMisfit(operator, label, own);
    if (misfit) {
      const rejected = [{ backend: label, ...misfit }];
      throw dispatchFailed(operator.name, rejected, { isLast: true });
    }
    this.hostCalls.push({ call, operator, label, result });
    return result;
  }

  #guard({ inputs: [guarded], attributes }: ApplyNode): void {
    const label = attributes.label as string;
    const isKnown = this.guards.some((guard) =>
      guard.guarded === guarded && guard.label === label
    );
    if (isKnown || !canBeInfinite(guarded!)) return;
    this.guards.push({ label, guarded: guarded! });
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
