import { inputsOf, type Node, UNKNOWN_TYPE } from "../../../ops/mod.ts";

/**
 * Tells whether a node stands for elements that come later: an argument of a function that is being
 * compiled or traced, or what depends on one.
 *
 * @param node The node.
 * @returns Whether it does.
 */
export function isTraced(node: Node): boolean {
  const seen = new Set<Node>();
  const stack = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.kind === "placeholder" || next.type === UNKNOWN_TYPE) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    stack.push(...inputsOf(next));
  }
  return false;
}
