import { invalidOption } from "../../core/base/mod.ts";
import type { PerAxis } from "../../ops/mod.ts";
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
 * Requires whole numbers: one for all axes, or one for each.
 *
 * @param option Name of the option, `Conv2d kernelSize`.
 * @param numbers What it was set to.
 * @param bounds How many axes there are, and the least number; 1 if left out.
 * @returns One number an axis.
 * @throws {OptionError} `INVALID_OPTION` if it is something else.
 */
export function numbersPerAxis(
  option: string,
  numbers: PerAxis,
  { axes, min = 1 }: { readonly axes: number; readonly min?: 0 | 1 },
): readonly number[] {
  const each: unknown = typeof numbers === "number"
    ? new Array<number>(axes).fill(numbers)
    : numbers;
  const isFine = Array.isArray(each) && each.length === axes &&
    each.every((number) => Number.isSafeInteger(number) && number >= min);
  if (isFine) return each;
  const wanted = `a whole number from ${min}, or a list of ${axes}`;
  throw invalidOption(option, numbers, wanted);
}

/**
 * Requires a way in which windows can move.
 *
 * @param name Name of the layer, for errors.
 * @param axes How many axes they move along.
 * @param windows The way; what is left out is not checked.
 * @throws {OptionError} `INVALID_OPTION` if a number is no whole number, or too small.
 */
export function assertWindows(
  name: string,
  axes: number,
  { kernelSize, stride, padding, dilation }: Partial<Windows>,
): void {
  for (const [key, value] of Object.entries({ kernelSize, stride, dilation })) {
    if (value !== undefined) numbersPerAxis(`${name} ${key}`, value, { axes });
  }
  const isWord = padding === "same" || padding === "valid";
  if (padding === undefined || isWord) return;
  numbersPerAxis(`${name} padding`, padding, { axes, min: 0 });
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
