import type { Node } from "../graph/node.ts";
import { loweringOf, readsOf } from "./emitter.ts";

/**
 * Counts who uses each node. Who uses a view uses what it looks at.
 *
 * @param order All nodes, inputs first.
 * @param roots The nodes wanted, each of which is a use.
 * @returns How often each node is used.
 */
export function countUses(
  order: readonly Node[],
  roots: readonly Node[],
): Map<Node, number> {
  const uses = new Map<Node, number>();
  const add = (node: Node, count: number) =>
    void uses.set(node, (uses.get(node) ?? 0) + count);
  for (const root of roots) add(root, 1);
  for (const node of order.toReversed()) {
    if (node.kind !== "apply") continue;
    const isView = loweringOf(node).kind === "view";
    for (const input of readsOf(node)) {
      add(input, isView ? uses.get(node) ?? 0 : 1);
    }
  }
  return uses;
}
