/**
 * Reverse mode as a rewrite: gradients are carried from outputs back to targets, through what lies
 * between them, and are graphs themselves.
 *
 * **Source**: Baydin et al., "Automatic differentiation in machine learning: a survey" (2018), §3.2.
 *
 * @module
 */
import { equalShapes, isFloatDType, isHalfDType } from "../../core/base/mod.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { add } from "../builtin/binary.ts";
import { after } from "../builtin/after.ts";
import { cast } from "../builtin/cast.ts";
import { type CompositeCall, decompose } from "../decompose.ts";
import {
  gradientShapeMismatch,
  notDifferentiable,
  operatorArity,
} from "../errors.ts";
import type {
  ApplyNode,
  Node,
  Operator,
  Pullback,
  Vjp,
} from "../graph/node.ts";
import { type NumberedNodes, numberNodes } from "../graph/order.ts";
import { realizedOr } from "../graph/realized.ts";
import { DERIVATIVES } from "./derivatives/all.ts";

/** By identity: a foreign operator that happens to share the name has its own meaning. */
const BUILTIN_VJPS: ReadonlyMap<Operator, Vjp> = new Map(
  [...DERIVATIVES].flatMap(([name, vjp]) => {
    const operator = BUILTIN_OPERATORS.get(name);
    return operator ? [[operator, vjp] as const] : [];
  }),
);

/** A node, and the gradient of something with respect to it. */
export type Seed = readonly [output: Node, gradient: Node];

/** Between what gradients are carried. */
export interface PullBackEnds {
  /** Whose gradients are wanted. */
  readonly targets: readonly Node[];
  /** Nodes that are not looked behind. */
  readonly stops: ReadonlySet<Node>;
}

/**
 * Sees a graph as what gradients are carried through. Not as results: what has been computed meanwhile
 * still depends on what it was computed from. Only where a target is data now, the call that it was
 * before is the target too.
 *
 * @param targets The nodes that matter.
 * @returns As what a node is seen.
 */
export function seeUpTo(
  targets: { has(node: Node): boolean },
): (node: Node) => Node {
  return (node) => {
    const result = realizedOr(node);
    return result !== node && targets.has(result) ? result : node;
  };
}

/**
 * Carries gradients from outputs back to targets. Keeps its own stack, except through composites
 * without a gradient of their own.
 *
 * @param seeds The outputs, each with its gradient.
 * @param ends The targets, and nodes that are not looked behind.
 * @returns One gradient a target; `undefined` where no output depends on it.
 */
export function pullBack(
  seeds: readonly Seed[],
  { targets, stops }: PullBackEnds,
): readonly (Node | undefined)[] {
  const see = seeUpTo(new Set(targets));
  const nodes = numberNodes(seeds.map(([output]) => output), { stops, see });
  const places = targets.map((target) => nodes.places.get(target));
  const way = new WayBack(nodes, places);
  for (const [output, gradient] of seeds) {
    way.add(nodes.places.get(see(output))!, gradient);
  }
  // Each step is a call: engines make fast what is called often sooner than what takes long.
  for (let place = nodes.order.length - 1; place >= 0; place--) {
    way.step(place);
  }
  return places.map((place) =>
    place === undefined ? undefined : way.gradientAt(place)
  );
}

/** Gradients on their way from outputs to targets, by the places of nodes. */
class WayBack {
  readonly #nodes: NumberedNodes;
  /** 1 at the places of targets. */
  readonly #isTarget: Uint8Array;
  /** 1 where a gradient leads to a target. */
  readonly #leads: Uint8Array;
  /** Values that are used in half the memory only, as they are used. */
  readonly #copies: ReadonlyMap<number, Node>;
  readonly #gradients: (Node | undefined)[];

