import {
  dtypeMismatch,
  equalShapes,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";
import type { MaxPoolAttributes } from "./max_pool.ts";
import { poolAxes, pooledShape } from "./pool_geometry.ts";

/** Settings of {@linkcode maxPoolGradient}. */
export type MaxPoolGradientAttributes = Pick<
  MaxPoolAttributes,
  "kernel" | "stride" | "dilation"
>;

/**
 * The gradient of `maxPool` without padding: each element of `gradient` added where the largest element
 * of its window of `x` stands; the first of equal ones, row by row, or the last `NaN`.
 *
 * **Shapes**: `x [..., ...spatial], gradient [..., ...windows] -> y [..., ...spatial]`, `float32`.
 *
 * **Numerics**: elements that meet are added in the order of their windows, so the result is the same
 * every time.
 *
 * **Source**: PyTorch `max_pool2d_with_indices_backward`.
 */
export const maxPoolGradientOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "maxPoolGradient",
  version: "1.0.0",
  description: "Elements added where the largest of their windows stand.",
  schema: {
    inputs: ["x", "gradient"],
    attributes: {
      kernel: "integers",
      stride: "integers",
      dilation: "integers",
    },
  },
  infer([x, gradient], attributes) {
    const name = "maxPoolGradient";
    if (x!.dtype === "bool") {
      throw dtypeMismatch(name, x!.dtype, ["int32", "float32"]);
    }
    if (gradient!.dtype !== "float32") {
      throw dtypeMismatch(name, gradient!.dtype, ["float32"]);
    }
    const axes = poolAxes(name, x!.shape, attributes);
    const wanted = pooledShape(x!.shape, axes);
    if (!equalShapes(gradient!.shape, wanted)) {
      throw shapeMismatch(name, gradient!.shape, wanted, {
        rule: "there must be one element for each window",
      });
    }
    return { dtype: "float32", shape: x!.shape };
  },
  lowering: {
    kind: "scatterMax",
    blocks({ inputs: [x], attributes }) {
      const axes = poolAxes("maxPoolGradient", x!.shape, attributes);
      return {
        steps: axes.map(({ axis, count, size, stride, dilation }) => ({
          kind: "windows",
          ...{ axis, count, size, stride, dilation },
        })),
        over: axes.length,
      };
    },
  },
};

/**
 * Adds elements where the largest of their windows stand; see {@linkcode maxPoolGradientOperator}.
 *
 * @param x What was pooled, `[..., ...spatial]`.
 * @param gradient One element a window, `[..., ...windows]`.
 * @param attributes How the windows lie.
 * @returns The sums, `[..., ...spatial]`.
 */
export function maxPoolGradient(
  x: Node,
  gradient: Node,
  { kernel, stride, dilation }: MaxPoolGradientAttributes,
): Node {
  return apply(maxPoolGradientOperator, [x, gradient], {
    kernel: [...kernel],
    stride: [...stride],
    dilation: [...dilation],
  });
}
