/** Convolutions of square images. */
import { contiguousStrides } from "../../core/base/mod.ts";
import type { ConvolutionAxis, ConvolutionKernel } from "./mod.ts";

/** What a convolution of square images is made of. */
export interface SquareConvolution extends Partial<ConvolutionAxis> {
  /** Images, groups, and channels of output and input. */
  readonly sizes: readonly [number, number, number, number];
  readonly input: number;
  readonly kernel: number;
}

/**
 * Makes a convolution of square images that lie without gaps.
 *
 * @param convolution Its sizes, and how windows move.
 * @returns The kernel, whose result is not changed any more.
 */
export function squareConvolution(
  { sizes, ...axis }: SquareConvolution,
): ConvolutionKernel {
  const [batch, groups, channels, depth] = sizes;
  const steps = {
    stride: 1,
    padding: 0,
    dilation: 1,
    inputDilation: 1,
    ...axis,
  };
  const { input, kernel, stride, padding, dilation, inputDilation } = steps;
  const places = (input - 1) * inputDilation + 1 + 2 * padding;
  const room = places - (kernel - 1) * dilation - 1;
  const along = { ...steps, output: Math.floor(room / stride) + 1 };
  const shapes = [
    [batch, groups, depth, input, input],
    [groups, channels, depth, kernel, kernel],
  ];
  return {
    kind: "convolution",
    batch,
    groups,
    channels,
    depth,
    axes: [along, along],
    operands: shapes.map((shape) => ({
      dtype: "float32",
      strides: contiguousStrides(shape),
      offset: 0,
    })),
    epilogue: [{ kind: "accumulator", dtype: "float32" }],
    dtype: "float32",
  };
}
