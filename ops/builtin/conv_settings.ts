/**
 * How convolutions are asked for: one number for all axes or one an axis, and a bias.
 *
 * @module
 */
import { shapeMismatch } from "../../core/base/mod.ts";
import { type Node, UNKNOWN_TYPE } from "../graph/node.ts";
import { add } from "./binary.ts";
import { conv, CONV_AXES, type ConvAttributes, type ConvName } from "./conv.ts";
import type { ConvTransposeAttributes } from "./conv_transpose.ts";
import { reshape } from "./reshape.ts";

/** One number for all axes of an image, or one for each. */
export type PerAxis = number | readonly number[];

/** Settings that all convolutions have. */
export interface ConvSteps {
  /**
   * Places from one window to the next.
   *
   * @default {1}
   */
  readonly stride?: PerAxis;
  /**
   * Places from one weight to the next.
   *
   * @default {1}
   */
  readonly dilation?: PerAxis;
  /**
   * Into how many groups the channels are divided, each with weights of its own.
   *
   * @default {1}
   */
  readonly groups?: number;
}

/** Settings of a convolution. */
export interface ConvSettings extends ConvSteps {
  /**
   * Places of 0 around an image: as many at both ends of an axis, or `[before, after]`. `same` keeps
   * the image's sizes, `valid` adds none.
   *
   * @default {0}
   */
  readonly padding?:
    | number
    | readonly (number | readonly [number, number])[]
    | "same"
    | "valid";
}

/** Settings of a transposed convolution. */
export interface ConvTransposeSettings extends ConvSteps {
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
}

/**
 * Writes settings out.
 *
 * @param axes How many axes an image has.
 * @param settings The settings.
 * @returns One number an axis, two for padding; the operator checks them.
 */
export function convAttributes(
  axes: number,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvSettings,
): ConvAttributes {
  const places = padding === "same" || padding === "valid" ? 0 : padding;
  return {
    stride: eachAxis(stride, axes),
    padding: eachAxis(places, axes).flatMap((place) =>
      Array.isArray(place) ? place : [place, place]
    ),
    same: padding === "same",
    dilation: eachAxis(dilation, axes),
    groups,
  };
}

/**
 * Writes settings out.
 *
 * @param axes How many axes an image has.
 * @param settings The settings.
 * @returns One number an axis; the operator checks them.
 */
export function convTransposeAttributes(
  axes: number,
  { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 }:
    ConvTransposeSettings,
): ConvTransposeAttributes {
  return {
    stride: eachAxis(stride, axes),
    padding: eachAxis(padding, axes),
    outputPadding: eachAxis(outputPadding, axes),
    dilation: eachAxis(dilation, axes),
    groups,
  };
}

/** Anything but a list stands for all axes: what is no number is for the operator to find. */
function eachAxis<Item>(
  value: Item | readonly Item[],
  axes: number,
): readonly Item[] {
  return isList(value) ? value : new Array<Item>(axes).fill(value);
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

/**
 * Adds one number to each channel.
 *
 * @param operation Name of the operator, for the message.
 * @param y The images, `[n, c, ...]`.
 * @param options The numbers, `[c]`, and how many axes an image has.
 * @returns The sums.
 * @throws {ShapeError} `SHAPE_MISMATCH` if there is not one number a channel.
 */
export function addBias(
  operation: string,
  y: Node,
  { bias, axes }: { readonly bias: Node; readonly axes: number },
): Node {
  // In a trace nothing is known yet.
  if (y.type !== UNKNOWN_TYPE && bias.type !== UNKNOWN_TYPE) {
    const { shape } = bias.type;
    if (shape.length !== 1 || shape[0] !== y.type.shape[1]) {
      throw shapeMismatch(operation, y.type.shape, shape, {
        rule: "a bias must have one number for each channel of the output",
      });
    }
  }
  return add(y, reshape(bias, [-1, ...new Array<number>(axes).fill(1)]));
}

/**
 * Convolves images, and adds a bias.
 *
 * @param name Which operator.
 * @param inputs The images and the weights.
 * @param options Steps, padding and groups, and what is added to each channel.
 * @returns The sums, `[n, o, ...out]`.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the sizes do not fit.
 */
export function convWithBias(
  name: ConvName,
  inputs: readonly [Node, Node],
  { settings, bias }: {
    readonly settings: ConvSettings;
    readonly bias: Node | undefined;
  },
): Node {
  const axes = CONV_AXES[name];
  const y = conv(name, inputs, convAttributes(axes, settings));
  return bias ? addBias(name, y, { bias, axes }) : y;
}
