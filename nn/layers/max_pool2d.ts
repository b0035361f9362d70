import { optionsOf, type PerAxis, type Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { perAxisSchema } from "./convolution.ts";
import {
  assertWindows,
  numbersPerAxis,
  windowedShape,
} from "./window_shape.ts";

/** Settings of {@linkcode MaxPool2d}. */
export interface MaxPoolConfig {
  /** Places of a window, for both axes or for each. */
  readonly kernelSize: PerAxis;
  /** Places from one window to the next; as many as a window has if left out. */
  readonly stride?: PerAxis;
  /**
   * How far windows may reach over the edges: at most half of a window.
   *
   * @default {0}
   */
  readonly padding?: PerAxis;
  /**
   * Places from one element of a window to the next.
   *
   * @default {1}
   */
  readonly dilation?: PerAxis;
}

/**
 * The largest element of each window of an image.
 *
 * **Shapes**: `x [batch, channels, height, width] -> y [batch, channels, ...windows]`.
 */
export class MaxPool2d extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<MaxPoolConfig>;

  /**
   * Constructs a new instance.
   *
   * @param config How windows lie; how wide they are.
   * @throws {OptionError} `INVALID_OPTION` if windows cannot move so.
   */
  constructor(config: MaxPoolConfig) {
    super();
    const settings = optionsOf("MaxPool2d", config);
    const stride = settings.kernelSize;
    numbersPerAxis("MaxPool2d kernelSize", stride, { axes: 2 });
    this.settings = { stride, padding: 0, dilation: 1, ...settings };
    assertWindows("MaxPool2d", 2, this.settings);
  }

  /**
   * Describes the largest elements.
   *
   * @param x The images, `[batch, channels, height, width]`.
   * @returns The largest elements, `[batch, channels, ...windows]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if there is no room for a window.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("MaxPool2d", x);
    const { kernelSize, ...options } = this.settings;
    return x.maxPool2d(kernelSize, options);
  }
}

/** `max_pool2d`: {@linkcode MaxPool2d} by name. */
export const maxPool2dDefinition: ModuleDefinition<MaxPoolConfig> = {
  type: "max_pool2d",
  displayName: "MaxPool2d",
  description: "The largest element of each window of an image.",
  category: "Pooling",
  config: {
    type: "object",
    properties: {
      kernelSize: perAxisSchema(1, 2),
      stride: perAxisSchema(1, 2),
      padding: { ...perAxisSchema(0, 2), default: 0 },
      dilation: { ...perAxisSchema(1, 2), default: 1 },
    },
    required: ["kernelSize"],
  },
  inferShape: (config, [x]) =>
    windowedShape(x!, new MaxPool2d(config).settings, { axes: 2 }),
  create: (config) => new MaxPool2d(config),
  toConfig: (module) =>
    module instanceof MaxPool2d ? module.settings : undefined,
};
