import { resolveAxis, type Shape } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * The axes in another order: axis `i` of the output is axis `axes[i]` of the input. `null` reverses
 * them.
 *
 * **Shapes**: `x [s0, s1, ...] -> y [s_axes[0], s_axes[1], ...]`.
 *
 * **Cost**: none where the consumer can read in another order.
 */
export const permuteOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "permute",
  version: "1.0.0",
  description: "The axes in another order.",
  schema: { inputs: ["x"], attributes: { axes: "axes" } },
  infer(inputs, { axes }) {
    const { dtype, shape } = inputs[0]!;
    return {
      dtype,
      shape: resolvePermutation(shape, axes as Axes).map((axis) =>
        shape[axis]!
      ),
    };
  },
  lowering: {
    kind: "view",
    step: ({ inputs: [x], attributes: { axes } }) => ({
      kind: "permute",
      axes: resolvePermutation(x!.shape, axes as Axes),
    }),
  },
};

type Axes = number | readonly number[] | null;

function resolvePermutation(shape: Shape, axes: Axes): readonly number[] {
  if (axes === null) return shape.map((_, i) => shape.length - 1 - i);
  const listed = typeof axes === "number" ? [axes] : axes;
  const resolved = listed.map((axis) => resolveAxis("permute", axis, shape));
  const isComplete = resolved.length === shape.length &&
    resolved.every((axis, i) => resolved.indexOf(axis) === i);
  if (!isComplete) {
    throw attributeInvalid(
      "permute",
      "axes",
      `found [${listed}], wanted each axis of shape [${shape}] once`,
    );
  }
  return resolved;
}

/**
 * Reorders the axes; see {@linkcode permuteOperator}.
 *
 * @param x The input.
 * @param axes Which axis of the input each axis of the output is; reversed if `null`.
 * @returns The reordered tensor.
 */
export function permute(x: Node, axes: readonly number[] | null): Node {
  return apply(permuteOperator, [x], { axes });
}

/**
 * Swaps the last two axes.
 *
 * @param x The matrices, `[..., rows, columns]`.
 * @returns The transposed matrices, `[..., columns, rows]`.
 */
export function swapLastAxes(x: Node): Node {
  const axes = x.type.shape.map((_, axis) => axis);
  axes.push(...axes.splice(-2, 1));
  return permute(x, axes);
}
