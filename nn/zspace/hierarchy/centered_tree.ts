import { invalidOption, listOf } from "../../../core/base/mod.ts";

/** A tree seen from its middle. Things are known by number. */
export interface CenteredTree {
  /** Every thing, the middle first, and each after the one that it hangs on. */
  readonly order: readonly number[];
  /** What each thing hangs on: its neighbor on the way to the middle, -1 for the middle itself. */
  readonly anchors: Int32Array;
  /** How many things are reached through each, itself among them. */
  readonly sizes: Float64Array;
  /** Steps from the middle to what is farthest from it. */
  readonly height: number;
}

/** One way through a tree: each thing once, nearer ones first. */
interface Walk {
  readonly order: readonly number[];
  readonly anchors: Int32Array;
  readonly steps: Int32Array;
}

/**
 * Turns a tree so that nothing is farther from its root than it has to be: the root becomes the middle
 * of a longest way.
 *
 * **Cost**: O(things).
 *
 * @param parents What each thing is directly below; -1 for the root.
 * @returns The tree, seen from its middle.
 * @throws {OptionError} `INVALID_OPTION` if there are no things, a parent is none of them, there are
 * several roots, or things go round in a circle.
 */
export function centeredTree(parents: ArrayLike<number>): CenteredTree {
  const neighbors = neighborsOf(parents);
  const { order, anchors, steps } = walk(
    neighbors,
    middleOf(parents, neighbors),
  );
  const sizes = new Float64Array(order.length).fill(1);
  for (const thing of order.slice(1).reverse()) {
    sizes[anchors[thing]!]! += sizes[thing]!;
  }
  return { order, anchors, sizes, height: steps[order.at(-1)!]! };
}

function middleOf(
  parents: ArrayLike<number>,
  neighbors: readonly (readonly number[])[],
): number {
  const fromRoot = walk(neighbors, rootOf(parents));
  if (fromRoot.order.length < parents.length) throw circle(parents, fromRoot);
  // What is farthest from anything is one end of a longest way.
  const { order, anchors, steps } = walk(neighbors, fromRoot.order.at(-1)!);
  let middle = order.at(-1)!;
  for (let left = steps[middle]! >> 1; left > 0; left--) {
    middle = anchors[middle]!;
  }
  return middle;
}

function neighborsOf(parents: ArrayLike<number>): number[][] {
  if (listOf("parents of a tree", parents).length < 1) {
    throw invalidOption("parents of a tree", parents, "at least one number");
  }
  const neighbors = Array.from(parents, (): number[] => []);
  for (let thing = 0; thing < parents.length; thing++) {
    const parent = parents[thing]!;
    if (parent === -1) continue;
    if (!Number.isSafeInteger(parent) || !neighbors[parent]) {
      throw invalidOption(
        `the parent of thing ${thing}`,
        parent,
        `-1 for the root, or a whole number from 0 below ${parents.length}`,
      );
    }
    neighbors[parent].push(thing);
    neighbors[thing]!.push(parent);
  }
  return neighbors;
}

function rootOf(parents: ArrayLike<number>): number {
  const roots = Array.from(parents)
    .flatMap((parent, thing) => parent === -1 ? [thing] : []);
  if (roots.length === 1) return roots[0]!;
  throw invalidOption(
    "the roots of a tree",
    roots,
    "one thing, whose parent is -1",
  );
}

/** The error for things that no way from the root reaches: following parents, they go round. */
function circle(parents: ArrayLike<number>, { steps }: Walk): Error {
  let thing = steps.indexOf(-1);
  for (let i = 0; i < parents.length; i++) thing = parents[thing]!;
  return invalidOption(
    `the parent of thing ${thing}`,
    parents[thing],
    "a thing that is not below it: these go round in a circle",
  );
}

function walk(neighbors: readonly (readonly number[])[], start: number): Walk {
  const anchors = new Int32Array(neighbors.length).fill(-1);
  const steps = new Int32Array(neighbors.length).fill(-1);
  const order = [start];
  steps[start] = 0;
  for (const thing of order) {
    for (const other of neighbors[thing]!) {
      if (steps[other]! >= 0) continue;
      steps[other] = steps[thing]! + 1;
      anchors[other] = thing;
      order.push(other);
    }
  }
  return { order, anchors, steps };
}
