/**
 * Changes to images that leave what they show as it is. Each depends on a key, so the same pass gives the
 * same images, in every run and on every machine.
 *
 * @module
 */
import {
  assertFunction,
  fillNormal,
  fillUniform,
  invalidOption,
  listOf,
  type RandomKey,
  splitKey,
} from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertIndex, assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import type { Augmentation } from "./augmentation.ts";
import { dataInvalid } from "./data_errors.ts";
import type { Sample, SampleArray } from "./sample.ts";

/**
 * Mirrors every other image, from left to right.
 *
 * **Shapes**: inputs `[..., width]`.
 *
 * @param options How likely an image is mirrored: 0.5 if left out.
 * @returns The augmentation.
 * @throws {OptionError} `INVALID_OPTION` if the probability is no number from 0 to 1.
 */
export function randomFlip(
  options?: { readonly probability?: number },
): Augmentation {
  const { probability = 0.5 } = optionsOf("randomFlip", options);
  assertNumber("randomFlip probability", probability, { min: 0 });
  if (probability > 1) {
    throw invalidOption("randomFlip probability", probability, "at most 1");
  }
  return (sample, key) => {
    const [chance] = uniform(key, 1);
    return chance! < probability ? withInput(sample, mirrored) : sample;
  };
}

/**
 * Moves each image by some pixels, to the right or left and up or down: what a crop from a larger,
 * padded image gives. What comes in at the sides is 0.
 *
 * **Shapes**: inputs `[..., height, width]`.
 *
 * @example At most by one pixel
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { randomKey } from "@spiraltorch/spiraltorch";
 * import { randomShift } from "@spiraltorch/spiraltorch/nn";
 *
 * const input = { shape: [3, 3], data: Float32Array.of(0, 0, 0, 0, 9, 0, 0, 0, 0) };
 * const sample = { input, target: { shape: [], data: Int32Array.of(0) } };
 * const moved = randomShift({ by: 1 })(sample, randomKey(3));
 * assertEquals(moved.input.data.filter((pixel) => pixel === 9).length, 1);
 * ```
 *
 * @param options By how many pixels at most, a whole number from 0.
 * @returns The augmentation.
 * @throws {OptionError} `INVALID_OPTION` if `by` is none.
 */
export function randomShift(options: { readonly by: number }): Augmentation {
  const { by } = optionsOf("randomShift", options);
  assertIndex("randomShift by", by);
  return (sample, key) => {
    const [down, right] = [...uniform(key, 2)].map((share) =>
      Math.floor(share * (2 * by + 1)) - by
    );
    return withInput(sample, (image) => moved(image, down!, { right: right! }));
  };
}

/**
 * Adds a normal random number to each element.
 *
 * @param options The standard deviation.
 * @returns The augmentation.
 * @throws {OptionError} `INVALID_OPTION` if it is no number from 0.
 */
export function gaussianNoise(
  options: { readonly deviation: number },
): Augmentation {
  const { deviation } = optionsOf("gaussianNoise", options);
  assertNumber("gaussianNoise deviation", deviation, { min: 0 });
  return (sample, key) =>
    withInput(sample, ({ shape, data }) => {
      const noise = new Float32Array(data.length);
      fillNormal(key, noise);
      return { shape, data: noise.map((x, i) => data[i]! + deviation * x) };
    });
}

/**
 * Applies changes one after another, each with a key of its own.
 *
 * @param augmentations The changes.
 * @returns All of them as one.
 */
export function inTurn(augmentations: readonly Augmentation[]): Augmentation {
  const all = listOf("augmentations of inTurn", augmentations);
  for (const augment of all) assertFunction("an augmentation", augment);
  return (sample, key) =>
    all.reduce(
      (each, augment, i) => augment(each, splitKey(key, i)),
      sample,
    );
}

/** `random_flip`: {@linkcode randomFlip} by name. */
export const randomFlipDefinition: ModuleDefinition<
  { readonly probability: number }
> = {
  type: "random_flip",
  displayName: "randomFlip",
  description: "Mirrors some of the images, from left to right.",
  category: "Augmentation",
  config: {
    type: "object",
    properties: {
      probability: { type: "number", minimum: 0, maximum: 1, default: 0.5 },
    },
  },
  create: (config) => randomFlip(config),
};

/** `random_shift`: {@linkcode randomShift} by name. */
export const randomShiftDefinition: ModuleDefinition<{ readonly by: number }> =
  {
    type: "random_shift",
    displayName: "randomShift",
    description: "Moves each image by some pixels.",
    category: "Augmentation",
    config: {
      type: "object",
      properties: { by: { type: "integer", minimum: 0 } },
      required: ["by"],
    },
    create: (config) => randomShift(config),
  };

/** `gaussian_noise`: {@linkcode gaussianNoise} by name. */
export const gaussianNoiseDefinition: ModuleDefinition<
  { readonly deviation: number }
> = {
  type: "gaussian_noise",
  displayName: "gaussianNoise",
  description: "Adds a normal random number to each element.",
  category: "Augmentation",
  config: {
    type: "object",
    properties: { deviation: { type: "number", minimum: 0 } },
    required: ["deviation"],
  },
  create: (config) => gaussianNoise(config),
};

function uniform(key: RandomKey, count: number): Float64Array {
  const numbers = new Float64Array(count);
  fillUniform(key, numbers);
  return numbers;
}

function withInput(
  sample: Sample,
  change: (input: SampleArray) => SampleArray,
): Sample {
  return { ...sample, input: change(sample.input) };
}

function mirrored(image: SampleArray): SampleArray {
  const { width } = sidesOf(image);
  const data = image.data.slice();
  for (let start = 0; start < data.length; start += width) {
    data.subarray(start, start + width).reverse();
  }
  return { ...image, data };
}

function moved(
  image: SampleArray,
  down: number,
  { right }: { readonly right: number },
): SampleArray {
  const { height, width } = sidesOf(image);
  const { shape, data: from } = image;
  const data = from.slice().fill(0);
  for (let at = 0; at < from.length; at++) {
    const row = Math.floor(at / width) % height + down;
    const column = at % width + right;
    const isInside = row >= 0 && row < height && column >= 0 && column < width;
    if (isInside) data[at + down * width + right] = from[at]!;
  }
  return { shape, data };
}

function sidesOf(
  { shape }: SampleArray,
): { readonly height: number; readonly width: number } {
  const width = shape.at(-1);
  if (width !== undefined) return { height: shape.at(-2) ?? 1, width };
  throw dataInvalid("found a number as an image, wanted at least one axis", {});
}
