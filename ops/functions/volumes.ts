/**
 * Convolution and pooling of images of three axes: volumes, and films.
 *
 * @module
 */
import { optionsOf } from "../../core/base/mod.ts";
import { convWithBias } from "../builtin/conv_settings.ts";
import {
  type AvgPoolOptions,
  avgPoolOver,
  type MaxPoolOptions,
  maxPoolOver,
  type PoolSize,
} from "../pool_options.ts";
import { type ConvOptions, Tensor, toNode } from "../tensor.ts";

/**
 * Weighted sums of windows that move over volumes: `[n, c, ...in]` by weights `[o, c / groups,
 * ...kernel]`, with three axes each.
 *
 * **Source**: PyTorch `torch.nn.functional.conv3d`.
 *
 * @example The sum of a window of 2 by 2 by 2
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { conv3d, ones } from "@spiraltorch/spiraltorch";
 *
 * const sums = conv3d(ones([1, 1, 2, 2, 3]), ones([1, 1, 2, 2, 2]));
 * assertEquals(await sums.array(), [[[[[8, 8]]]]]);
 * ```
 *
 * @param x The volumes.
 * @param weight The weights.
 * @param options Steps, padding, groups and bias.
 * @returns The sums, `[n, o, ...out]`.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if an option is not what it must be.
 */
export function conv3d(
  x: Tensor,
  weight: Tensor,
  options?: ConvOptions,
): Tensor {
  const name = "conv3d";
  const { bias, ...settings } = optionsOf<ConvOptions>(name, options);
  const inputs = [toNode(name, x), toNode(name, weight)] as const;
  const added = bias === undefined ? bias : toNode(name, bias);
  return new Tensor(convWithBias(name, inputs, { settings, bias: added }));
}

/**
 * The largest element of each window over the last three axes.
 *
 * **Source**: PyTorch `torch.nn.functional.max_pool3d`.
 *
 * @param x The volumes.
 * @param kernel Elements a window along all three axes, or along each.
 * @param options How the windows lie; side by side if left out.
 * @returns One element a window.
 * @throws {OptionError} `INVALID_OPTION` if a setting is no whole number or list of three such.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if windows do not fit.
 */
export function maxPool3d(
  x: Tensor,
  kernel: PoolSize,
  options?: MaxPoolOptions,
): Tensor {
  const set = optionsOf<MaxPoolOptions>("maxPool3d", options);
  const input = toNode("maxPool3d", x);
  return new Tensor(maxPoolOver(input, 3, { kernel, ...set }));
}

/**
 * The mean of each window over the last three axes.
 *
 * **Source**: PyTorch `torch.nn.functional.avg_pool3d`.
 *
 * @param x The volumes.
 * @param kernel Elements a window along all three axes, or along each.
 * @param options How the windows lie; side by side if left out.
 * @returns One element a window.
 * @throws {OptionError} `INVALID_OPTION` if a setting is no whole number or list of three such.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if windows do not fit.
 */
export function avgPool3d(
  x: Tensor,
  kernel: PoolSize,
  options?: AvgPoolOptions,
): Tensor {
  const set = optionsOf<AvgPoolOptions>("avgPool3d", options);
  const input = toNode("avgPool3d", x);
  return new Tensor(avgPoolOver(input, 3, { kernel, ...set }));
}
