import { inputsOf, type Node } from "./node.ts";
import { realizedOr } from "./realized.ts";

/** Options of {@linkcode topologicalOrder}. */
export interface OrderOptions {
  /** Nodes whose inputs are not followed. */
  readonly stops?: { has(node: Node): boolean };
  /**
   * As what a node is seen; as its result, if it has been computed, if left out.
   *
   * @param node The node.
   */
  see?(node: Node): Node;
}

/**
 * Lists what some nodes are computed from, and those themselves, inputs first. Unless they are to be
 * seen otherwise, a call that has been computed stands as its result, and what it was computed from is
 * not followed.
 *
 * Cost: O(nodes + edges). Keeps its own stack, so that a chain of any length can be ordered.
 *
 * @param roots The nodes wanted.
 * @param options Where to stop, and as what nodes are seen.
 * @returns Every node once, each after its inputs; the order depends on the graph only.
 */
export function topologicalOrder(
  roots: readonly Node[],
  { stops, see = realizedOr }: OrderOptions = {},
): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  // Three lists rather than one of triples: a large graph would be made of little else.
  const open: Node[] = [];
  const lists: (readonly Node[])[] = [];
  const places: number[] = [];
  function enter(wanted: Node): void {
    const node = see(wanted);
    if (seen.has(node)) return;
    seen.add(node);
    open.push(node);
    lists.push(stops?.has(node) ? [] : inputsOf(node));
    places.push(0);
  }
  for (const root of roots) {
    enter(root);
    while (open.length > 0) {
      const top = open.length - 1;
      const next = lists[top]![places[top]!++];
      if (next) {
        enter(next);
      } else {
        order.push(open.pop()!);
        lists.pop();
        places.pop();
      }
    }
  }
  return order;
}
