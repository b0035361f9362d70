import type { PerAxis, Tensor } from "../../ops/mod.ts";
import { shapeMismatch } from "../../core/base/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { INITIALIZED } from "../initializers/initializer.ts";
import {
  type ConvLayerOptions,
  Convolution,
  convSchema,
  type ConvSettings,
} from "./convolution.ts";
import { at, windowedShape } from "./window_shape.ts";

/**
 * Weighted sums of windows that move through volumes.
 *
 * **Shapes**: `x [batch, inChannels, depth, height, width] -> y [batch, outChannels, ...windows]`; `weight
 * [outChannels, inChannels / groups, ...kernelSize]`, `bias [outChannels]`.
 *
 * **Cost**: a convolution of all slices for each place of a window's depth, and a copy of the slices for
 * each of them.
 *
 * @example A layer that keeps sizes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Conv3d } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new Conv3d({
 *   inChannels: 1,
 *   outChannels: 2,
 *   kernelSize: 3,
 *   padding: "same",
 * });
 * assertEquals(layer.forward(ones([1, 1, 4, 5, 6])).shape, [1, 2, 4, 5, 6]);
 * ```
 */
export class Conv3d extends Convolution {
  /**
   * Constructs a new instance.
   *
   * @param options Channels, windows, groups, bias and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number above 0.
   */
  constructor(options: ConvLayerOptions) {
    super("Conv3d", 3, options);
  }

  /**
   * Describes the sums of windows.
   *
   * @param x The volumes, `[batch, inChannels, depth, height, width]`.
   * @returns The sums, `[batch, outChannels, ...windows]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Conv3d", x);
    const { inChannels, outChannels, groups } = this.settings;
    const shape = windowedShape(x.shape, this.settings, {
      axes: 3,
      inChannels,
      outChannels,
    });
    if ("wanted" in shape) {
      throw shapeMismatch("Conv3d", x.shape, this.weight.shape, {
        rule: `the volumes must be ${shape.wanted}`,
      });
    }
    const [batch, , , height, width] = x.shape as number[];
    const [, , depth, ...windows] = shape as number[];
    const step = at(this.settings.stride, 0);
    const reach = at(this.settings.dilation, 0);
    const padded = this.#padded(x);
    const options = {
      stride: behind(this.settings.stride),
      dilation: behind(this.settings.dilation),
      padding: this.#padding(),
      groups,
    };
    const sums = Array.from({ length: this.weight.shape[2]! }, (_, k) => {
      const first = k * reach;
      const last = first + step * (depth! - 1) + 1;
      const slices = padded.slice([null, null, [first, last, step]])
        .permute([0, 2, 1, 3, 4])
        .reshape([batch! * depth!, inChannels, height!, width!]);
      return slices.conv2d(this.weight.select(k, 2), options);
    });
    const sum = sums.reduce((left, right) => left.add(right))
      .reshape([batch!, depth!, outChannels, ...windows])
      .permute([0, 2, 1, 3, 4]);
    const { bias } = this;
    return bias ? sum.add(bias.reshape([outChannels, 1, 1, 1])) : sum;
  }

  /** The volumes with zeros before the first slice and after the last. */
  #padded(x: Tensor): Tensor {
    const { padding, dilation } = this.settings;
    if (padding === "valid") return x;
    const whole = at(dilation, 0) * (this.weight.shape[2]! - 1);
    const before = padding === "same" ? Math.floor(whole / 2) : at(padding, 0);
    const after = padding === "same" ? whole - before : before;
    return x.pad([[0, 0], [0, 0], [before, after], [0, 0], [0, 0]]);
  }

  /** What is added around each slice. */
  #padding(): ConvSettings["padding"] {
    const { padding } = this.settings;
    return typeof padding === "string" ? padding : behind(padding);
  }
}

/** The numbers of all axes but the first. */
function behind(numbers: PerAxis): PerAxis {
  return typeof numbers === "number" ? numbers : numbers.slice(1);
}

/** `conv3d`: {@linkcode Conv3d} by name. */
export const conv3dDefinition: ModuleDefinition<ConvSettings> = {
  type: "conv3d",
  displayName: "Conv3d",
  description: "Weighted sums of windows that move through volumes.",
  category: "Convolution",
  config: convSchema(3),
  parts: INITIALIZED,
  inferShape(config, [x]) {
    const { inChannels, outChannels } = config;
    return windowedShape(x!, config, { axes: 3, inChannels, outChannels });
  },
  create: (config, { seed }) => new Conv3d({ ...config, seed }),
  toConfig: (module) => module instanceof Conv3d ? module.settings : undefined,
};
