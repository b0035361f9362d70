import {
  type DType,
  fillUniform,
  isFloatDType,
  randomKey,
  type Shape,
  sizeOf,
} from "../../core/base/mod.ts";

/** Which numbers an input may hold. */
export interface Domain {
  /** The smallest. */
  readonly min: number;
  /** The largest. */
  readonly max: number;
  /** Elements lie this far apart, or a multiple of it. Left out: anywhere in the range. */
  readonly step?: number;
  /**
   * What is added to multiples of `step`: a quarter beside a step of a half keeps away from whole numbers.
   *
   * @default {0}
   */
  readonly offset?: number;
  /** Whether no two elements are near each other: they are spread evenly, in random order. */
  readonly isDistinct?: true;
}

/** Numbers around 0: where nothing else is said. */
export const AROUND_ZERO: Domain = { min: -2, max: 2 };

/** Numbers around 0, none of them near it: for slopes that jump there. */
export const BESIDE_ZERO: Domain = {
  min: -2,
  max: 2,
  step: 0.25,
  offset: 0.125,
};

/** Numbers between whole ones, none of them near one or a half: for steps. */
export const BETWEEN_WHOLES: Domain = {
  min: -3,
  max: 3,
  step: 0.5,
  offset: 0.2,
};

/** Numbers above 0. */
export const POSITIVE: Domain = { min: 0.5, max: 3 };

/** Numbers of which no two are near each other: for whatever puts them in order. */
export const DISTINCT: Domain = { min: -2, max: 2, isDistinct: true };

/** Yes and no. */
export const TRUTH: Domain = { min: 0, max: 1, step: 1 };

/**
 * Lists whole numbers.
 *
 * @param min The smallest.
 * @param max The largest.
 * @returns Those from one to the other.
 */
export function wholes(min: number, max: number): Domain {
  return { min, max, step: 1 };
}

/**
 * Draws elements from a domain.
 *
 * **Numerics**: exact in `float32`.
 *
 * @param domain The domain.
 * @param type Shape of the input, and its dtype: whole numbers are rounded up, truth tells what is above 0.
 * @param seed A whole number from 0.
 * @returns The elements, row by row; the same seed gives the same ones.
 */
export function drawElements(
  domain: Domain,
  { shape, dtype }: { readonly shape: Shape; readonly dtype: DType },
  seed: number,
): Float64Array {
  const chances = new Float64Array(sizeOf(shape));
  fillUniform(randomKey(seed), chances);
  const drawn = domain.isDistinct
    ? spread(domain, chances)
    : chances.map((chance) => placeInDomain(domain, chance));
  return roundElements(drawn, dtype, domain.max);
}

/**
 * Finds the number that stands at a share of a domain.
 *
 * @param domain The domain.
 * @param share From 0, below 1.
 * @returns The number.
 */
export function placeInDomain(
  { min, max, step, offset = 0 }: Domain,
  share: number,
): number {
  if (step === undefined) return min + (max - min) * share;
  const first = Math.ceil((min - offset) / step);
  const count = Math.floor((max - offset) / step) - first + 1;
  return (first + Math.floor(share * count)) * step + offset;
}

/** Numbers at even distances, in an order that chances tell. */
function spread({ min, max }: Domain, chances: Float64Array): Float64Array {
  const order = [...chances.keys()].sort((a, b) => chances[a]! - chances[b]!);
  const elements = new Float64Array(chances.length);
  order.forEach((at, rank) => {
    elements[at] = min + (max - min) * (rank + 0.5) / chances.length;
  });
  return elements;
}

/**
 * Brings elements to numbers that a dtype holds: whole ones are rounded up, truth tells what is above 0.
 *
 * @param elements The elements.
 * @param dtype The dtype.
 * @param max Whole numbers above it are rounded down instead.
 * @returns New elements; exact in `float32`.
 */
export function roundElements(
  elements: Float64Array,
  dtype: DType,
  max: number = Infinity,
): Float64Array {
  return elements.map((x) => {
    if (isFloatDType(dtype)) return Math.fround(x);
    if (dtype === "bool") return Number(x > 0);
    const whole = Math.ceil(x);
    // No negative zero: the dtype has none.
    return (whole > max ? Math.floor(x) : whole) + 0;
  });
}
