import type { Shape } from "../../core/base/mod.ts";

/** Elements of one sample's input or target, outside any backend. */
export interface SampleArray {
  /** Sizes per axis; empty for a number. */
  readonly shape: Shape;
  /** The elements, row by row: fractions, or whole numbers such as classes. */
  readonly data: Float32Array | Int32Array;
}

/** One sample. */
export interface Sample {
  /** What the model is given. */
  readonly input: SampleArray;
  /** What it should give. */
  readonly target: SampleArray;
}

/**
 * Tells whether something is an array of a sample.
 *
 * @param value Whatever it is.
 * @returns Whether it has a shape and elements.
 */
export function isSampleArray(value: unknown): value is SampleArray {
  const { shape, data } = Object(value);
  return Array.isArray(shape) &&
    (data instanceof Float32Array || data instanceof Int32Array);
}
