import { dtypeMismatch } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import {
  padForWindows,
  poolAxes,
  pooledShape,
  windowsOf,
} from "./pool_geometry.ts";
import { reduce } from "./reduce.ts";

/** How windows of pooling lie: one entry for each of the last axes. */
export interface MaxPoolAttributes {
  /** Elements a window. */
  readonly kernel: readonly number[];
  /** From one window to the next. */
  readonly stride: readonly number[];
  /** How far the first window begins before the first element, and the last may reach behind the last. */
  readonly padding: readonly number[];
  /** From one element of a window to the next. */
  readonly dilation: readonly number[];
  /** Whether a last window that reaches further counts, too. */
  readonly ceilMode: boolean;
}

/**
 * The largest element of each window over the last axes. What lies in the padding is never the largest.
 *
 * **Shapes**: `x [..., n] -> y [..., floor((n + 2 padding - dilation (kernel - 1) - 1) / stride) + 1]`
 * for each of the last axes; rounded up with `ceilMode`, as long as the last window begins in front of
 * the last element.
 *
 * **Numerics**: a `NaN` in a window passes on. The gradient of a window goes to its first largest
 * element, row by row; to the last `NaN` where there is one.
 *
 * **Source**: PyTorch `torch.nn.functional.max_pool2d`; ONNX `MaxPool-12`.
 */
export const maxPoolOperator: CompositeOperator = {
  kind: "composite",
  name: "maxPool",
  version: "1.0.0",
  description: "The largest element of each window over the last axes.",
  schema: {
    inputs: ["x"],
    attributes: {
      kernel: "integers",
      stride: "integers",
      padding: "integers",
      dilation: "integers",
      ceilMode: "boolean",
    },
  },
  infer([x], attributes) {
    if (x!.dtype === "bool") {
      throw dtypeMismatch("maxPool", x!.dtype, ["int32", "float32"]);
    }
    const axes = poolAxes("maxPool", x!.shape, attributes);
    return { dtype: x!.dtype, shape: pooledShape(x!.shape, axes) };
  },
  decompose([x], attributes) {
    const axes = poolAxes("maxPool", x!.type.shape, attributes);
    const { node } = padForWindows(x!, axes, -Infinity);
    return reduce("max", windowsOf(node, axes), {
      axes: axes.map((_, i) => -1 - i),
      keepDims: false,
    });
  },
};

/**
 * Takes the largest element of each window; see {@linkcode maxPoolOperator}.
 *
 * @param x The input, `[..., ...spatial]`.
 * @param attributes How the windows lie.
 * @returns The largest elements, `[..., ...windows]`.
 */
export function maxPool(
  x: Node,
  { kernel, stride, padding, dilation, ceilMode }: MaxPoolAttributes,
): Node {
  return apply(maxPoolOperator, [x], {
    kernel: [...kernel],
    stride: [...stride],
    padding: [...padding],
    dilation: [...dilation],
    ceilMode,
  });
}
