/**
 * Derivatives of the operators that move elements, and of those that pick them.
 *
 * @module
 */
import { assemble, layoutOf } from "../../builtin/assemble.ts";
import { add, binary } from "../../builtin/binary.ts";
import { flip } from "../../builtin/flip.ts";
import { gather } from "../../builtin/gather.ts";
import { permute } from "../../builtin/permute.ts";
import { reshape } from "../../builtin/reshape.ts";
import { scatterAdd } from "../../builtin/scatter_add.ts";
import { select } from "../../builtin/select.ts";
import { resolveSlice, slice } from "../../builtin/slice.ts";
import { where } from "../../builtin/where.ts";
import { resolveWindows } from "../../builtin/windows.ts";
import { resolveAxis, type Shape } from "../../../core/base/mod.ts";
import type { Attributes, Node, Vjp } from "../../graph/node.ts";
import { unbroadcast } from "./elementwise.ts";

/** Gradients of the operators that move and pick elements, by name. */
export const SHAPE_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  after: ({ gradient }) => [gradient, undefined],
  assemble: ({ inputs, gradient }, attributes) => {
    const { places } = layoutOf(gradient.type.shape.length, attributes);
    return inputs.map(({ type: { shape } }, i) => {
      const { offset, steps } = places[i]!;
      return slice(gradient, {
        starts: offset,
        ends: shape.map((size, axis) => offset[axis]! + size * steps[axis]!),
        steps,
      });
    });
  },
  expand: ({ inputs, gradient }) => [unbroadcast(gradient, inputs[0]!)],
  gather: ({ inputs: [x, index], gradient }, { axis }) => {
    const along = resolveAxis("gather", axis as number, x!.type.shape);
    const size = x!.type.shape[along]!;
    return [scatterAdd(gradient, index!, { axis: along, size }), undefined];
  },
  permute: ({ inputs, gradient }, { axes }) => {
    const rank = inputs[0]!.type.shape.length;
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
  slice: ({ inputs: [x], gradient }, attributes) => {
    const { shape } = x!.type;
    const { starts, sizes, steps } = resolveSlice(shape, attributes);
    const backwards = steps.flatMap((step, axis) => step < 0 ? [axis] : []);
    const lowest = starts.map((start, axis) =>
      start + Math.min(0, steps[axis]! * Math.max(0, sizes[axis]! - 1))
    );
    return [
      assemble([flip(gradient, backwards)], {
        shape,
        offsets: [lowest],
        steps: [steps.map(Math.abs)],
        value: 0,
      }),
    ];
  },
  stopGradient: () => [undefined],
  windows: ({ inputs: [x], gradient }, attributes) => [
    fold(gradient, x!.type.shape, attributes),
  ],
};

/** Adds the elements of windows up where they come from; those that share no place in one go. */
function fold(windows: Node, shape: Shape, attributes: Attributes): Node {
  const resolved = resolveWindows(shape, attributes);
  const { axis, size, stride, dilation } = resolved;
  const last = shape.length;
  return Array.from(
    { length: size },
    (_, k) =>
      assemble([select(windows, last, k)], {
        shape,
        offsets: [shape.map((_, i) => i === axis ? k * dilation : 0)],
        steps: [shape.map((_, i) => i === axis ? stride : 1)],
        value: 0,
      }),
  ).reduce((sum, part) => add(sum, part));
}

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
