import { type JsonObject, splitKey } from "../../core/base/mod.ts";
import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { type Seed, seedKey } from "../seed.ts";
import { Conv2d } from "./conv2d.ts";
import { type ConvConfig, convSchema } from "./convolution.ts";
import { windowedShape } from "./window_shape.ts";

/** Settings of {@linkcode SeparableConv2d} in a config. */
export type SeparableConfig = Omit<ConvConfig, "groups" | "init">;

/** Options of {@linkcode SeparableConv2d}. */
export interface SeparableOptions extends SeparableConfig {
  /**
   * What the first weights depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * Weighted sums of windows in two steps: within each channel, then over the channels of each place. Far
 * fewer weights and products than a convolution does both at once with.
 *
 * **Shapes**: `x [batch, inChannels, height, width] -> y [batch, outChannels, ...windows]`.
 *
 * **Source**: Chollet, "Xception: deep learning with depthwise separable convolutions" (2017), §3.
 *
 * @example A layer that keeps sizes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SeparableConv2d } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new SeparableConv2d({
 *   inChannels: 3,
 *   outChannels: 8,
 *   kernelSize: 3,
 *   padding: "same",
 * });
 * assertEquals(layer.forward(ones([2, 3, 9, 9])).shape, [2, 8, 9, 9]);
 * ```
 */
export class SeparableConv2d extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<SeparableConfig>;
  /** Within each channel. */
  readonly depthwise: Conv2d;
  /** Over the channels of each place. */
  readonly pointwise: Conv2d;

  /**
   * Constructs a new instance.
   *
   * @param options Channels, windows, bias and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number above 0.
   */
  constructor(options: SeparableOptions) {
    super();
    const { seed = 0, ...config } = optionsOf("SeparableConv2d", options);
    const settings = {
      stride: 1,
      padding: 0,
      dilation: 1,
      bias: true,
      ...config,
    };
    const { inChannels, outChannels, bias } = settings;
    const key = seedKey(seed);
    this.settings = settings;
    this.depthwise = new Conv2d({
      ...settings,
      outChannels: inChannels,
      groups: inChannels,
      bias: false,
      seed: splitKey(key, 0),
    });
    this.pointwise = new Conv2d({
      inChannels,
      outChannels,
      kernelSize: 1,
      bias,
      seed: splitKey(key, 1),
    });
  }

  /**
   * Describes the sums of windows.
   *
   * @param x The images, `[batch, inChannels, height, width]`.
   * @returns The sums, `[batch, outChannels, ...windows]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("SeparableConv2d", x);
    return this.pointwise.forward(this.depthwise.forward(x));
  }
}

const { groups: _groups, init: _init, ...PROPERTIES } = convSchema(2)[
  "properties"
] as JsonObject;

/** `separable_conv2d`: {@linkcode SeparableConv2d} by name. */
export const separableConv2dDefinition: ModuleDefinition<
  Required<SeparableConfig>
> = {
  type: "separable_conv2d",
  displayName: "SeparableConv2d",
  description: "Sums of windows within channels, then over them.",
  category: "Convolution",
  config: {
    ...convSchema(2),
    properties: PROPERTIES,
  },
  inferShape(config, [x]) {
    const { inChannels, outChannels } = config;
    return windowedShape(x!, config, { axes: 2, inChannels, outChannels });
  },
  create: (config, { seed }) => new SeparableConv2d({ ...config, seed }),
  toConfig: (module) =>
    module instanceof SeparableConv2d ? module.settings : undefined,
};
