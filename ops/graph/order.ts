import type { ApplyNode, Node } from "./node.ts";
import { realizedOr } from "./realized.ts";

const NONE: readonly number[] = [];

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

/** Nodes, each after its inputs, with numbers in the place of references. */
export interface NumberedNodes {
  /** Every node once; its number is its place here. */
  readonly order: readonly Node[];
  /** For each node, the numbers of its inputs; none where they are not followed. */
  readonly inputs: readonly (readonly number[])[];
  /** The number of each node. */
  readonly places: ReadonlyMap<Node, number>;
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
  options?: OrderOptions,
): readonly Node[] {
  return numberNodes(roots, options).order;
}

/**
 * Orders nodes as {@linkcode topologicalOrder} does, and numbers them: whoever goes through a large
 * graph more than once finds things in arrays then, where maps of nodes would take most of the time.
 *
 * @param roots The nodes wanted.
 * @param options Where to stop, and as what nodes are seen.
 * @returns The nodes in order, and the numbers of their inputs.
 */
export function numberNodes(
  roots: readonly Node[],
  { stops, see = realizedOr }: OrderOptions = {},
): NumberedNodes {
  const order: Node[] = [];
  const inputs: (readonly number[])[] = [];
  const places = new Map<Node, number>();
  // Lists rather than one of records: a large graph would be made of little else.
  const open: ApplyNode[] = [];
  const numbers: number[][] = [];
  const done: number[] = [];
  function enter(node: Node): void {
    if (node.kind !== "apply" || stops?.has(node)) return close(node, NONE);
    open.push(node);
    numbers.push(new Array<number>(node.inputs.length));
    done.push(0);
  }
  function close(node: Node, sources: readonly number[]): void {
    const place = order.length;
    places.set(node, place);
    order.push(node);
    inputs.push(sources);
    tell(place);
  }
  /** Gives the innermost open node the number of its next input. */
  function tell(place: number): void {
    const top = open.length - 1;
    if (top >= 0) numbers[top]![done[top]!++] = place;
  }
  /** Passes the next input of the innermost open node, or that node itself behind the last one. */
  function step(): void {
    const top = open.length - 1;
    const node = open[top]!;
    const wanted = node.inputs[done[top]!];
    if (!wanted) {
      open.pop();
      done.pop();
      return close(node, numbers.pop()!);
    }
    const input = see(wanted);
    const place = places.get(input);
    if (place === undefined) enter(input);
    else tell(place);
  }
  for (const root of roots) {
    const node = see(root);
    if (!places.has(node)) enter(node);
    while (open.length > 0) step();
  }
  return { order, inputs, places };
}
