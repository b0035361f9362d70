/**
 * Derivatives of the convolution, which are convolutions too: the input's is that of the output's
 * gradient with the weights in reverse, the weights' that of the input with the output's gradient.
 *
 * **Source**: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), §4.
 *
 * @module
 */
import {
  convolution,
  type ConvolutionAttributes,
} from "../../builtin/convolution.ts";
import { flip } from "../../builtin/flip.ts";
import { permute } from "../../builtin/permute.ts";
import type { Attributes, Node, Pullback, Vjp } from "../../graph/node.ts";

/** Gradient of the convolution, by name. */
export const CONVOLUTION_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  convolution: (call, attributes) => [
    inputGradient(call, attributesOf(attributes)),
    weightGradient(call, attributesOf(attributes)),
  ],
};

function attributesOf(attributes: Attributes): ConvolutionAttributes {
  const { stride, dilation, inputDilation, padding } = attributes as Readonly<
    Record<string, readonly number[]>
  >;
  return {
    stride: stride!,
    dilation: dilation!,
    inputDilation: inputDilation!,
    padding: padding!,
  };
}

/** From `q inputDilation = p stride + k dilation - low`, solved for `p` with `k` in reverse. */
function inputGradient(
  { inputs, gradient }: Pullback,
  { stride, dilation, inputDilation, padding }: ConvolutionAttributes,
): Node {
  const [x, weight] = inputs as [Node, Node];
  const axes = spatialAxes(x);
  const reversed = flip(swapAxes(weight, 1, 2), axes);
  return convolution(gradient, reversed, {
    stride: inputDilation,
    dilation,
    inputDilation: stride,
    padding: axes.flatMap((axis, i) => {
      const window = (weight.type.shape[axis]! - 1) * dilation[i]!;
      const low = window - padding[2 * i]!;
      const places = (gradient.type.shape[axis]! - 1) * stride[i]! + 1;
      const wanted = (x.type.shape[axis]! - 1) * inputDilation[i]! + 1 + window;
      return [low, wanted - places - low];
    }),
  });
}

/** The images take turns as channels: each weight is a sum over images and places. */
function weightGradient(
  { inputs, gradient }: Pullback,
  { stride, dilation, inputDilation, padding }: ConvolutionAttributes,
): Node {
  const [x, weight] = inputs as [Node, Node];
  const axes = spatialAxes(x);
  const images = swapAxes(x, 0, 2);
  // From [n, g, o, ...] to [g, o, n, ...].
  const windows = permute(gradient, [1, 2, 0, ...axes]);
  const slopes = convolution(images, windows, {
    stride: dilation,
    dilation: stride,
    inputDilation,
    padding: axes.flatMap((axis, i) => {
      const places = (x.type.shape[axis]! - 1) * inputDilation[i]! + 1;
      const wanted = (weight.type.shape[axis]! - 1) * dilation[i]! + 1 +
        (gradient.type.shape[axis]! - 1) * stride[i]!;
      return [padding[2 * i]!, wanted - places - padding[2 * i]!];
    }),
  });
  // From [c, g, o, ...] to [g, o, c, ...].
  return permute(slopes, [1, 2, 0, ...axes]);
}

function spatialAxes(x: Node): readonly number[] {
  return x.type.shape.map((_, axis) => axis).slice(3);
}

function swapAxes(x: Node, first: number, second: number): Node {
  const axes = x.type.shape.map((_, axis) => axis);
  return permute(x, axes.with(first, second).with(second, first));
}
