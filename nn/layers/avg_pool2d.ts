import { optionsOf, type PerAxis, type Tensor } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { perAxisSchema } from "./convolution.ts";
import {
  assertWindows,
  numbersPerAxis,
  windowedShape,
} from "./window_shape.ts";

/** Settings of {@linkcode AvgPool2d}. */
export interface AvgPoolConfig {
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
   * Whether places over the edges count where the sum is divided.
   *
   * @default {true}
   */
  readonly countIncludePad?: boolean;
}

/**
 * The mean of each window of an image.
 *
 * **Shapes**: `x [batch, channels, height, width] -> y [batch, channels, ...windows]`.
 */
export class AvgPool2d extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<AvgPoolConfig>;

  /**
   * Constructs a new instance.
   *
   * @param config How windows lie; how wide they are.
   * @throws {OptionError} `INVALID_OPTION` if windows cannot move so.
   */
  constructor(config: AvgPoolConfig) {
    super();
    const settings = optionsOf("AvgPool2d", config);
    const stride = settings.kernelSize;
    numbersPerAxis("AvgPool2d kernelSize", stride, { axes: 2 });
    this.settings = { stride, padding: 0, countIncludePad: true, ...settings };
    const { countIncludePad, ...windows } = this.settings;
    assertWindows("AvgPool2d", 2, windows);
    assertFlags("AvgPool2d", { countIncludePad });
  }

  /**
   * Describes the means.
   *
   * @param x The images, `[batch, channels, height, width]`.
   * @returns The means, `[batch, channels, ...windows]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if there is no room for a window.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("AvgPool2d", x);
    const { kernelSize, ...options } = this.settings;
    return x.avgPool2d(kernelSize, options);
  }
}

/** `avg_pool2d`: {@linkcode AvgPool2d} by name. */
export const avgPool2dDefinition: ModuleDefinition<AvgPoolConfig> = {
  type: "avg_pool2d",
  displayName: "AvgPool2d",
  description: "The mean of each window of an image.",
  category: "Pooling",
  config: {
    type: "object",
    properties: {
      kernelSize: perAxisSchema(1, 2),
      stride: perAxisSchema(1, 2),
      padding: { ...perAxisSchema(0, 2), default: 0 },
      countIncludePad: { type: "boolean", default: true },
    },
    required: ["kernelSize"],
  },
  inferShape(config, [x]) {
    const { settings } = new AvgPool2d(config);
    return windowedShape(x!, { ...settings, dilation: 1 }, { axes: 2 });
  },
  create: (config) => new AvgPool2d(config),
  toConfig: (module) =>
    module instanceof AvgPool2d ? module.settings : undefined,
};
