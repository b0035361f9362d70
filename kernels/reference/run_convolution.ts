import { assertInvariant } from "../../core/base/mod.ts";
import { type ConvolutionKernel, outputShape } from "../ir/mod.ts";
import { evaluateExpression } from "./evaluate_expression.ts";
import {
  forEachPlace,
  offsetOf,
  placeAt,
  type ReferenceArray,
  toStored,
} from "./places.ts";

/**
 * Convolves, as the definition says: for each element of the output, over all weights.
 *
 * @param kernel The convolution.
 * @param inputs One array an operand.
 * @param output Where the elements go.
 */
export function runConvolution(
  kernel: ConvolutionKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  const { depth, axes, operands, epilogue } = kernel;
  const [image, weight] = operands;
  assertInvariant(image && weight, "a convolution has two operands");
  const window = [depth, ...axes.map((axis) => axis.kernel)];
  forEachPlace(outputShape(kernel), (coordinates, i) => {
    const [n, group, channel, ...position] = coordinates as [
      number,
      number,
      number,
      ...number[],
    ];
    let accumulator = 0;
    forEachPlace(window, ([c, ...tap]) => {
      const pixel = axes.map((axis, a) =>
        (position[a]! * axis.stride + tap[a]! * axis.dilation - axis.padding) /
        axis.inputDilation
      );
      const isInside = axes.every(({ input }, a) =>
        Number.isInteger(pixel[a]) && pixel[a]! >= 0 && pixel[a]! < input
      );
      if (!isInside) return;
      const at = offsetOf(image, [n, group, c!, ...pixel]);
      const by = offsetOf(weight, [group, channel, c!, ...tap]);
      accumulator += inputs[0]![at]! * inputs[1]![by]!;
    });
    const place = {
      ...placeAt(coordinates, operands, inputs),
      accumulator,
    };
    output[i] = toStored(evaluateExpression(epilogue, place), kernel.dtype);
  });
}
