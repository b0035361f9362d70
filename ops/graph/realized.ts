/**
 * Which calls have been computed. A graph is immutable, so that a result is there is noted beside
 * it: whoever walks a graph sees the data where it exists, and the call where it does not.
 *
 * @module
 */
import type { ApplyNode, DataNode, Node } from "./node.ts";

// Keyed by nodes and read by identity: a memory of facts, not state that decides what is computed.
const RESULTS: WeakMap<ApplyNode, DataNode> = new WeakMap();

/**
 * Notes the result of a call.
 *
 * @param node The call.
 * @param result Its elements.
 */
export function setRealized(node: ApplyNode, result: DataNode): void {
  RESULTS.set(node, result);
}

/**
 * Finds what a node is by now.
 *
 * @param node The node.
 * @returns Its result if it has been computed and is still there, else the node itself.
 */
export function realizedOr(node: Node): Node {
  if (node.kind !== "apply") return node;
  const result = RESULTS.get(node);
  return result && !result.storage.isDisposed ? result : node;
}
