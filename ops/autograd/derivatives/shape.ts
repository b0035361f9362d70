/**
 * Derivatives of the operators that move elements, and of those that pick them.
 *
 * @module
 */
import { binary } from "../../builtin/binary.ts";
import { gather } from "../../builtin/gather.ts";
import { permute } from "../../builtin/permute.ts";
import { reshape } from "../../builtin/reshape.ts";
import { scatterAdd } from "../../builtin/scatter_add.ts";
import { where } from "../../builtin/where.ts";
import { resolveAxis } from "../../../core/base/mod.ts";
import type { Node, Vjp } from "../../graph/node.ts";
import { unbroadcast } from "./elementwise.ts";

/** Gradients of the operators that move and pick elements, by name. */
export const SHAPE_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  expand: ({ inputs: [x], gradient }) => [unbroadcast(gradient, x!)],
  gather: ({ inputs: [x, index], gradient }, { axis }) => {
    const along = resolveAxis("gather", axis as number, x!.type.shape);
    const size = x!.type.shape[along]!;
    return [scatterAdd(gradient, index!, { axis: along, size }), undefined];
  },
  permute: ({ inputs: [x], gradient }, { axes }) => {
    const rank = x!.type.shape.length;
    const forward = axes === null
      ? undefined
      : (typeof axes === "number" ? [axes] : axes as number[])
        .map((axis) => axis < 0 ? axis + rank : axis);
    // Reversing twice is the identity; else axis forward[i] goes back to i.
    if (!forward) return [permute(gradient, null)];
    return [permute(gradient, forward.map((_, axis) => forward.indexOf(axis)))];
  },
  reshape: ({ inputs: [x], gradient }) => [reshape(gradient, x!.type.shape)],
  scatterAdd: ({ inputs: [x, index], gradient }, { axis }) => [
    // What was dropped has no influence: gather would give a NaN there.
    keepInside(gather(gradient, index!, axis as number), {
      index: index!,
      size: gradient.type
        .shape[resolveAxis("scatterAdd", axis as number, x!.type.shape)]!,
    }),
    undefined,
  ],
};

/** Replaces what an index outside the axis picked by 0. */
function keepInside(
  picked: Node,
  { index, size }: { readonly index: Node; readonly size: number },
): Node {
  const isInside = binary("and", [
    binary("less", [index, size]),
    binary("lessOrEqual", [-size, index]),
  ]);
  return where(isInside, [picked, 0]);
}
