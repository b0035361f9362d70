/**
 * In which order the operands of an einsum are multiplied: two at a time, so that the fewest numbers
 * are multiplied in all.
 *
 * **Source**: Pfeifer, Haegeman, Verstraete, "Faster identification of optimal contraction sequences
 * for tensor networks" (2014), for the search over subsets; opt_einsum, `greedy`, for the rule where
 * subsets are too many.
 *
 * @module
 */
import type { Equation, Label } from "./einsum_spec.ts";

/** The place of an operand, or what two orders give, multiplied. */
export type Order = number | readonly [left: Order, right: Order];

/** Operands beyond which no search for the best order is made: it takes `3^n` steps. */
const SEARCH_MAX = 7;

/** Operands that have been multiplied, and what that took. */
interface Part {
  readonly order: Order;
  /** Which operands, one bit each. */
  readonly members: bigint;
  /** Labels that the product has. */
  readonly labels: ReadonlySet<Label>;
  /** Numbers multiplied so far. */
  readonly cost: number;
}

/**
 * Finds an order: the best one for up to seven operands, a good one for more.
 *
 * @param equation What is computed, of at least one operand.
 * @returns The order.
 */
export function einsumOrder(equation: Equation): Order {
  const parts = equation.operands.map((labels, i): Part => ({
    order: i,
    members: 1n << BigInt(i),
    labels: new Set(labels),
    cost: 0,
  }));
  const best = parts.length <= SEARCH_MAX
    ? searchAll(equation, parts)
    : mergeGreedily(equation, parts);
  return best.order;
}

/**
 * Finds the labels that are still wanted when some operands have been multiplied.
 *
 * @param equation What is computed.
 * @param isMember Whether an operand is among them.
 * @returns The labels of the output and of all other operands.
 */
export function wantedLabels(
  { operands, output }: Equation,
  isMember: (operand: number) => boolean,
): ReadonlySet<Label> {
  const others = operands.filter((_, i) => !isMember(i));
  return new Set([...output, ...others.flat()]);
}

function merge(equation: Equation, left: Part, right: Part): Part {
  const members = left.members | right.members;
  const wanted = wantedLabels(
    equation,
    (i) => (members >> BigInt(i) & 1n) === 1n,
  );
  const all = left.labels.union(right.labels);
  return {
    order: [left.order, right.order],
    members,
    labels: all.intersection(wanted),
    cost: left.cost + right.cost + volume(equation, all),
  };
}

function volume({ sizes }: Equation, labels: ReadonlySet<Label>): number {
  let product = 1;
  for (const label of labels) product *= sizes.get(label)!;
  return product;
}

/** The best way to multiply each subset, from small ones to all. */
function searchAll(equation: Equation, parts: readonly Part[]): Part {
  const count = 1 << parts.length;
  const best = new Array<Part>(count);
  parts.forEach((part, i) => best[1 << i] = part);
  for (let all = 1; all < count; all++) {
    // Each pair is met once: the first operand is always in the left half.
    const first = all & -all;
    for (let left = (all - 1) & all; left > 0; left = (left - 1) & all) {
      if ((left & first) === 0) continue;
      const merged = merge(equation, best[left]!, best[all ^ left]!);
      if (merged.cost < (best[all]?.cost ?? Infinity)) best[all] = merged;
    }
  }
  return best[count - 1]!;
}

/** Always the pair next whose product takes the least room, compared with what it replaces. */
function mergeGreedily(equation: Equation, parts: readonly Part[]): Part {
  const left = [...parts];
  while (left.length > 1) {
    let [best, gain, pair] = [left[0]!, Infinity, [0, 0]];
    for (let i = 0; i < left.length; i++) {
      for (let j = i + 1; j < left.length; j++) {
        const merged = merge(equation, left[i]!, left[j]!);
        const change = volume(equation, merged.labels) -
          volume(equation, left[i]!.labels) - volume(equation, left[j]!.labels);
        if (change < gain) [best, gain, pair] = [merged, change, [i, j]];
      }
    }
    left.splice(pair[1]!, 1);
    left.splice(pair[0]!, 1, best);
  }
  return left[0]!;
}
