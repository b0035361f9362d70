import { toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { iota } from "./iota.ts";
import type { MaxPoolAttributes } from "./max_pool.ts";
import {
  padForWindows,
  poolAxes,
  type PoolAxis,
  pooledShape,
  windowsOf,
} from "./pool_geometry.ts";
import { reduce } from "./reduce.ts";
import { reshape } from "./reshape.ts";

/** Settings of {@linkcode avgPool}. */
export interface AvgPoolAttributes extends Omit<MaxPoolAttributes, "dilation"> {
  /** Whether places in the padding count where the sum is divided. */
  readonly countIncludePad: boolean;
}

/**
 * The mean of each window over the last axes. Padding adds nothing to the sum; whether its places count
 * is `countIncludePad`. What a last window with `ceilMode` reaches behind the padding never counts.
 *
 * **Shapes**: as `maxPool`. The output has fractions.
 *
 * **Source**: PyTorch `torch.nn.functional.avg_pool2d`; ONNX `AveragePool-19`.
 */
export const avgPoolOperator: CompositeOperator = {
  kind: "composite",
  name: "avgPool",
  version: "1.0.0",
  description: "The mean of each window over the last axes.",
  schema: {
    inputs: ["x"],
    attributes: {
      kernel: "integers",
      stride: "integers",
      padding: "integers",
      ceilMode: "boolean",
      countIncludePad: "boolean",
    },
  },
  infer: ([x], attributes) => ({
    dtype: toFloatDType(x!.dtype),
    shape: pooledShape(x!.shape, poolAxes("avgPool", x!.shape, attributes)),
  }),
  decompose([x], attributes) {
    const axes = poolAxes("avgPool", x!.type.shape, attributes);
    const { node } = padForWindows(cast(x!, "float32"), axes, 0);
    const sum = reduce("sum", windowsOf(node, axes), {
      axes: axes.map((_, i) => -1 - i),
      keepDims: false,
    });
    const isPadded = attributes.countIncludePad === true;
    return cast(divided(sum, axes, isPadded), toFloatDType(x!.type.dtype));
  },
};

/** Divides sums by how many places their windows have. */
function divided(
  sum: Node,
  axes: readonly PoolAxis[],
  isPadded: boolean,
): Node {
  const uneven = axes.filter((axis) => !isEven(axis, isPadded));
  const even = axes.filter((axis) => isEven(axis, isPadded));
  const places = even.reduce((product, { size }) => product * size, 1);
  const rank = sum.type.shape.length;
  return uneven.reduce(
    (value, axis) => {
      const shape = new Array<number>(rank).fill(1).with(axis.axis, axis.count);
      return div(value, reshape(placesOf(axis, isPadded), shape));
    },
    mul(sum, 1 / places),
  );
}

/** Whether all windows along an axis have as many places as the kernel. */
function isEven(
  { length, size, stride, padding, count }: PoolAxis,
  isPadded: boolean,
): boolean {
  const end = (count - 1) * stride + size - padding;
  return isPadded ? end <= length + padding : padding === 0 && end <= length;
}

/** How many places each window along an axis has, without those that do not count. */
function placesOf(
  { length, size, stride, padding, count }: PoolAxis,
  isPadded: boolean,
): Node {
  const start = sub(mul(iota(count), stride), padding);
  const end = binary("minimum", [
    add(start, size),
    isPadded ? length + padding : length,
  ]);
  const first = isPadded ? start : binary("maximum", [start, 0]);
  return cast(sub(end, first), "float32");
}

/**
 * Takes the mean of each window; see {@linkcode avgPoolOperator}.
 *
 * @param x The input, `[..., ...spatial]`.
 * @param attributes How the windows lie.
 * @returns The means, `[..., ...windows]`.
 */
export function avgPool(x: Node, attributes: AvgPoolAttributes): Node {
  const { kernel, stride, padding, ceilMode, countIncludePad } = attributes;
  return apply(avgPoolOperator, [x], {
    kernel: [...kernel],
    stride: [...stride],
    padding: [...padding],
    ceilMode,
    countIncludePad,
  });
}
