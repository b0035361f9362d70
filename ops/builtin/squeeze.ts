import { resolveAxis, type Shape } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, CompositeOperator, Node } from "../graph/node.ts";
import { reshape } from "./reshape.ts";
import { resolveAxes } from "./reduce.ts";

/**
 * The same elements without some axes of size 1; with `null`, without any.
 *
 * **Shapes**: `x [..., 1, ...] -> y [..., ...]`.
 *
 * **Source**: NumPy `squeeze`, which refuses axes of another size.
 */
export const squeezeOperator: CompositeOperator = {
  kind: "composite",
  name: "squeeze",
  version: "1.0.0",
  description: "The same elements without some axes of size 1.",
  schema: { inputs: ["x"], attributes: { axes: "axes" } },
  infer: ([x], attributes) => ({
    dtype: x!.dtype,
    shape: squeezedShape(x!.shape, attributes),
  }),
  decompose: ([x], attributes) =>
    reshape(x!, squeezedShape(x!.type.shape, attributes)),
};

/**
 * The same elements with more axes, of size 1. `axes` says where they are in the output.
 *
 * **Shapes**: `x [..., ...] -> y [..., 1, ...]`.
 *
 * **Source**: NumPy `expand_dims`, PyTorch `torch.unsqueeze`.
 */
export const unsqueezeOperator: CompositeOperator = {
  kind: "composite",
  name: "unsqueeze",
  version: "1.0.0",
  description: "The same elements with more axes, of size 1.",
  schema: { inputs: ["x"], attributes: { axes: "axes" } },
  infer: ([x], attributes) => ({
    dtype: x!.dtype,
    shape: unsqueezedShape(x!.shape, attributes),
  }),
  decompose: ([x], attributes) =>
    reshape(x!, unsqueezedShape(x!.type.shape, attributes)),
};

function squeezedShape(shape: Shape, attributes: Attributes): Shape {
  if (attributes.axes === null) return shape.filter((size) => size !== 1);
  const axes = resolveAxes("squeeze", shape, attributes);
  const larger = axes.find((axis) => shape[axis] !== 1);
  if (larger !== undefined) {
    throw attributeInvalid(
      "squeeze",
      "axes",
      `found axis ${larger} of shape [${shape}], wanted axes of size 1`,
    );
  }
  return shape.filter((_, axis) => !axes.includes(axis));
}

function unsqueezedShape(shape: Shape, { axes }: Attributes): Shape {
  const listed = typeof axes === "number" ? [axes] : axes as number[] | null;
  if (listed === null) {
    throw attributeInvalid("unsqueeze", "axes", "found null, wanted axes");
  }
  const rank = shape.length + listed.length;
  const places = new Array<number>(rank).fill(0);
  const added = new Set(
    listed.map((axis) => resolveAxis("unsqueeze", axis, places)),
  );
  if (added.size !== listed.length) {
    throw attributeInvalid(
      "unsqueeze",
      "axes",
      `found [${listed}], wanted each axis at most once`,
    );
  }
  const sizes = shape.values();
  return places.map((_, axis) => added.has(axis) ? 1 : sizes.next().value!);
}

/**
 * Removes axes of size 1; see {@linkcode squeezeOperator}.
 *
 * @param x The input.
 * @param axes The axes, or `null` for all that have size 1.
 * @returns The same elements.
 */
export function squeeze(
  x: Node,
  axes: number | readonly number[] | null,
): Node {
  return apply(squeezeOperator, [x], { axes });
}

/**
 * Adds axes of size 1; see {@linkcode unsqueezeOperator}.
 *
 * @param x The input.
 * @param axes Where they are in the output.
 * @returns The same elements.
 */
export function unsqueeze(x: Node, axes: number | readonly number[]): Node {
  return apply(unsqueezeOperator, [x], { axes });
}
