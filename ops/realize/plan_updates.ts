/**
 * Which new values can be written over the old ones. A tensor is then never there twice, and what is
 * written lies in the cache already.
 *
 * @module
 */
import { mayOverwrite } from "../../kernels/ir/mod.ts";
import type { DataNode, Node } from "../graph/node.ts";
import type { Storage } from "../storage.ts";
import type { ScheduledKernel } from "./scheduled_kernel.ts";

/** What a value is written over. */
export interface Overwritten {
  /** The elements that it replaces. */
  readonly leaf: DataNode;
  /** Which of the values wanted asks for that: others get a copy. */
  readonly index: number;
}

/** Launches, and which of them write over an input. */
export interface UpdatePlan {
  /** The launches, in an order that lets more of them do so. */
  readonly kernels: readonly ScheduledKernel[];
  /** Values that are written over elements that were there before. */
  readonly overwritten: ReadonlyMap<Node, Overwritten>;
}

/**
 * Finds new values that can be written over the old ones: where each element depends on none of the
 * old ones but its own, and nobody reads those later.
 *
 * @param kernels The launches, in order.
 * @param updates For each value wanted, the elements that it is to replace, if any.
 * @param roots The values wanted.
 * @returns The launches, and what they write over.
 */
export function planUpdates(
  kernels: readonly ScheduledKernel[],
  updates: readonly (Storage | undefined)[],
  roots: readonly Node[],
): UpdatePlan {
  const pairs = pairsOf(kernels, updates, roots);
  const ordered = readersFirst(kernels, pairs);
  const overwritten = new Map<Node, Overwritten>();
  for (const [root, pair] of pairs) {
    const { leaf } = pair;
    const place = ordered.findIndex(({ output }) => output === root);
    const { kernel, inputs } = ordered[place]!;
    const isSafe = !roots.includes(leaf) &&
      !isRead(leaf, ordered.slice(place + 1)) &&
      inputs.every((node, i) => node !== leaf || mayOverwrite(kernel, i));
    if (isSafe) overwritten.set(root, pair);
  }
  return { kernels: ordered, overwritten };
}

/** Values that are computed, each with the one leaf that stands for what it replaces. */
function pairsOf(
  kernels: readonly ScheduledKernel[],
  updates: readonly (Storage | undefined)[],
  roots: readonly Node[],
): Map<Node, Overwritten> {
  const computed = new Set(kernels.map(({ output }) => output));
  const leaves = [...new Set(kernels.flatMap(({ inputs }) => inputs))]
    .filter((node) => node.kind === "data");
  const pairs = new Map<Node, Overwritten>();
  roots.forEach((root, i) => {
    // Elements may be seen under several types; who writes over one of them would have to ask all.
    const [leaf, ...others] = leaves.filter(({ storage }) =>
      storage === updates[i]
    );
    if (!leaf || others.length > 0 || !computed.has(root)) return;
    const { dtype } = leaf.type;
    if (dtype !== root.type.dtype || pairs.has(root)) return;
    pairs.set(root, { leaf, index: i });
  });
  return pairs;
}

/**
 * Puts launches whose value nobody reads behind those that still have to read what it replaces; not
 * further, so that what they read themselves need not be kept for long.
 */
function readersFirst(
  kernels: readonly ScheduledKernel[],
  pairs: ReadonlyMap<Node, Overwritten>,
): readonly ScheduledKernel[] {
  const isLate = (launch: ScheduledKernel, place: number) => {
    const leaf = pairs.get(launch.output)?.leaf;
    return leaf !== undefined && !isRead(launch.output, kernels) &&
      isRead(leaf, kernels.slice(place + 1));
  };
  const late = new Set(kernels.filter(isLate));
  if (late.size === 0) return kernels;
  const ordered = kernels.filter((launch) => !late.has(launch));
  for (const launch of late) {
    const leaf = pairs.get(launch.output)!.leaf;
    const last = ordered.findLastIndex(({ inputs, output }) =>
      inputs.includes(leaf) || launch.inputs.includes(output)
    );
    ordered.splice(last + 1, 0, launch);
  }
  return ordered;
}

function isRead(node: Node, kernels: readonly ScheduledKernel[]): boolean {
  return kernels.some(({ inputs }) => inputs.includes(node));
}
