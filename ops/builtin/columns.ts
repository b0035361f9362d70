import type { Node } from "../graph/node.ts";
import { sliceAxis } from "./slice.ts";

/**
 * Takes columns of matrices.
 *
 * @param x The matrices, whose shape is known.
 * @param from The first column.
 * @param to The one after the last; all that follow if left out.
 * @returns Matrices with as many rows.
 */
export function columnsOf(
  x: Node,
  from: number,
  to: number = x.type.shape.at(-1)!,
): Node {
  return sliceAxis(x, x.type.shape.length - 1, { start: from, end: to });
}
