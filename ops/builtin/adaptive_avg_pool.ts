import { type Shape, toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, CompositeOperator, Node } from "../graph/node.ts";
import { avgPool } from "./avg_pool.ts";
import { concat } from "./concat.ts";
import { mean } from "./mean.ts";
import { sliceAxis } from "./slice.ts";

/**
 * The means of so many parts of the last axes. Part `i` of `m` reaches from `floor(i n / m)` to
 * `ceil((i + 1) n / m)`; parts overlap where `m` does not divide `n`.
 *
 * **Shapes**: `x [..., n] -> y [..., outputSize]` for each of the last axes. The output has fractions.
 *
 * **Cost**: one pass where sizes divide; else one for each part.
 *
 * **Source**: PyTorch `torch.nn.functional.adaptive_avg_pool2d`.
 */
export const adaptiveAvgPoolOperator: CompositeOperator = {
  kind: "composite",
  name: "adaptiveAvgPool",
  version: "1.0.0",
  description: "The means of so many parts of the last axes.",
  schema: { inputs: ["x"], attributes: { outputSize: "integers" } },
  infer: ([x], attributes) => ({
    dtype: toFloatDType(x!.dtype),
    shape: adaptedShape(x!.shape, attributes),
  }),
  decompose([x], attributes) {
    const { shape } = x!.type;
    const sizes = attributes.outputSize as readonly number[];
    const first = shape.length - sizes.length;
    const kernel = sizes.map((size, i) => shape[first + i]! / size);
    if (kernel.every(Number.isInteger)) {
      const padding = kernel.map(() => 0);
      const rest = { padding, ceilMode: false, countIncludePad: true };
      return avgPool(x!, { kernel, stride: kernel, ...rest });
    }
    return sizes.reduce<Node>(
      (pooled, size, i) => partMeans(pooled, first + i, size),
      x!,
    );
  },
};

/** The means of so many parts of one axis. */
function partMeans(x: Node, axis: number, count: number): Node {
  const length = x.type.shape[axis]!;
  const parts = Array.from({ length: count }, (_, i) => {
    const start = Math.floor(i * length / count);
    const end = Math.ceil((i + 1) * length / count);
    return mean(sliceAxis(x, axis, { start, end }), {
      axes: axis,
      keepDims: true,
    });
  });
  return concat(parts, axis);
}

function adaptedShape(shape: Shape, { outputSize }: Attributes): Shape {
  const sizes = outputSize as readonly number[];
  const first = shape.length - sizes.length;
  const isFit = sizes.length > 0 && first >= 0 &&
    sizes.every((size, i) => size >= 1 && shape[first + i]! >= 1);
  if (isFit) return [...shape.slice(0, first), ...sizes];
  throw attributeInvalid(
    "adaptiveAvgPool",
    "outputSize",
    `found [${sizes}], wanted sizes from 1 for the last axes of shape [${shape}], which must not be empty`,
  );
}

/**
 * Takes the means of so many parts; see {@linkcode adaptiveAvgPoolOperator}.
 *
 * @param x The input, `[..., ...spatial]`.
 * @param outputSize How many parts each of the last axes has.
 * @returns The means, `[..., ...outputSize]`.
 */
export function adaptiveAvgPool(
  x: Node,
  outputSize: readonly number[],
): Node {
  return apply(adaptiveAvgPoolOperator, [x], { outputSize: [...outputSize] });
}
