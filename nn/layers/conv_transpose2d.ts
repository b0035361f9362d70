import { optionsOf, type PerAxis, type Tensor } from "../../ops/mod.ts";
import { sizeOf, splitKey } from "../../core/base/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { type Seed, seedKey } from "../seed.ts";
import type { SymbolicSize } from "../symbolic_shape.ts";
import { COUNT_SCHEMA, perAxisSchema } from "./convolution.ts";
import { uniformParameter } from "./uniform_parameter.ts";
import { assertWindows, at, numbersPerAxis } from "./window_shape.ts";

/** Settings of {@linkcode ConvTranspose2d} in a config. */
export interface ConvTransposeConfig {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Channels of the output. */
  readonly outChannels: number;
  /** Places of a window, for both axes or for each. */
  readonly kernelSize: PerAxis;
  /**
   * Places of the output from one place of the input to the next.
   *
   * @default {1}
   */
  readonly stride?: PerAxis;
  /**
   * Places that are cut off at both ends of each axis of the output.
   *
   * @default {0}
   */
  readonly padding?: PerAxis;
  /**
   * Places that are added behind each axis of the output.
   *
   * @default {0}
   */
  readonly outputPadding?: PerAxis;
  /**
   * Places from one weight to the next.
   *
   * @default {1}
   */
  readonly dilation?: PerAxis;
  /**
   * Into how many groups the channels are divided.
   *
   * @default {1}
   */
  readonly groups?: number;
  /**
   * Whether something is added to each channel.
   *
   * @default {true}
   */
  readonly bias?: boolean;
}

/** Options of {@linkcode ConvTranspose2d}. */
export interface ConvTransposeLayerOptions extends ConvTransposeConfig {
  /**
   * What the first weights depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * Windows of weights added up where an image points: what makes images larger again.
 *
 * **Shapes**: `x [batch, inChannels, height, width] -> y [batch, outChannels, ...larger]`; `weight
 * [inChannels, outChannels / groups, ...kernelSize]`, `bias [outChannels]`. An axis of `n` places
 * becomes `(n - 1) stride - 2 padding + dilation (kernelSize - 1) + outputPadding + 1`.
 *
 * **Numerics**: weights and biases start uniform between `±1 / √(weights of one input place)`.
 *
 * @example Twice as large
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ConvTranspose2d } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new ConvTranspose2d({
 *   inChannels: 8,
 *   outChannels: 3,
 *   kernelSize: 2,
 *   stride: 2,
 * });
 * assertEquals(layer.forward(ones([1, 8, 4, 5])).shape, [1, 3, 8, 10]);
 * ```
 */
export class ConvTranspose2d extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<ConvTransposeConfig>;
  /** The weights, `[inChannels, outChannels / groups, ...kernelSize]`. */
  readonly weight: Parameter;
  /** What is added, `[outChannels]`, if anything is. */
  readonly bias: Parameter | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options Channels, windows, groups, bias and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number above 0.
   */
  constructor(options: ConvTransposeLayerOptions) {
    super();
    const { seed = 0, ...config } = optionsOf("ConvTranspose2d", options);
    const settings = {
      stride: 1,
      padding: 0,
      outputPadding: 0,
      dilation: 1,
      groups: 1,
      bias: true,
      ...config,
    };
    const { inChannels, outChannels, kernelSize, groups, bias } = settings;
    const axes = 2;
    assertWindows("ConvTranspose2d", axes, settings);
    numbersPerAxis("ConvTranspose2d outputPadding", settings.outputPadding, {
      axes,
      min: 0,
    });
    assertFlags("ConvTranspose2d", { bias });
    const sizes = numbersPerAxis("ConvTranspose2d kernelSize", kernelSize, {
      axes,
    });
    assertCount("ConvTranspose2d inChannels", inChannels);
    assertCount("ConvTranspose2d outChannels", outChannels);
    assertCount("ConvTranspose2d groups", groups);
    const window = [outChannels / groups, ...sizes];
    assertCount("ConvTranspose2d outChannels per group", window[0]!);
    this.settings = settings;
    const bound = 1 / Math.sqrt(sizeOf(window));
    const key = seedKey(seed);
    this.weight = uniformParameter([inChannels, ...window], {
      bound,
      key: splitKey(key, 0),
    });
    this.bias = bias
      ? uniformParameter([outChannels], { bound, key: splitKey(key, 1) })
      : undefined;
  }

  /**
   * Describes the larger images.
   *
   * @param x The images, `[batch, inChannels, height, width]`.
   * @returns The larger ones, `[batch, outChannels, ...larger]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("ConvTranspose2d", x);
    const { stride, padding, outputPadding, dilation, groups } = this.settings;
    return x.convTranspose2d(this.weight, {
      stride,
      padding,
      outputPadding,
      dilation,
      groups,
      ...this.bias && { bias: this.bias },
    });
  }
}

/** `conv_transpose2d`: {@linkcode ConvTranspose2d} by name. */
export const convTranspose2dDefinition: ModuleDefinition<
  Required<ConvTransposeConfig>
> = {
  type: "conv_transpose2d",
  displayName: "ConvTranspose2d",
  description: "Windows of weights added up where an image points.",
  category: "Convolution",
  config: {
    type: "object",
    properties: {
      inChannels: COUNT_SCHEMA,
      outChannels: COUNT_SCHEMA,
      kernelSize: perAxisSchema(1, 2),
      stride: { ...perAxisSchema(1, 2), default: 1 },
      padding: { ...perAxisSchema(0, 2), default: 0 },
      outputPadding: { ...perAxisSchema(0, 2), default: 0 },
      dilation: { ...perAxisSchema(1, 2), default: 1 },
      groups: { ...COUNT_SCHEMA, default: 1 },
      bias: { type: "boolean", default: true },
    },
    required: ["inChannels", "outChannels", "kernelSize"],
  },
  inferShape(config, [x]) {
    const [batch, channels, ...sizes] = x!;
    if (sizes.length !== 2 || channels !== config.inChannels) {
      return { wanted: `[batch, ${config.inChannels}, height, width]` };
    }
    const larger = sizes.map((size, axis) => enlarged(size, axis, config));
    return [batch!, config.outChannels, ...larger];
  },
  create: (config, { seed }) => new ConvTranspose2d({ ...config, seed }),
  toConfig: (module) =>
    module instanceof ConvTranspose2d ? module.settings : undefined,
};

function enlarged(
  size: SymbolicSize,
  axis: number,
  settings: Required<ConvTransposeConfig>,
): SymbolicSize {
  if (typeof size === "string") return `enlarged(${size})`;
  const { kernelSize, stride, padding, outputPadding, dilation } = settings;
  return (size - 1) * at(stride, axis) - 2 * at(padding, axis) +
    at(dilation, axis) * (at(kernelSize, axis) - 1) + at(outputPadding, axis) +
    1;
}