  constructor(nodes: NumberedNodes, targets: readonly (number | undefined)[]) {
    const { length } = nodes.order;
    this.#nodes = nodes;
    this.#gradients = new Array(length);
    this.#isTarget = new Uint8Array(length);
    for (const place of targets) {
      if (place !== undefined) this.#isTarget[place] = 1;
    }
    this.#leads = dependents(nodes, this.#isTarget);
    this.#copies = narrowCopies(nodes);
  }

  gradientAt(place: number): Node | undefined {
    return this.#gradients[place];
  }

  add(place: number, gradient: Node): void {
    const known = this.#gradients[place];
    this.#gradients[place] = known ? add(known, gradient) : gradient;
  }

  /** Carries the gradient of a node to its inputs; nothing comes to the node any more. */
  step(place: number): void {
    const gradient = this.#gradients[place];
    const node = this.#nodes.order[place]!;
    if (!gradient || node.kind !== "apply") return;
    // Intermediate gradients are no longer needed once they have been passed on.
    if (!this.#isTarget[place]) this.#gradients[place] = undefined;
    const sources = this.#nodes.inputs[place]!;
    const wanted = new Array<boolean>(sources.length);
    for (let i = 0; i < sources.length; i++) {
      wanted[i] = this.#leads[sources[i]!] === 1;
    }
    if (!wanted.includes(true)) return;
    const copy = this.#copies.get(place);
    const passed = differentiate(node, {
      inputs: widenedInputs(node, gradient),
      output: copy ? widened(copy, gradient) : node,
      gradient,
      wanted,
    });
    for (let i = 0; i < sources.length; i++) {
      if (passed[i] && wanted[i]) this.add(sources[i]!, passed[i]!);
    }
  }
}

/**
 * What is stored in half the memory, and computed with as `float32`, is made wide again once a gradient
 * needs it: the wide numbers are not kept for it.
 */
function widenedInputs({ inputs }: ApplyNode, gradient: Node): readonly Node[] {
  let given = inputs;
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!;
    if (input.kind !== "apply" || input.operator.name !== "cast") continue;
    const narrow = input.inputs[0]!;
    const isWidened = isHalfDType(narrow.type.dtype) &&
      input.type.dtype === "float32";
    if (isWidened) given = given.with(i, widened(narrow, gradient));
  }
  return given;
}

function widened(narrow: Node, gradient: Node): Node {
  return cast(after(narrow, gradient), "float32");
}

/** Finds values that are used in half the memory only, by their places: the values as they are used. */
function narrowCopies(
  { order, inputs }: NumberedNodes,
): ReadonlyMap<number, Node> {
  const copies = new Map<number, Node>();
  for (let place = 0; place < order.length; place++) {
    const node = order[place]!;
    const isNarrowing = node.kind === "apply" &&
      node.operator.name === "cast" && isHalfDType(node.type.dtype);
    const source = isNarrowing ? inputs[place]![0] : undefined;
    if (source === undefined) continue;
    if (order[source]!.type.dtype === "float32") copies.set(source, node);
  }
  if (copies.size === 0) return copies;
  const uses = new Int32Array(order.length);
  for (const sources of inputs) {
    for (const source of sources) uses[source]!++;
  }
  for (const place of copies.keys()) {
    if (uses[place] !== 1) copies.delete(place);
  }
  return copies;
}

/** Finds the nodes that depend on a target and can carry a gradient to it: 1 at their places. */
function dependents(
  { order, inputs }: NumberedNodes,
  isTarget: Uint8Array,
): Uint8Array {
  const found = new Uint8Array(order.length);
  for (let place = 0; place < order.length; place++) {
    let reaches = isTarget[place]!;
    const sources = inputs[place]!;
    for (let i = 0; i < sources.length; i++) reaches |= found[sources[i]!]!;
    if (reaches && isFloatDType(order[place]!.type.dtype)) found[place] = 1;
  }
  return found;
}

/**
 * Carries a gradient from the output of one call back to its inputs.
 *
 * @param node The call.
 * @param seed What came out, and its gradient.
 * @returns One gradient an input; `undefined` for an input that has none.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if the operator has no gradient.
 */
