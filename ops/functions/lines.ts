/**
 * Convolution of lines, beside the methods of `Tensor`.
 *
 * @module
 */
import { optionsOf, shapeMismatch } from "../../core/base/mod.ts";
import type { PerAxis } from "../builtin/conv_settings.ts";
import { type ConvTransposeOptions, Tensor, toNode } from "../tensor.ts";

/** The only axis of a line. */
const LINE = 2;

/**
 * Windows of weights that are added up where a line points, as the gradient of `conv1d` does it.
 *
 * **Shapes**: `x [n, c, in], weight [c, o / groups, kernel] -> y [n, o, out]`, where `out` is
 * `(in - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1`.
 *
 * **Source**: PyTorch `torch.nn.functional.conv_transpose1d`.
 *
 * @example Each element twice
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { convTranspose1d, ones, tensor } from "@spiraltorch/spiraltorch";
 *
 * const line = tensor([[[1, 2, 3]]]);
 * const y = convTranspose1d(line, ones([1, 1, 2]), { stride: 2 });
 * assertEquals(await y.array(), [[[1, 1, 2, 2, 3, 3]]]);
 * ```
 *
 * @param x The lines.
 * @param weight The weights.
 * @param options Steps, what is cut off and added, groups and bias.
 * @returns The sums.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if an option is not what it must be.
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  options?: ConvTransposeOptions,
): Tensor {
  const name = "convTranspose1d";
  const { stride = 1, dilation = 1, padding = 0, outputPadding = 0, ...rest } =
    optionsOf<ConvTransposeOptions>(name, options);
  const [lines, windows] = [toNode(name, x), toNode(name, weight)];
  const [images, kernels] = [lines.type.shape, windows.type.shape];
  if (images.length !== LINE + 1 || kernels.length !== LINE + 1) {
    const rule = "both must have 3 axes";
    throw shapeMismatch(name, images, kernels, { rule });
  }
  const y = new Tensor(lines).unsqueeze(LINE).convTranspose2d(
    new Tensor(windows).unsqueeze(LINE),
    {
      ...rest,
      stride: behind(1, stride),
      dilation: behind(1, dilation),
      padding: behind(0, padding),
      outputPadding: behind(0, outputPadding),
    },
  );
  return y.squeeze(LINE);
}

/** A setting of images that are one element high. */
function behind(first: number, setting: PerAxis): readonly number[] {
  return [first, ...(Array.isArray(setting) ? setting : [setting])];
}
