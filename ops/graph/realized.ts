/**
 * Which calls and constants have been computed. A graph is immutable, so that a result is there is
 * noted beside it: whoever walks a graph sees the data where it exists, and the node where it does
 * not.
 *
 * @module
 */
import type { ApplyNode, ConstantNode, DataNode, Node } from "./node.ts";

// Keyed by nodes and read by identity: a memory of facts, not state that decides what is computed.
// deno-lint-ignore house/module-state -- a graph is immutable, so its results are noted beside it
const RESULTS: WeakMap<Node, DataNode> = new WeakMap();

/**
 * Notes the elements of a call or a constant.
 *
 * @param node The call or the constant.
 * @param result Its elements.
 */
export function setRealized(
  node: ApplyNode | ConstantNode,
  result: DataNode,
): void {
  RESULTS.set(node, result);
}

/**
 * Finds what a node is by now.
 *
 * @param node The node.
 * @returns Its result if it has been computed and is still there, else the node itself.
 */
export function realizedOr(node: Node): Node {
  const result = RESULTS.get(node);
  return result && !result.storage.isDisposed ? result : node;
}
