import { type JsonObject, sizeOf, splitKey } from "../../core/base/mod.ts";
import { optionsOf, type PerAxis, type Tensor } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount } from "../check/assert_number.ts";
import { assertText } from "../check/assert_text.ts";
import {
  type Initializer,
  INITIALIZER_SCHEMA,
} from "../initializers/initializer.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { type Seed, seedKey } from "../seed.ts";
import { initialParameter, uniformParameter } from "./uniform_parameter.ts";
import { assertWindows, numbersPerAxis } from "./window_shape.ts";

/** Settings of a convolution in a config. */
export interface ConvConfig {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Channels of the output. */
  readonly outChannels: number;
  /** Places of a window, for all axes or for each. */
  readonly kernelSize: PerAxis;
  /**
   * Places from one window to the next.
   *
   * @default {1}
   */
  readonly stride?: PerAxis;
  /**
   * Places of 0 at both ends of an axis; `same` keeps an image's sizes.
   *
   * @default {0}
   */
  readonly padding?: PerAxis | "same" | "valid";
  /**
   * Places from one weight to the next.
   *
   * @default {1}
   */
  readonly dilation?: PerAxis;
  /**
   * Into how many groups the channels are divided; as many as there are channels is a depthwise
   * convolution.
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
  /** How weights start; as the class says if left out. */
  readonly init?: Initializer;
}

/** {@linkcode ConvConfig} with defaults filled in. */
export type ConvSettings =
  & Required<Omit<ConvConfig, "init">>
  & Pick<ConvConfig, "init">;

/** Options of the convolutions. */
export interface ConvLayerOptions extends ConvConfig {
  /**
   * What the first weights depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/** A number above 0, as JSON Schema. */
export const COUNT_SCHEMA: JsonObject = {
  type: "integer",
  minimum: 1,
  maximum: 2 ** 31 - 1,
};

/**
 * Writes a setting that is one number, or one an axis, as JSON Schema.
 *
 * @param minimum The least number.
 * @param axes How many axes there are.
 * @returns The schema.
 */
export function perAxisSchema(minimum: number, axes: number): JsonObject {
  const one = { type: "integer", minimum, maximum: 2 ** 31 - 1 };
  const each = { type: "array", items: one, minItems: axes, maxItems: axes };
  return { anyOf: [one, each] };
}

/**
 * Writes {@linkcode ConvConfig} as JSON Schema.
 *
 * @param axes How many axes windows move along.
 * @returns The schema.
 */
export function convSchema(axes: number): JsonObject {
  const whole = perAxisSchema(0, axes)["anyOf"] as JsonObject[];
  return {
    type: "object",
    properties: {
      inChannels: COUNT_SCHEMA,
      outChannels: COUNT_SCHEMA,
      kernelSize: perAxisSchema(1, axes),
      stride: { ...perAxisSchema(1, axes), default: 1 },
      padding: {
        anyOf: [...whole, { type: "string", enum: ["same", "valid"] }],
        default: 0,
      },
      dilation: { ...perAxisSchema(1, axes), default: 1 },
      groups: { ...COUNT_SCHEMA, default: 1 },
      bias: { type: "boolean", default: true },
      init: INITIALIZER_SCHEMA,
    },
    required: ["inChannels", "outChannels", "kernelSize"],
  };
}

/**
 * What convolutions have in common: weights and what is added.
 *
 * **Numerics**: weights and biases start uniform between `±1 / √(weights of one output)`.
 */
export abstract class Convolution extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: ConvSettings;
  /** The weights, `[outChannels, inChannels / groups, ...kernelSize]`. */
  readonly weight: Parameter;
  /** What is added, `[outChannels]`, if anything is. */
  readonly bias: Parameter | undefined;

  /**
   * Constructs a new instance.
   *
   * @param name Name of the layer, for errors.
   * @param axes How many axes windows move along.
   * @param options Channels, windows, groups, bias and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number above 0, or a list has
   * another length than there are axes.
   */
  constructor(
    name: string,
    axes: number,
    options: ConvLayerOptions,
  ) {
    super();
    assertText("name of a convolution", name);
    assertCount("axes of a convolution", axes);
    const { seed = 0, ...config } = optionsOf(name, options);
    const settings = {
      stride: 1,
      padding: 0,
      dilation: 1,
      groups: 1,
      bias: true,
      ...config,
    };
    const { inChannels, outChannels, kernelSize, groups, bias } = settings;
    assertWindows(name, axes, settings);
    assertFlags(name, { bias });
    const sizes = numbersPerAxis(`${name} kernelSize`, kernelSize, { axes });
    assertCount(`${name} inChannels`, inChannels);
    assertCount(`${name} outChannels`, outChannels);
    assertCount(`${name} groups`, groups);
    this.settings = settings;
    const window = [inChannels / groups, ...sizes];
    assertCount(`${name} inChannels per group`, window[0]!);
    const bound = 1 / Math.sqrt(sizeOf(window));
    const key = seedKey(seed);
    this.weight = initialParameter([outChannels, ...window], settings.init, {
      bound,
      fanIn: sizeOf(window),
      fanOut: outChannels * sizeOf(sizes),
      key: splitKey(key, 0),
    });
    this.bias = bias
      ? uniformParameter([outChannels], { bound, key: splitKey(key, 1) })
      : undefined;
  }

  /**
   * Describes the sums of windows.
   *
   * @param x The images, `[batch, inChannels, ...sizes]`.
   * @returns The sums, `[batch, outChannels, ...windows]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
   */
  abstract override forward(x: Tensor): Tensor;
}
