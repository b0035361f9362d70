import type { DType } from "../../core/base/mod.ts";
import type { Expression } from "./expression.ts";
import type { Operand } from "./operand.ts";

/** What a convolution does along one axis of its images. */
export interface ConvolutionAxis {
  /** Size of an image. */
  readonly input: number;
  /** Size of a window of weights. */
  readonly kernel: number;
  /** Size of the output. */
  readonly output: number;
  /** Places of the image from one output element to the next. */
  readonly stride: number;
  /** Places of the image from one weight to the next. */
  readonly dilation: number;
  /** Places from one element of the image to the next: those between hold 0. */
  readonly inputDilation: number;
  /** Places of 0 before the image's first element; where negative, so many places are cut off. */
  readonly padding: number;
}

/**
 * Weighted sums of windows that move over images, then `epilogue` for each element: with
 * `place = output · stride + kernel · dilation - padding` along each axis, the sum over `depth` and
 * kernel of weight by the image's element at `place / inputDilation`, which is 0 where there is none.
 * `float32` only.
 */
export interface ConvolutionKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "convolution";
  /** How many images there are. */
  readonly batch: number;
  /** How many groups of channels there are, each with weights of its own. */
  readonly groups: number;
  /** Channels of the output, in each group. */
  readonly channels: number;
  /** Channels of the images, in each group. */
  readonly depth: number;
  /** The axes of an image, from one to three. */
  readonly axes: readonly ConvolutionAxis[];
  /**
   * The images over `[batch, groups, depth, ...input]`, the weights over
   * `[groups, channels, depth, ...kernel]`, then those that `epilogue` loads, over
   * `[batch, groups, channels, ...output]`.
   */
  readonly operands: readonly Operand[];
  /** The output element from the sum of products. */
  readonly epilogue: Expression;
  /** How the output is stored: the dtype of the epilogue's result. */
  readonly dtype: DType;
}
