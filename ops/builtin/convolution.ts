import {
  assertShape,
  dtypeMismatch,
  invalidShape,
  type Shape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import type { ConvolutionAxis } from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type {
  Attributes,
  Node,
  PrimitiveOperator,
  TensorType,
} from "../graph/node.ts";

/** Settings of {@linkcode convolution}, each a list with one number an axis. */
export interface ConvolutionAttributes {
  /** Places from one output element to the next. */
  readonly stride: readonly number[];
  /** Places from one weight to the next. */
  readonly dilation: readonly number[];
  /** Places from one element of an image to the next; those between hold 0. */
  readonly inputDilation: readonly number[];
  /** Places of 0 before and after an image, two numbers an axis; negative ones cut places off. */
  readonly padding: readonly number[];
}

/**
 * Weighted sums of windows that move over images of one to three axes, group by group:
 * `y[n, g, o, p] = Σ weight[g, o, c, k] x[n, g, c, (p stride + k dilation - low) / inputDilation]`
 * over all `c` and `k` for which `x` has that element.
 *
 * The one convolution that all others are made of: its gradients with respect to both inputs are
 * convolutions of the same kind, and theirs too.
 *
 * **Shapes**: `x [n, g, c, ...in], weight [g, o, c, ...kernel] -> y [n, g, o, ...out]`.
 *
 * **Numerics**: `float32` products, summed in `float32` in blocks. On Wasm, windows of 3 by 3 with many
 * channels are computed by Winograd's F(2 x 2, 3 x 3): the error stays within about 2 ** -22 of the sum
 * of magnitudes, and an element that is not finite reaches the tiles of 2 by 2 that it is part of.
 *
 * **Source**: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016); the
 * dilation of the input is XLA's `lhs_dilation`.
 */
export const convolutionOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "convolution",
  version: "1.0.0",
  description: "Weighted sums of windows that move over images, by groups.",
  schema: {
    inputs: ["x", "weight"],
    attributes: {
      stride: "integers",
      dilation: "integers",
      inputDilation: "integers",
      padding: "integers",
    },
  },
  infer(inputs, attributes) {
    const [x, weight] = inputs as readonly [TensorType, TensorType];
    for (const { dtype } of inputs) {
      if (dtype !== "float32") {
        throw dtypeMismatch("convolution", dtype, ["float32"]);
      }
    }
    assertImages("convolution", x.shape, weight.shape);
    const [batch, groups] = x.shape as [number, number];
    const axes = convolutionAxes(x.shape, weight.shape, attributes);
    const shape = [
      batch,
      groups,
      weight.shape[1]!,
      ...axes.map(({ output }) => output),
    ];
    assertShape("convolution", shape);
    return { dtype: "float32", shape };
  },
  lowering: {
    kind: "convolution",
    axes: ({ inputs: [x, weight], attributes }) =>
      convolutionAxes(x!.shape, weight!.shape, attributes),
  },
};

function assertImages(operation: string, x: Shape, weight: Shape): void {
  const rank = x.length;
  if (rank < 4 || rank > 6) throw invalidShape(operation, x);
  const fits = weight.length === rank && weight[0] === x[1] &&
    weight[2] === x[2];
  if (!fits) {
    throw shapeMismatch(operation, x, weight, {
      rule: "ranks, groups and input channels of a group must be equal",
    });
  }
  for (const shape of [x, weight]) {
    if (shape.slice(3).includes(0)) throw invalidShape(operation, shape);
  }
}

/** Finds out what happens along each axis of the images. */
function convolutionAxes(
  x: Shape,
  weight: Shape,
  attributes: Attributes,
): readonly ConvolutionAxis[] {
  const count = x.length - 3;
  const read = (name: string, { perAxis, least }: {
    readonly perAxis: number;
    readonly least: number;
  }) =>
    readIntegers("convolution", name, { attributes, count, perAxis, least });
  const steps = { perAxis: 1, least: 1 };
  const stride = read("stride", steps);
  const dilation = read("dilation", steps);
  const inputDilation = read("inputDilation", steps);
  const padding = read("padding", { perAxis: 2, least: -Infinity });
  return x.slice(3).map((input, axis) => {
    const kernel = weight[3 + axis]!;
    const [low, high] = padding.slice(2 * axis) as [number, number];
    const places = (input - 1) * inputDilation[axis]! + 1 + low + high;
    const room = places - (kernel - 1) * dilation[axis]! - 1;
    if (room < 0) {
      throw shapeMismatch("convolution", x, weight, {
        rule:
          `a window must not be larger than the padded image (${places} at axis ${
            3 + axis
          })`,
      });
    }
    return {
      input,
      kernel,
      output: Math.floor(room / stride[axis]!) + 1,
      stride: stride[axis]!,
      dilation: dilation[axis]!,
      inputDilation: inputDilation[axis]!,
      padding: low,
    };
  });
}

/**
 * Reads an attribute that has the same number of whole numbers for each axis of an image.
 *
 * @param operation Name of the operator, for messages.
 * @param name Name of the attribute.
 * @param wanted The attributes, how many axes there are, how many numbers each of them has, and the
 * least that a number may be.
 * @returns The numbers.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if there are not so many, or one is too small.
 */
export function readIntegers(
  operation: string,
  name: string,
  { attributes, count, perAxis = 1, least }: {
    readonly attributes: Attributes;
    readonly count: number;
    readonly perAxis?: number;
    readonly least: number;
  },
): readonly number[] {
  const values = attributes[name] as readonly number[];
  const length = count * perAxis;
  if (values.length !== length || values.some((value) => value < least)) {
    const bound = least === -Infinity ? "" : ` from ${least}`;
    throw attributeInvalid(
      operation,
      name,
      `found [${values}], wanted ${length} whole numbers${bound}`,
    );
  }
  return values;
}

/**
 * Convolves images; see {@linkcode convolutionOperator}.
 *
 * @param x The images, `[n, g, c, ...in]`.
 * @param weight The weights, `[g, o, c, ...kernel]`.
 * @param attributes Steps and padding.
 * @returns The sums, `[n, g, o, ...out]`.
 */
export function convolution(
  x: Node,
  weight: Node,
  { stride, dilation, inputDilation, padding }: ConvolutionAttributes,
): Node {
  return apply(convolutionOperator, [x, weight], {
    stride: [...stride],
    dilation: [...dilation],
    inputDilation: [...inputDilation],
    padding: [...padding],
  });
}
