import { resolveAxis, type Shape } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, Node, PrimitiveOperator } from "../graph/node.ts";

/** Settings of {@linkcode windows}. */
export interface WindowsAttributes {
  /** The axis along which the windows lie. */
  readonly axis: number;
  /** Elements a window, from 1. */
  readonly size: number;
  /** From one window to the next, from 1. */
  readonly stride: number;
  /** From one element of a window to the next, from 1. */
  readonly dilation: number;
}

/**
 * Windows that slide along an axis: `y[..., i, ..., k] = x[..., i stride + k dilation, ...]`.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., floor((n - dilation (size - 1) - 1) / stride) + 1, ..., size]`.
 *
 * **Cost**: none: elements that lie in several windows are read several times.
 *
 * **Source**: PyTorch `Tensor.unfold`, NumPy `sliding_window_view`.
 */
export const windowsOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "windows",
  version: "1.0.0",
  description: "Windows that slide along an axis.",
  schema: {
    inputs: ["x"],
    attributes: {
      axis: "integer",
      size: "integer",
      stride: "integer",
      dilation: "integer",
    },
  },
  infer([x], attributes) {
    const { axis, size, count } = resolveWindows(x!.shape, attributes);
    return { dtype: x!.dtype, shape: [...x!.shape.with(axis, count), size] };
  },
  lowering: {
    kind: "view",
    step: ({ inputs: [x], attributes }) => ({
      kind: "windows",
      ...resolveWindows(x!.shape, attributes),
    }),
  },
};

/** Windows along an axis, and how many there are. */
export interface ResolvedWindows extends WindowsAttributes {
  /** How many windows there are. */
  readonly count: number;
}

/**
 * Finds where windows lie along an axis.
 *
 * @param shape The shape.
 * @param attributes Settings of the call.
 * @returns The settings, the axis counted from the first, and the number of windows.
 */
export function resolveWindows(
  shape: Shape,
  attributes: Attributes,
): ResolvedWindows {
  const axis = resolveAxis("windows", attributes.axis as number, shape);
  const [size, stride, dilation] = ["size", "stride", "dilation"].map(
    (name) => {
      const value = attributes[name] as number;
      if (value >= 1) return value;
      throw attributeInvalid(
        "windows",
        name,
        `found ${value}, wanted 1 or more`,
      );
    },
  ) as [number, number, number];
  const reach = (size - 1) * dilation + 1;
  if (reach > shape[axis]!) {
    throw attributeInvalid(
      "windows",
      "size",
      `found windows over ${reach} elements, wanted at most ${
        shape[axis]
      } (axis ${axis} of shape [${shape}])`,
    );
  }
  const count = Math.floor((shape[axis]! - reach) / stride) + 1;
  return { axis, size, stride, dilation, count };
}

/**
 * Looks at an axis through sliding windows; see {@linkcode windowsOperator}.
 *
 * @param x The input.
 * @param attributes The axis, and how the windows lie along it.
 * @returns The windows, whose elements are along a new last axis.
 */
export function windows(
  x: Node,
  { axis, size, stride, dilation }: WindowsAttributes,
): Node {
  return apply(windowsOperator, [x], { axis, size, stride, dilation });
}
