/**
 * Reverse mode as a rewrite: gradients are carried from outputs back to targets, through what lies
 * between them, and are graphs themselves.
 *
 * **Source**: Baydin et al., "Automatic differentiation in machine learning: a survey" (2018), §3.2.
 *
 * @module
 */
import {
  assertInvariant,
  equalShapes,
  isFloatDType,
  isHalfDType,
} from "../../core/base/mod.ts";
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
  Attributes,
  Node,
  Operator,
  Pullback,
  Vjp,
} from "../graph/node.ts";
import { type NumberedNodes, numberNodes } from "../graph/order.ts";
import { realizedOr } from "../graph/realized.ts";
import { DERIVATIVES } from "./derivatives/all.ts";

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
  const { order, inputs, places } = nodes;
  const targetPlaces = targets.map((target) => places.get(target));
  const isTarget = new Uint8Array(order.length);
  for (const place of targetPlaces) {
    if (place !== undefined) isTarget[place] = 1;
  }
  const onTheWay = dependents(nodes, isTarget);
  const copies = narrowCopies(nodes);
  const gradients = new Array<Node | undefined>(order.length);
  const pass = (place: number, gradient: Node) => {
    const known = gradients[place];
    gradients[place] = known ? add(known, gradient) : gradient;
  };
  for (const [output, gradient] of seeds) {
    pass(places.get(see(output))!, gradient);
  }
  for (let place = order.length - 1; place >= 0; place--) {
    const gradient = gradients[place];
    const node = order[place]!;
    if (!gradient || node.kind !== "apply") continue;
    // Intermediate gradients are no longer needed once they have been passed on.
    if (!isTarget[place]) gradients[place] = undefined;
    const sources = inputs[place]!;
    const wanted = sources.map((input) => onTheWay[input] === 1);
    if (!wanted.includes(true)) continue;
    const { operator, attributes } = node;
    const given = node.inputs.map((input) => widenedAgain(input, gradient));
    const copy = copies[place];
    const output = copy ? widened(copy, gradient) : node;
    differentiate(
      { operator, attributes, inputs: given, output, gradient },
      wanted,
    ).forEach((passed, i) => {
      if (passed && wanted[i]) pass(sources[i]!, passed);
    });
  }
  return targetPlaces.map((place) =>
    place === undefined ? undefined : gradients[place]
  );
}

/**
 * What is stored in half the memory, and computed with as `float32`, is made wide again once a gradient
 * needs it: the wide numbers are not kept for it.
 */
function widenedAgain(node: Node, gradient: Node): Node {
  if (node.kind !== "apply" || node.operator.name !== "cast") return node;
  const [narrow] = node.inputs as [Node];
  const isWidened = isHalfDType(narrow.type.dtype) &&
    node.type.dtype === "float32";
  return isWidened ? widened(narrow, gradient) : node;
}

function widened(narrow: Node, gradient: Node): Node {
  return cast(after(narrow, gradient), "float32");
}

/** For each value that is used in half the memory only: the value as it is used. */
function narrowCopies(
  { order, inputs }: NumberedNodes,
): readonly (Node | undefined)[] {
  const uses = new Int32Array(order.length);
  const copies = new Array<Node | undefined>(order.length);
  for (const [place, node] of order.entries()) {
    for (const input of inputs[place]!) uses[input]!++;
    const isNarrowing = node.kind === "apply" &&
      node.operator.name === "cast" && isHalfDType(node.type.dtype);
    const [source] = inputs[place]!;
    if (!isNarrowing || source === undefined) continue;
    if (order[source]!.type.dtype === "float32") copies[source] = node;
  }
  return copies.map((copy, place) => uses[place] === 1 ? copy : undefined);
}

/** Finds the nodes that depend on a target and can carry a gradient to it: 1 at their places. */
function dependents(
  { order, inputs }: NumberedNodes,
  isTarget: Uint8Array,
): Uint8Array {
  const found = new Uint8Array(order.length);
  for (let place = 0; place < order.length; place++) {
    const reaches = isTarget[place] === 1 ||
      inputs[place]!.some((input) => found[input] === 1);
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
  return differentiate({ ...node, ...seed }, wanted);
}

/** A call, and the gradient of its output. */
export interface CallGradient extends Pullback {
  /** The operator. */
  readonly operator: Operator;
  /** Settings of the call. */
  readonly attributes: Attributes;
}

/**
 * Carries the gradient of a call's output to its inputs.
 *
 * @param call The call, and the gradient of its output.
 * @param wanted Whose gradients are looked at: they are checked, and brought to the inputs' dtypes.
 * @returns One gradient an input, where it has one.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if the operator has no gradient.
 * @throws {TensorError} `OPERATOR_ARITY` or `GRADIENT_SHAPE_MISMATCH` if its gradient is not what it
 * must be.
 */
export function differentiate(
  { operator, attributes, inputs, output, gradient }: CallGradient,
  wanted: readonly boolean[],
): readonly (Node | undefined)[] {
  const vjp = vjpOf(operator);
  if (operator.isDifferentiable === false) {
    throw notDifferentiable(
      `operator "${operator.name}"`,
      "it is defined to have no gradient",
    );
  }
  if (!vjp) {
    const { type } = output;
    const body = bodyOf(operator, { inputs, attributes, type });
    if (body) {
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
        wanted[i] && inputs.indexOf(input) === i
          ? found.next().value
          : undefined
      );
    }
    throw notDifferentiable(
      `operator "${operator.name}"`,
      "it has no gradient",
    );
  }
  const passed = vjp({ inputs, output, gradient, wanted }, attributes);
  if (passed.length !== inputs.length) {
    throw operatorArity(
      `the gradient of ${operator.name}`,
      operator.schema.inputs,
      passed.length,
    );
  }
  return passed.map((found, i) => {
    if (!found || !wanted[i]) return found;
    assertGradientShape(operator, i, { found, inputs });
    // Inputs of other dtypes than the output's receive gradients of their own.
    const { dtype } = inputs[i]!.type;
    return found.type.dtype === dtype ? found : cast(found, dtype);
  });
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
  // By identity: a foreign operator that happens to share the name has its own meaning.
  return BUILTIN_OPERATORS.get(operator.name) === operator
    ? DERIVATIVES.get(operator.name)
    : undefined;
}

function assertGradientShape(
  operator: Operator,
  i: number,
  { found, inputs }: {
    readonly found: Node;
    readonly inputs: readonly Node[];
  },
): void {
  const input = inputs[i];
  assertInvariant(input, "a gradient belongs to an input");
  if (equalShapes(found.type.shape, input.type.shape)) return;
  const { inputs: names } = operator.schema;
  throw gradientShapeMismatch(operator.name, names[i] ?? names.at(-1)!, {
    found: found.type.shape,
    wanted: input.type.shape,
  });
}
