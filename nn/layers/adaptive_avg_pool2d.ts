import { optionsOf, type PerAxis, type Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { perAxisSchema } from "./convolution.ts";
import { at, numbersPerAxis } from "./window_shape.ts";

/** Settings of {@linkcode AdaptiveAvgPool2d}. */
export interface AdaptiveAvgPoolConfig {
  /** Height and width of the output: one number for both, or each. */
  readonly outputSize: PerAxis;
}

/**
 * Means of windows that are as large as the output's size asks for.
 *
 * **Shapes**: `x [batch, channels, height, width] -> y [batch, channels, ...outputSize]`.
 */
export class AdaptiveAvgPool2d extends Module {
  /** The settings. */
  readonly settings: AdaptiveAvgPoolConfig;

  /**
   * Constructs a new instance.
   *
   * @param config The output's size.
   * @throws {OptionError} `INVALID_OPTION` if it is no whole numbers above 0.
   */
  constructor(config: AdaptiveAvgPoolConfig) {
    super();
    const { outputSize } = optionsOf("AdaptiveAvgPool2d", config);
    numbersPerAxis("AdaptiveAvgPool2d outputSize", outputSize, { axes: 2 });
    this.settings = { outputSize };
  }

  /**
   * Describes the means.
   *
   * @param x The images, `[batch, channels, height, width]`.
   * @returns The means, `[batch, channels, ...outputSize]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if `x` has no height and width.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("AdaptiveAvgPool2d", x);
    return x.adaptiveAvgPool2d(this.settings.outputSize);
  }
}

/** `adaptive_avg_pool2d`: {@linkcode AdaptiveAvgPool2d} by name. */
export const adaptiveAvgPool2dDefinition: ModuleDefinition<
  AdaptiveAvgPoolConfig
> = {
  type: "adaptive_avg_pool2d",
  displayName: "AdaptiveAvgPool2d",
  description: "Means of windows that are as large as the output asks for.",
  category: "Pooling",
  config: {
    type: "object",
    properties: { outputSize: perAxisSchema(1, 2) },
    required: ["outputSize"],
  },
  inferShape({ outputSize }, [x]) {
    const [batch, channels, ...sizes] = x!;
    return sizes.length === 2
      ? [batch!, channels!, at(outputSize, 0), at(outputSize, 1)]
      : { wanted: "[batch, channels, height, width]" };
  },
  create: (config) => new AdaptiveAvgPool2d(config),
  toConfig: (module) =>
    module instanceof AdaptiveAvgPool2d ? module.settings : undefined,
};
