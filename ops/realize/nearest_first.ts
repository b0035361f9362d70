import { inputsOf, type Node } from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";

/**
 * Puts nodes first that the fewest calls lead to. Gradients are so computed from the last layer to the
 * first, each as soon as it can be, and what they need is not kept until the end.
 *
 * @param roots The nodes wanted.
 * @returns The same nodes; those that equally many calls lead to stay in their order.
 */
export function nearestFirst(roots: readonly Node[]): readonly Node[] {
  if (roots.length < 2) return roots;
  const depths = new Map<Node, number>();
  for (const node of topologicalOrder(roots)) {
    let depth = 0;
    for (const input of inputsOf(node)) {
      depth = Math.max(depth, (depths.get(input) ?? 0) + 1);
    }
    depths.set(node, depth);
  }
  return roots.toSorted((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0));
}
