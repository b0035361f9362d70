import { invalidOption } from "../../core/base/mod.ts";
import type { PerAxis } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import type {
  ShapeInference,
  SymbolicShape,
  SymbolicSize,
} from "../symbolic_shape.ts";

/** How windows move along the last axes. */
export interface Windows {
  /** Places of a window. */
  readonly kernelSize: PerAxis;
  /** Places from one window to the next. */
  readonly stride: PerAxis;
  /** Places that are added at both ends; as many as keep an image's sizes with `same`. */
  readonly padding: PerAxis | "same" | "valid";
  /** Places from one element of a window to the next. */
  readonly dilation: PerAxis;
}

/**
 * Tells how many windows there are along each of the last axes.
 *
 * @param sizes Sizes of these axes.
 * @param windows How they move.
 * @returns Their numbers; `undefined` where an axis has no room for one.
 */
export function windowCounts(
  sizes: SymbolicShape,
  { kernelSize, stride, padding, dilation }: Windows,
): SymbolicSize[] | undefined {
  const counts = sizes.map((size, axis) => {
    if (padding === "same") return size;
    const reach = at(dilation, axis) * (at(kernelSize, axis) - 1);
    const around = padding === "valid" ? 0 : 2 * at(padding, axis);
    const step = at(stride, axis);
    if (typeof size === "number") {
      return Math.floor((size + around - reach - 1) / step) + 1;
    }
    return step === 1 && around === reach ? size : `windows(${size})`;
  });
  const hasRoom = counts.every((count) =>
    typeof count === "string" || count > 0
  );
  return hasRoom ? counts : undefined;
}

/** What a module that slides windows over images takes and gives. */
export interface WindowedShape {
  /** How many axes windows move along. */
  readonly axes: number;
  /** Channels that it takes; any number if left out. */
  readonly inChannels?: number;
  /** Channels that it gives; as many as it takes if left out. */
  readonly outChannels?: number;
}

/**
 * Infers the shape of what comes of windows over images.
 *
 * @param x Shape of the images, `[batch, channels, ...sizes]`.
 * @param windows How they move.
 * @param shape What the module takes and gives.
 * @returns The shape, or what was wanted.
 */
export function windowedShape(
  x: SymbolicShape,
  windows: Windows,
  { axes, inChannels, outChannels }: WindowedShape,
): ShapeInference {
  const [batch, channels, ...sizes] = x;
  const counts = sizes.length === axes
    ? windowCounts(sizes, windows)
    : undefined;
  const isWanted = inChannels === undefined || channels === inChannels;
  if (counts && isWanted) return [batch!, outChannels ?? channels!, ...counts];
  const names = ["length", "height, width", "depth, height, width"];
  const sizesWanted = `${names[axes - 1]} of a window or more`;
  return { wanted: `[batch, ${inChannels ?? "channels"}, ${sizesWanted}]` };
}

/**
 * Requires whole numbers above 0: one for all axes, or one for each.
 *
 * @param option Name of the option, `Conv2d kernelSize`.
 * @param numbers What it was set to.
 * @param axes How many axes there are.
 * @returns One number an axis.
 * @throws {OptionError} `INVALID_OPTION` if it is something else.
 */
export function countsPerAxis(
  option: string,
  numbers: PerAxis,
  axes: number,
): readonly number[] {
  const each = typeof numbers === "number"
    ? new Array<number>(axes).fill(numbers)
    : numbers;
  if (!Array.isArray(each) || each.length !== axes) {
    throw invalidOption(
      option,
      numbers,
      `a whole number above 0, or a list of ${axes}`,
    );
  }
  for (const number of each) assertCount(option, number);
  return each;
}

/**
 * Finds an axis' number.
 *
 * @param numbers One number for all axes, or one for each.
 * @param axis The axis.
 * @returns Its number.
 */
export function at(numbers: PerAxis, axis: number): number {
  return typeof numbers === "number" ? numbers : numbers[axis]!;
}
