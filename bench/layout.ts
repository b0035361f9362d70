/**
 * Images as some libraries want them: channels last. Inputs are rearranged before and results after
 * they are timed.
 *
 * @module
 */
import { sizeOf } from "./inputs.ts";
import { shapesOf } from "./shapes.ts";
import type { Formula, Step } from "./workload.ts";

type Shape = readonly number[];

/** What a value is to the steps that read it. */
export type Role = "filter" | "image" | "other";

/** An array and its shape. */
export interface Shaped {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Order of axes that puts the channels of images last. */
const CHANNELS_LAST: readonly number[] = [0, 2, 3, 1];
/** Order of axes that undoes it. */
const CHANNELS_SECOND: readonly number[] = [0, 3, 1, 2];

/**
 * Tells what each value of a formula is: images are what is convolved or pooled, and what comes of it.
 *
 * @param formula The formula.
 * @returns For each value, what it is.
 */
export function rolesOf({ inputs, steps }: Formula): readonly Role[] {
  const roles = Array<Role>(inputs.length + steps.length).fill("other");
  for (const [i, step] of steps.entries()) {
    if (step.op !== "conv2d" && step.op !== "maxPool") continue;
    roles[step.x] = roles[inputs.length + i] = "image";
    if (step.op === "conv2d") roles[step.weight] = "filter";
  }
  return roles;
}

/** The convolution that reads a filter. */
export function readerOf(
  { steps }: Formula,
  filter: number,
): Step & { readonly op: "conv2d" } {
  const found = steps.find((step) =>
    step.op === "conv2d" && step.weight === filter
  );
  if (found?.op !== "conv2d") throw new TypeError("No step reads the filter");
  return found;
}

/**
 * Changes the order of axes.
 *
 * @param array The array.
 * @param axes Axis `i` of the result is axis `axes[i]` of the array.
 * @returns A copy.
 */
export function permute({ shape, data }: Shaped, axes: Shape): Shaped {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const target = axes.map((axis) => shape[axis]!);
  const result = new Float32Array(data.length);
  const place = axes.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    result[i] = data[
      axes.reduce((sum, axis, at) => sum + place[at]! * strides[axis]!, 0)
    ]!;
    for (let at = place.length - 1; at >= 0; at--) {
      if (++place[at]! < target[at]!) break;
      place[at] = 0;
    }
  }
  return { shape: target, data: result };
}

/**
 * Puts the channels of images last.
 *
 * @param image The images.
 * @returns A copy.
 */
export function channelsLast(image: Shaped): Shaped {
  return permute(image, CHANNELS_LAST);
}

/**
 * Brings a result into the order that others have, if it is images with their channels last.
 *
 * @param formula The formula.
 * @param data Its result.
 * @returns The elements in that order.
 */
export function channelsSecond(
  formula: Formula,
  data: Float32Array,
): Float32Array {
  if (rolesOf(formula).at(-1) !== "image") return data;
  const [count, channels, height, width] = shapesOf(formula).at(-1)!;
  return permute(
    { shape: [count!, height!, width!, channels!], data },
    CHANNELS_SECOND,
  ).data;
}
