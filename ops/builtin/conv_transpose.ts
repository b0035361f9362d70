import { type Shape, shapeMismatch } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type {
  Attributes,
  CompositeOperator,
  Node,
  TensorType,
} from "../graph/node.ts";
import { mergeGroups, readGroups } from "./conv.ts";
import {
  convolution,
  type ConvolutionAttributes,
  convolutionOperator,
  readIntegers,
} from "./convolution.ts";
import { cast } from "./cast.ts";
import { floatResult } from "./float_result.ts";
import { flip } from "./flip.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";

/** Settings of {@linkcode convTranspose2d}, each list with one number an axis. */
export interface ConvTransposeAttributes {
  /** Places of the output from one element of an image to the next. */
  readonly stride: readonly number[];
  /** Places that are cut off at each end of the output. */
  readonly padding: readonly number[];
  /** Places that are added behind the output: which of the sizes that fit is meant. */
  readonly outputPadding: readonly number[];
  /** Places from one weight to the next. */
  readonly dilation: readonly number[];
  /** Into how many groups the channels are divided. */
  readonly groups: number;
}

const AXES = 2;

/**
 * The gradient of `conv2d` with respect to its images, as an operator of its own: each element of an
 * image adds a window of weights to the output.
 *
 * **Shapes**: `x [n, c, ...in], weight [c, o / groups, ...kernel] -> y [n, o, ...out]` with
 * `out = (in - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1`.
 *
 * **Numerics**: those of `convolution`, in `float32`; the result has the dtype that images and weights
 * meet in.
 *
 * **Source**: PyTorch `conv_transpose2d`.
 */
export const convTranspose2dOperator: CompositeOperator = {
  kind: "composite",
  name: "convTranspose2d",
  version: "1.0.0",
  description: "Windows of weights that are added up where images point.",
  schema: {
    inputs: ["x", "weight"],
    attributes: {
      stride: "integers",
      padding: "integers",
      outputPadding: "integers",
      dilation: "integers",
      groups: "integer",
    },
  },
  infer([x, weight], attributes) {
    const call = grouped([x!, weight!], attributes);
    const [groups, depth, channels, ...kernel] = call.weight as [
      number,
      number,
      number,
      ...number[],
    ];
    const dtype = floatResult("convTranspose2d", [x!, weight!]);
    const { shape } = convolutionOperator.infer([
      { dtype: "float32", shape: call.x },
      { dtype: "float32", shape: [groups, channels, depth, ...kernel] },
    ], { ...call.attributes });
    return { dtype, shape: mergeGroups(shape) };
  },
  decompose([x, weight], attributes) {
    const types = [x!.type, weight!.type] as const;
    const call = grouped(types, attributes);
    const weights = reshape(cast(weight!, "float32"), call.weight);
    const windows = permute(weights, [0, 2, 1, 3, 4]);
    const y = convolution(
      reshape(cast(x!, "float32"), call.x),
      flip(windows, [3, 4]),
      call.attributes,
    );
    const sums = reshape(y, mergeGroups(y.type.shape));
    return cast(sums, floatResult("convTranspose2d", types));
  },
};

/** The call as one of `convolution`: weights `[g, c, o, ...kernel]`, to be turned and reversed. */
function grouped(
  [x, weight]: readonly [TensorType, TensorType],
  attributes: Attributes,
): {
  readonly x: Shape;
  readonly weight: Shape;
  readonly attributes: ConvolutionAttributes;
} {
  const name = "convTranspose2d";
  const groups = readGroups(name, attributes);
  const [images, windows] = [x.shape, weight.shape];
  const fits = images.length === AXES + 2 && windows.length === AXES + 2 &&
    images[1] === windows[0] && windows[0]! % groups === 0;
  if (!fits) {
    throw shapeMismatch(name, images, windows, {
      rule: `both must have ${
        AXES + 2
      } axes and as many input channels, for ${groups} groups`,
    });
  }
  const read = (attribute: string, least: number) =>
    readIntegers(name, attribute, { attributes, count: AXES, least });
  const stride = read("stride", 1);
  const dilation = read("dilation", 1);
  const cut = read("padding", 0);
  const extra = read("outputPadding", 0);
  extra.forEach((places, axis) => {
    // More would be rows that no element of an image can reach.
    if (places < Math.max(stride[axis]!, dilation[axis]!)) return;
    throw attributeInvalid(
      name,
      "outputPadding",
      `found [${extra}], wanted less than stride [${stride}] or dilation [${dilation}]`,
    );
  });
  const depth = windows[0]! / groups;
  return {
    x: [images[0]!, groups, depth, ...images.slice(2)],
    weight: [groups, depth, windows[1]!, ...windows.slice(2)],
    attributes: {
      stride: stride.map(() => 1),
      dilation,
      inputDilation: stride,
      padding: cut.flatMap((places, axis) => {
        const low = dilation[axis]! * (windows[2 + axis]! - 1) - places;
        return [low, low + extra[axis]!];
      }),
    },
  };
}

/**
 * Adds windows up; see {@linkcode convTranspose2dOperator}.
 *
 * @param x The images, `[n, c, ...in]`.
 * @param weight The weights, `[c, o / groups, ...kernel]`.
 * @param attributes Steps, padding and groups.
 * @returns The sums, `[n, o, ...out]`.
 */
export function convTranspose2d(
  x: Node,
  weight: Node,
  { stride, padding, outputPadding, dilation, groups }: ConvTransposeAttributes,
): Node {
  return apply(convTranspose2dOperator, [x, weight], {
    stride: [...stride],
    padding: [...padding],
    outputPadding: [...outputPadding],
    dilation: [...dilation],
    groups,
  });
}
