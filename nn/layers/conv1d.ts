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
 * Weighted sums of windows that move over lines.
 *
 * **Shapes**: `x [batch, inChannels, length] -> y [batch, outChannels, ...windows]`; `weight
 * [outChannels, inChannels / groups, ...kernelSize]`, `bias [outChannels]`.
 *
 * @example A layer that keeps sizes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Conv1d } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new Conv1d({
 *   inChannels: 3,
 *   outChannels: 8,
 *   kernelSize: 3,
 *   padding: "same",
 * });
 * assertEquals(layer.forward(ones([2, 3, 9])).shape, [2, 8, 9]);
 * ```
 */
export class Conv1d extends Convolution {
  /**
   * Constructs a new instance.
   *
   * @param options Channels, windows, groups, bias and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number above 0.
   */
  constructor(options: ConvLayerOptions) {
    super("Conv1d", 1, options);
  }

  /**
   * Describes the sums of windows.
   *
   * @param x The lines, `[batch, inChannels, length]`.
   * @returns The sums, `[batch, outChannels, ...windows]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Conv1d", x);
    const { stride, padding, dilation, groups } = this.settings;
    const { bias } = this;
    const options = { stride, padding, dilation, groups, ...bias && { bias } };
    return x.conv1d(this.weight, options);
  }
}

/** `conv1d`: {@linkcode Conv1d} by name. */
export const conv1dDefinition: ModuleDefinition<ConvSettings> = {
  type: "conv1d",
  displayName: "Conv1d",
  description: "Weighted sums of windows that move over lines.",
  category: "Convolution",
  config: convSchema(1),
  parts: INITIALIZED,
  inferShape(config, [x]) {
    const { inChannels, outChannels } = config;
    return windowedShape(x!, config, { axes: 1, inChannels, outChannels });
  },
  create: (config, { seed }) => new Conv1d({ ...config, seed }),
  toConfig: (module) => module instanceof Conv1d ? module.settings : undefined,
};
