import { assertNumbers } from "../../check/assert_numbers.ts";
import { nonPositiveCoherence } from "../errors.ts";
import { magnitudeOf } from "../geometry/curvature.ts";

/** How the weights of channels lie, in four numbers. */
export interface LinguisticContour {
  /** How concentrated they are: the sum of their squares. */
  readonly coherenceStrength: number;
  /** Where their center lies, from the first channel at 0 to the last at 1. */
  readonly prosodyIndex: number;
  /** How far they spread around it. */
  readonly timbreSpread: number;
  /** Concentration times the root of the curvature's magnitude, from 0 to 4. */
  readonly articulation: number;
}

/**
 * Describes how weights lie.
 *
 * @example Weights that lean to the first channel
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { contourOf } from "@spiraltorch/spiraltorch/nn";
 *
 * const { coherenceStrength, prosodyIndex } = contourOf([0.7, 0.2, 0.1], -1);
 * assertAlmostEquals(coherenceStrength, 0.54);
 * assertAlmostEquals(prosodyIndex, 0.2);
 * ```
 *
 * @param weights A weight for each channel, at least 0, not all of them 0.
 * @param curvature The curvature.
 * @returns The contour.
 * @throws {ZSpaceError} `NON_POSITIVE_COHERENCE` if a weight is negative or not finite, or all are 0;
 * `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
 */
export function contourOf(
  weights: ArrayLike<number>,
  curvature: number,
): LinguisticContour {
  assertNumbers("weights of a contour", weights);
  const all = Array.from(weights);
  const total = all.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0 && total < Infinity) || all.some((weight) => weight < 0)) {
    throw nonPositiveCoherence(total);
  }
  const root = Math.sqrt(magnitudeOf("a contour", curvature));
  const shares = all.map((weight) => weight / total);
  const channels = shares.length;
  const strength = shares.reduce((sum, share) => sum + share * share, 0);
  const center = shares.reduce((sum, share, j) => sum + j * share, 0);
  const spread = shares.reduce(
    (sum, share, j) => sum + share * (j - center) ** 2,
    0,
  );
  return {
    coherenceStrength: strength,
    prosodyIndex: channels === 1
      ? 0.5
      : Math.min(Math.max(center / (channels - 1), 0), 1),
    timbreSpread: Math.sqrt(spread / channels),
    articulation: Math.min(strength * root, 4),
  };
}
