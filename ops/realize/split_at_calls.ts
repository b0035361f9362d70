/**
 * What has to be computed before each call that no program can compute, and what after it. A value that
 * is needed on both sides is computed once, and kept.
 *
 * @module
 */
import { type Node, placeholder, type PlaceholderNode } from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { substituteAll } from "../graph/substitute.ts";
import type { HostCall } from "./lower.ts";

/** What is computed before a call on the host. */
export interface Section {
  /** The call. */
  readonly hostCall: HostCall;
  /** Its inputs, in terms of what is there by then. */
  readonly operands: readonly Node[];
  /** What is needed later besides, in the same terms. */
  readonly saved: readonly Node[];
  /** What stands for each of those later. */
  readonly kept: readonly PlaceholderNode[];
}

/** A computation in sections. */
export interface Sections {
  /** What is computed before each call, in order. */
  readonly sections: readonly Section[];
  /** What is wanted, in terms of what is there after the last call. */
  readonly roots: readonly Node[];
}

/**
 * Splits a computation at the calls that are computed on the host.
 *
 * Cost: O(calls × nodes).
 *
 * @param roots What is wanted, lowered.
 * @param hostCalls The calls, each after those that it depends on.
 * @returns The sections; none without calls.
 */
export function splitAtCalls(
  roots: readonly Node[],
  hostCalls: readonly HostCall[],
): Sections {
  const known = new Map<Node, PlaceholderNode>();
  const sections = hostCalls.map((hostCall, i): Section => {
    const { inputs } = hostCall.call;
    const later = hostCalls.slice(i + 1).flatMap(({ call }) => call.inputs);
    const shared = sharedBy(inputs, [...later, ...roots], known);
    const operands = substituteAll([...inputs, ...shared], known);
    const kept = shared.map((node) => placeholder("kept", node.type));
    shared.forEach((node, j) => known.set(node, kept[j]!));
    return {
      hostCall,
      operands: operands.slice(0, inputs.length),
      saved: operands.slice(inputs.length),
      kept,
    };
  });
  return { sections, roots: substituteAll(roots, known) };
}

/** What some nodes are computed from, and is needed for others too: the last of it on each way. */
function sharedBy(
  wanted: readonly Node[],
  others: readonly Node[],
  stops: { has(node: Node): boolean },
): Node[] {
  const computed = new Set(
    topologicalOrder(wanted, { stops }).filter((node) =>
      isWorthKeeping(node) && !stops.has(node)
    ),
  );
  const ends = { has: (node: Node) => stops.has(node) || computed.has(node) };
  return topologicalOrder(others, { stops: ends })
    .filter((node) => computed.has(node));
}

/** Views cost nothing: what they show is kept instead. */
function isWorthKeeping(node: Node): boolean {
  return node.kind === "apply" && node.operator.kind === "primitive" &&
    node.operator.lowering.kind !== "view";
}
