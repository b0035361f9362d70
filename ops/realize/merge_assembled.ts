import { overlaps } from "../../core/base/mod.ts";
import { assemble, layoutOf } from "../builtin/assemble.ts";
import type { ApplyNode, Node } from "../graph/node.ts";

/** Most pieces of one array: the code of a kernel grows with each. */
const PIECES_MAX = 32;

/**
 * Makes one array of a sum of two that are put together around zeros, where no piece of one meets one
 * of the other. The gradients of all parts of a tensor are such sums.
 *
 * @param sum The sum.
 * @returns The array, or `undefined` if there is none.
 */
export function mergeAssembled(sum: ApplyNode): Node | undefined {
  const [left, right] = sum.inputs.map(piecesOf);
  if (!left || !right || left.length + right.length > PIECES_MAX) {
    return undefined;
  }
  const meet = left.some((a) => right.some((b) => overlaps(a, b)));
  if (meet) return undefined;
  const pieces = [...left, ...right];
  return assemble(pieces.map(({ node }) => node), {
    shape: sum.type.shape,
    offsets: pieces.map(({ offset }) => offset),
    steps: pieces.map(({ steps }) => steps),
    value: 0,
  });
}

/** The pieces that lie among zeros, if a node is put together from such. */
function piecesOf(node: Node) {
  if (node.kind !== "apply" || node.operator.name !== "assemble") {
    return undefined;
  }
  const { value, places } = layoutOf(
    node.type.shape.length,
    node.attributes,
  );
  return value === 0
    ? places.map((place, i) => ({
      ...place,
      node: node.inputs[i]!,
      shape: node.inputs[i]!.type.shape,
    }))
    : undefined;
}