export function pullBackCall(
  node: ApplyNode,
  seed: Pick<Pullback, "output" | "gradient">,
): readonly (Node | undefined)[] {
  const wanted = node.inputs.map(({ type }) => isFloatDType(type.dtype));
  return differentiate(node, { inputs: node.inputs, ...seed, wanted });
}

/** What a gradient is carried through, and whose gradients are looked at. */
export interface WantedPullback extends Pullback {
  /** Those are checked, and brought to the inputs' dtypes. */
  readonly wanted: readonly boolean[];
}

/**
 * Carries the gradient of a call's output to its inputs.
 *
 * @param call What is called, and its settings.
 * @param pullback What went in, what came out, and the gradient of that.
 * @returns One gradient an input, where it has one.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if the operator has no gradient.
 * @throws {TensorError} `OPERATOR_ARITY` or `GRADIENT_SHAPE_MISMATCH` if its gradient is not what it
 * must be.
 */
export function differentiate(
  { operator, attributes }: Pick<ApplyNode, "operator" | "attributes">,
  pullback: WantedPullback,
): readonly (Node | undefined)[] {
  const vjp = vjpOf(operator);
  if (operator.isDifferentiable === false) {
    throw notDifferentiable(
      `operator "${operator.name}"`,
      "it is defined to have no gradient",
    );
  }
  if (vjp) return fitting(operator, vjp(pullback, attributes), pullback);
  const { inputs, output: { type }, gradient, wanted } = pullback;
  const body = bodyOf(operator, { inputs, attributes, type });
  if (!body) {
    throw notDifferentiable(
      `operator "${operator.name}"`,
      "it has no gradient",
    );
  }
  // A node that went in twice receives its whole gradient once.
  const targets = inputs.filter((input, i) =>
    wanted[i] && inputs.indexOf(input) === i
  );
  // How an input was computed is none of the composite's affair.
  const found = pullBack([[body, gradient]], {
    targets,
    stops: new Set(inputs),
  }).values();
  return inputs.map((input, i) =>
    wanted[i] && inputs.indexOf(input) === i ? found.next().value : undefined
  );
}

/** Requires gradients that fit their inputs, and brings them to the inputs' dtypes. */
function fitting(
  { name, schema }: Operator,
  passed: readonly (Node | undefined)[],
  { inputs, wanted }: WantedPullback,
): readonly (Node | undefined)[] {
  const { inputs: names } = schema;
  if (passed.length !== inputs.length) {
    throw operatorArity(`the gradient of ${name}`, names, passed.length);
  }
  let result = passed;
  for (let i = 0; i < passed.length; i++) {
    const found = passed[i];
    if (!found || !wanted[i]) continue;
    const { dtype, shape } = inputs[i]!.type;
    if (!equalShapes(found.type.shape, shape)) {
      throw gradientShapeMismatch(name, names[i] ?? names.at(-1)!, {
        found: found.type.shape,
        wanted: shape,
      });
    }
    if (found.type.dtype !== dtype) result = result.with(i, cast(found, dtype));
  }
  return result;
}

/**
 * Writes a call in terms of other operators, for slopes.
 *
 * @param operator The operator.
 * @param call The call.
 * @returns What computes the same; `undefined` where an operator is made of nothing.
 */
export function bodyOf(
  operator: Operator,
  call: CompositeCall,
): Node | undefined {
  switch (operator.kind) {
    case "composite":
      return decompose(operator, call);
    case "host":
      return operator.fallback?.(call.inputs, call.attributes);
    case "primitive":
      return undefined;
    default:
      return operator satisfies never;
  }
}

/**
 * Finds an operator's gradient.
 *
 * @param operator The operator.
 * @returns The one that it brings, or that of the derivative tables; none for a composite that is
 * differentiated through what it is made of.
 */
export function vjpOf(operator: Operator): Vjp | undefined {
  if (operator.vjp) return operator.vjp;
  return BUILTIN_VJPS.get(operator);
}
