/**
 * Forward mode as a rewrite: tangents are carried from what changes to what depends on it, and are
 * graphs themselves.
 *
 * **Source**: Baydin et al., "Automatic differentiation in machine learning: a survey" (2018), §3.1.
 *
 * @module
 */
import { isFloatDType } from "../../core/base/mod.ts";
import type { ApplyNode, Node } from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { bodyOf, seeUpTo, vjpOf } from "./pull_back.ts";
import { tangentOfPrimitive } from "./tangent_rules.ts";
import { transposeTwice } from "./transpose_twice.ts";

/**
 * Carries tangents from some nodes to outputs. Keeps its own stack, except through composites without
 * a gradient of their own.
 *
 * An operator that brings its own gradient, or has one in the derivative tables that its parts would
 * not give, is differentiated by that gradient in this direction too: both directions always agree.
 *
 * @param outputs The outputs.
 * @param tangents How fast some nodes change, each of its node's type. Nobody looks behind those.
 * @param fixed Nodes that do not change, and that nobody looks behind.
 * @returns How fast each output changes; `undefined` where it does not.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if an operator on the way has no gradient.
 */
export function pushForward(
  outputs: readonly Node[],
  tangents: ReadonlyMap<Node, Node>,
  fixed: Iterable<Node> = [],
): readonly (Node | undefined)[] {
  const known = new Map(tangents);
  const stops = new Set([...tangents.keys(), ...fixed]);
  const see = seeUpTo(stops);
  for (const node of topologicalOrder(outputs, { stops, see })) {
    if (node.kind !== "apply" || stops.has(node)) continue;
    if (!isFloatDType(node.type.dtype)) continue;
    const moving = node.inputs.map((input) => known.get(see(input)));
    if (moving.every((tangent) => tangent === undefined)) continue;
    const tangent = tangentOf(node, moving);
    if (tangent) known.set(node, tangent);
  }
  return outputs.map((output) => known.get(see(output)));
}

/** How fast the output of a call changes. */
function tangentOf(
  node: ApplyNode,
  tangents: readonly (Node | undefined)[],
): Node | undefined {
  const { operator, inputs } = node;
  if (operator.vjp) return transposeTwice(node, tangents);
  if (operator.kind === "primitive") return tangentOfPrimitive(node, tangents);
  if (vjpOf(operator) || operator.isDifferentiable === false) {
    return transposeTwice(node, tangents);
  }
  const body = bodyOf(operator, node);
  if (!body) return transposeTwice(node, tangents);
  const moving = new Map<Node, Node>();
  inputs.forEach((input, i) => {
    const tangent = tangents[i];
    if (tangent) moving.set(input, tangent);
  });
  // How an input was computed is none of the composite's affair.
  return pushForward([body], moving, inputs)[0];
}
