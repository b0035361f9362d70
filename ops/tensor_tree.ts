import { invalidOption } from "../core/base/mod.ts";
import { Tensor } from "./tensor.ts";

/** What a compiled or transformed function may give back: a tensor, or several in a list or by name. */
export type TensorTree = Tensor | readonly Tensor[] | {
  readonly [name: string]: Tensor;
};

/**
 * Lists the tensors of a tree.
 *
 * @param tree What a function gave back.
 * @param what What it is, for the message.
 * @returns Its tensors, in order.
 * @throws {OptionError} `INVALID_OPTION` if it is no such tree.
 */
export function leavesOf(
  tree: TensorTree,
  what = "the result of a compiled function",
): readonly Tensor[] {
  if (tree instanceof Tensor) return [tree];
  const leaves = Array.isArray(tree) ? tree : Object.values(tree ?? {});
  const isTree = typeof tree === "object" && tree !== null &&
    leaves.every((leaf) => leaf instanceof Tensor);
  if (isTree) return leaves;
  throw invalidOption(
    what,
    tree,
    "a tensor, a list of tensors or an object of tensors",
  );
}

/**
 * Makes the same tree with other tensors.
 *
 * @param tree The tree.
 * @param tensors As many tensors as it has, in order.
 * @returns The other tree.
 */
export function rebuildTree<Tree extends TensorTree>(
  tree: Tree,
  tensors: readonly Tensor[],
): Tree {
  const rebuilt = tree instanceof Tensor
    ? tensors[0]!
    : Array.isArray(tree)
    ? tensors
    : Object.fromEntries(
      Object.keys(tree).map((name, i) => [name, tensors[i]!]),
    );
  return rebuilt as Tree; // The same keys in the same order.
}
