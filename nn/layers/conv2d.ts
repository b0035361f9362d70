import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { INITIALIZED } from "../initializers/initializer.ts";
import {
  type ConvLayerOptions,
  Convolution,
  convSchema,
  type ConvSettings,
} from "./convolution.ts";
import { windowedShape } from "./window_shape.ts";

/**
 * Weighted sums of windows that move over images.
 *
 * **Shapes**: `x [batch, inChannels, height, width] -> y [batch, outChannels, ...windows]`; `weight
 * [outChannels, inChannels / groups, ...kernelSize]`, `bias [outChannels]`.
 *
 * @example A layer that keeps sizes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Conv2d } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new Conv2d({
 *   inChannels: 3,
 *   outChannels: 8,
 *   kernelSize: 3,
 *   padding: "same",
 * });
 * assertEquals(layer.forward(ones([2, 3, 9, 9])).shape, [2, 8, 9, 9]);
 * ```
 */
export class Conv2d extends Convolution {
  /**
   * Constructs a new instance.
   *
   * @param options Channels, windows, groups, bias and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number above 0.
   */
  constructor(options: ConvLayerOptions) {
    super("Conv2d", 2, options);
  }

  /**
   * Describes the sums of windows.
   *
   * @param x The images, `[batch, inChannels, height, width]`.
   * @returns The sums, `[batch, outChannels, ...windows]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Conv2d", x);
    const { stride, padding, dilation, groups } = this.settings;
    const { bias } = this;
    const options = { stride, padding, dilation, groups, ...bias && { bias } };
    return x.conv2d(this.weight, options);
  }
}

/** `conv2d`: {@linkcode Conv2d} by name. */
export const conv2dDefinition: ModuleDefinition<ConvSettings> = {
  type: "conv2d",
  displayName: "Conv2d",
  description: "Weighted sums of windows that move over images.",
  category: "Convolution",
  config: convSchema(2),
  parts: INITIALIZED,
  inferShape(config, [x]) {
    const { inChannels, outChannels } = config;
    return windowedShape(x!, config, { axes: 2, inChannels, outChannels });
  },
  create: (config, { seed }) => new Conv2d({ ...config, seed }),
  toConfig: (module) => module instanceof Conv2d ? module.settings : undefined,
};
