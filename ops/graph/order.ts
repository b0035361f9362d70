import { inputsOf, type Node } from "./node.ts";
import { realizedOr } from "./realized.ts";

const NONE: ReadonlySet<Node> = new Set();

/**
 * Lists what some nodes are computed from, and those themselves, inputs first. A call that has been
 * computed stands as its result, and what it was computed from is not followed.
 *
 * Cost: O(nodes + edges). Keeps its own stack, so that a chain of any length can be ordered.
 *
 * @param roots The nodes wanted.
 * @param stops Nodes whose inputs are not followed.
 * @returns Every node once, each after its inputs; the order depends on the graph only.
 */
export function topologicalOrder(
  roots: readonly Node[],
  stops: { has(node: Node): boolean } = NONE,
): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  function enter(wanted: Node): void {
    const node = realizedOr(wanted);
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, next: 0 });
  }
  for (const root of roots) {
    enter(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const inputs = stops.has(top.node) ? [] : inputsOf(top.node);
      if (top.next < inputs.length) {
        enter(inputs[top.next++]!);
      } else {
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}
