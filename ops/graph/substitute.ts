import type { Node } from "./node.ts";
import { topologicalOrder } from "./order.ts";

/**
 * Describes the same computation of other nodes. Keeps its own stack, so that a chain of any length can
 * be rewritten.
 *
 * @param root What is computed.
 * @param replacements What takes the place of some nodes; each has the type of the one that it replaces.
 * @returns The computation with those in their place; the root itself if it depends on none of them.
 */
export function substitute(
  root: Node,
  replacements: ReadonlyMap<Node, Node>,
): Node {
  return substituteAll([root], replacements)[0]!;
}

/**
 * Describes the same computations of other nodes. What they share they go on sharing.
 *
 * @param roots What is computed.
 * @param replacements What takes the place of some nodes; each has the type of the one that it replaces.
 * @returns The computations with those in their place.
 */
export function substituteAll(
  roots: readonly Node[],
  replacements: ReadonlyMap<Node, Node>,
): Node[] {
  const rewritten = new Map(replacements);
  // Nobody looks behind what is replaced, and what has been computed is not computed anew.
  for (const node of topologicalOrder(roots, { stops: replacements })) {
    if (node.kind !== "apply" || rewritten.has(node)) continue;
    if (!node.inputs.some((input) => rewritten.has(input))) continue;
    const inputs = node.inputs.map((input) => rewritten.get(input) ?? input);
    rewritten.set(node, { ...node, inputs });
  }
  return roots.map((root) => rewritten.get(root) ?? root);
}
