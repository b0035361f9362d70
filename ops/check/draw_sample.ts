import { type DType, DTYPES, type Shape } from "../../core/base/mod.ts";
import type { Attributes } from "../graph/node.ts";
import { AROUND_ZERO, drawElements, roundElements } from "./domain.ts";
import type { OperatorFacts, OperatorSample, SampleInput } from "./sample.ts";

/** One input with its elements. */
export interface DrawnInput {
  /** How elements are stored. */
  readonly dtype: DType;
  /** Sizes per axis. */
  readonly shape: Shape;
  /** The elements, row by row. */
  readonly elements: Float64Array;
  /** Whether the sample names the dtype. */
  readonly isPinned: boolean;
}

/** A call with its elements. */
export interface DrawnSample {
  /** The inputs, in the order of the operator's schema. */
  readonly inputs: readonly DrawnInput[];
  /** The call's settings. */
  readonly attributes: Attributes;
}

/** Options of {@linkcode drawSample}: what is known of the operator, and what is wanted now. */
export interface DrawOptions extends Pick<OperatorFacts, "domain" | "dtypes"> {
  /** What inputs are stored as whose sample names no dtype; left out, the last that `dtypes` lists. */
  readonly dtype?: DType;
  /**
   * A whole number from 0.
   *
   * @default {0}
   */
  readonly seed?: number;
}

/**
 * Takes the input of a sample as more than a shape.
 *
 * @param input The input, or its shape.
 * @returns The input.
 */
export function toSampleInput(input: Shape | SampleInput): SampleInput {
  return isShape(input) ? { shape: input } : input;
}

/**
 * Draws the elements of a sample.
 *
 * @param sample The sample.
 * @param options Dtype, domain and seed.
 * @returns The call with its elements; the same seed gives the same ones.
 */
export function drawSample(
  { inputs, attributes = {} }: OperatorSample,
  { dtypes = DTYPES, dtype = dtypes.at(-1)!, domain = AROUND_ZERO, seed = 0 }:
    DrawOptions = {},
): DrawnSample {
  const drawn = inputs.map(toSampleInput).map((input, i): DrawnInput => {
    const type = { shape: input.shape, dtype: input.dtype ?? dtype };
    const elements = input.elements
      ? roundElements(Float64Array.from(input.elements), type.dtype)
      // Apart, so that no two inputs are the same numbers.
      : drawElements(input.domain ?? domain, type, seed * 64 + i);
    return { ...type, elements, isPinned: input.dtype !== undefined };
  });
  return { inputs: drawn, attributes };
}

function isShape(input: Shape | SampleInput): input is Shape {
  return Array.isArray(input);
}
