import type { DataNode, Node } from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { realizedOr } from "../graph/realized.ts";

/**
 * Finds the tensors that a graph is computed from and whose elements are there.
 *
 * @param roots The nodes wanted.
 * @param given Nodes that are supplied otherwise, behind which nothing is looked for.
 * @returns The data, each once, in an order that depends on the graph only.
 */
export function dataNodesOf(
  roots: readonly Node[],
  given: readonly Node[],
): DataNode[] {
  const stops = new Set(given.map(realizedOr));
  return topologicalOrder(roots, { stops }).filter((node): node is DataNode =>
    node.kind === "data" && !stops.has(node)
  );
}
