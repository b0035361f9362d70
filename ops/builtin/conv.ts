/**
 * Convolutions as layers know them: `y[n, o, p] = Σ weight[o, c, k] x[n, c, p stride + k dilation -
 * padding]` over the channels `c` of a group and all `k`.
 *
 * A family is a table: one row a number of axes. **Shapes**: `x [n, c, ...in], weight [o, c / groups,
 * ...kernel] -> y [n, o, ...out]` with `out = ⌊(in + low + high - dilation (kernel - 1) - 1) /
 * stride⌋ + 1`. **Numerics**: those of `convolution`, in `float32`; the result has the dtype that
 * images and weights meet in. **Source**: PyTorch `conv1d`, `conv2d`, `conv3d`.
 *
 * @module
 */
import { type Shape, shapeMismatch } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type {
  Attributes,
  CompositeOperator,
  Node,
  TensorType,
} from "../graph/node.ts";
import { attributeInvalid } from "../errors.ts";
import { cast } from "./cast.ts";
import {
  convolution,
  type ConvolutionAttributes,
  convolutionOperator,
  readIntegers,
} from "./convolution.ts";
import { floatResult } from "./float_result.ts";
import { reshape } from "./reshape.ts";

/** Names of the operators. */
export type ConvName = "conv1d" | "conv2d" | "conv3d";

/** Settings of {@linkcode conv}, each list with one number an axis. */
export interface ConvAttributes {
  /** Places from one output element to the next. */
  readonly stride: readonly number[];
  /** Places of 0 before and after an image, two numbers an axis. */
  readonly padding: readonly number[];
  /** Whether padding is chosen so that the output has the image's sizes; `padding` is not used then. */
  readonly same: boolean;
  /** Places from one weight to the next. */
  readonly dilation: readonly number[];
  /** Into how many groups the channels are divided. */
  readonly groups: number;
}

/** How many axes the images of each have. */
export const CONV_AXES: Readonly<Record<ConvName, number>> = {
  conv1d: 1,
  conv2d: 2,
  conv3d: 3,
};

const AXES_IN_WORDS = ["", "one axis", "two axes", "three axes"];

/** The operators by name. */
export const CONV_OPERATORS: Readonly<Record<ConvName, CompositeOperator>> =
  Object.fromEntries(
    Object.entries(CONV_AXES).map(([name, axes]) => [
      name,
      convOperator(name as ConvName, axes),
    ]),
  ) as Record<ConvName, CompositeOperator>; // one entry for each row

function convOperator(name: ConvName, axes: number): CompositeOperator {
  return {
    kind: "composite",
    name,
    version: "1.0.0",
    description: `Weighted sums of windows that move over images of ${
      AXES_IN_WORDS[axes]
    }.`,
    schema: {
      inputs: ["x", "weight"],
      attributes: {
        stride: "integers",
        padding: "integers",
        same: "boolean",
        dilation: "integers",
        groups: "integer",
      },
    },
    infer([x, weight], attributes) {
      const call = grouped(name, [x!, weight!], { attributes, axes });
      const dtype = floatResult(name, [x!, weight!]);
      const { shape } = convolutionOperator.infer([
        { dtype: "float32", shape: call.x },
        { dtype: "float32", shape: call.weight },
      ], { ...call.attributes });
      return { dtype, shape: mergeGroups(shape) };
    },
    decompose([x, weight], attributes) {
      const types = [x!.type, weight!.type] as const;
      const call = grouped(name, types, { attributes, axes });
      const y = convolution(
        reshape(cast(x!, "float32"), call.x),
        reshape(cast(weight!, "float32"), call.weight),
        call.attributes,
      );
      const sums = reshape(y, mergeGroups(y.type.shape));
      return cast(sums, floatResult(name, types));
    },
  };
}

/** The call as one of `convolution`, which has an axis for the groups. */
function grouped(
  name: ConvName,
  [x, weight]: readonly [TensorType, TensorType],
  { attributes, axes }: {
    readonly attributes: Attributes;
    readonly axes: number;
  },
): {
  readonly x: Shape;
  readonly weight: Shape;
  readonly attributes: ConvolutionAttributes;
} {
  const groups = readGroups(name, attributes);
  const [images, windows] = [x.shape, weight.shape];
  const depth = windows[1]!;
  const fits = images.length === axes + 2 && windows.length === axes + 2 &&
    images[1] === depth * groups && windows[0]! % groups === 0;
  if (!fits) {
    throw shapeMismatch(name, images, windows, {
      rule: `both must have ${
        axes + 2
      } axes, the weights 1 of ${groups} groups of input channels, and output channels for ${groups} groups`,
    });
  }
  const read = (attribute: string, least: number, perAxis = 1) =>
    readIntegers(name, attribute, { attributes, count: axes, perAxis, least });
  const stride = read("stride", 1);
  const dilation = read("dilation", 1);
  const padding = read("padding", 0, 2);
  if (attributes.same && stride.some((step) => step !== 1)) {
    throw attributeInvalid(
      name,
      "stride",
      `found [${stride}], wanted 1 where the sizes are to stay the same`,
    );
  }
  const batch = images[0]!;
  return {
    x: [batch, groups, depth, ...images.slice(2)],
    weight: [groups, windows[0]! / groups, depth, ...windows.slice(2)],
    attributes: {
      stride,
      dilation,
      inputDilation: stride.map(() => 1),
      padding: attributes.same ? samePadding(windows, dilation) : padding,
    },
  };
}

/** As PyTorch does it: where the number of places is odd, one more follows than goes before. */
function samePadding(weight: Shape, dilation: readonly number[]): number[] {
  return dilation.flatMap((step, axis) => {
    const places = step * (weight[2 + axis]! - 1);
    return [Math.floor(places / 2), Math.ceil(places / 2)];
  });
}

/**
 * Reads the number of groups.
 *
 * @param operation Name of the operator, for messages.
 * @param attributes Its attributes.
 * @returns The number, from 1.
 */
export function readGroups(
  operation: string,
  { groups }: Attributes,
): number {
  if ((groups as number) < 1) {
    throw attributeInvalid(
      operation,
      "groups",
      `found ${groups}, wanted a whole number from 1`,
    );
  }
  return groups as number;
}

/**
 * Makes one axis of groups and their channels.
 *
 * @param shape A shape `[n, g, o, ...out]`.
 * @returns The shape `[n, g o, ...out]`.
 */
export function mergeGroups([batch, groups, channels, ...rest]: Shape): Shape {
  return [batch!, groups! * channels!, ...rest];
}

/**
 * Convolves images; see {@linkcode CONV_OPERATORS}.
 *
 * @param name Which operator.
 * @param inputs The images and the weights.
 * @param attributes Steps, padding and groups.
 * @returns The sums, `[n, o, ...out]`.
 */
export function conv(
  name: ConvName,
  [x, weight]: readonly [Node, Node],
  { stride, padding, same, dilation, groups }: ConvAttributes,
): Node {
  return apply(CONV_OPERATORS[name], [x, weight], {
    stride: [...stride],
    padding: [...padding],
    same,
    dilation: [...dilation],
    groups,
  });
}
