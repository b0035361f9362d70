import { shapeMismatch } from "../../../core/base/mod.ts";
import { assertNumbers } from "../../check/assert_numbers.ts";

/** How far distances are from what they should be, apart from a common factor. */
export interface Distortion {
  /** Mean of `|scale · distance / wanted - 1|`. */
  readonly average: number;
  /** Largest ratio of distance and wanted distance, over the smallest one: 1 at least. */
  readonly worst: number;
  /** The factor for which the mean of `(scale · distance / wanted - 1)²` is smallest. */
  readonly scale: number;
}

/**
 * Measures how far distances are from those of a graph. Pairs whose wanted distance is 0 or not finite
 * are left out.
 *
 * **Source**: Sala et al., "Representation tradeoffs for hyperbolic embeddings" (2018), §2, with the best
 * factor put in.
 *
 * @example A unit that is another one does not count
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { distortionOf } from "@spiraltorch/spiraltorch/nn";
 *
 * assertEquals(distortionOf([0, 2, 4], [0, 1, 2]), { average: 0, worst: 1, scale: 0.5 });
 * assertEquals(distortionOf([1, 3], [1, 1]).worst, 3);
 * ```
 *
 * @param distances The distances.
 * @param wanted What they should be, in the same order.
 * @returns The measures; `NaN` if no pair is left.
 * @throws {OptionError} `INVALID_OPTION` if one of both is no list.
 * @throws {ShapeError} `SHAPE_MISMATCH` if there are not as many of both.
 */
export function distortionOf(
  distances: ArrayLike<number>,
  wanted: ArrayLike<number>,
): Distortion {
  assertNumbers("distances of distortionOf", distances);
  assertNumbers("wanted distances of distortionOf", wanted);
  if (distances.length !== wanted.length) {
    throw shapeMismatch(
      "distortionOf",
      [distances.length],
      [wanted.length],
      { rule: "there must be as many of both" },
    );
  }
  const isMeasured = (i: number) => wanted[i]! > 0 && wanted[i]! < Infinity;
  let [count, sum, squares, smallest, largest] = [0, 0, 0, Infinity, 0];
  for (let i = 0; i < wanted.length; i++) {
    if (!isMeasured(i)) continue;
    const ratio = distances[i]! / wanted[i]!;
    count++;
    sum += ratio;
    squares += ratio * ratio;
    smallest = Math.min(smallest, ratio);
    largest = Math.max(largest, ratio);
  }
  const scale = sum / squares;
  let gaps = 0;
  for (let i = 0; i < wanted.length; i++) {
    if (isMeasured(i)) gaps += Math.abs(scale * distances[i]! / wanted[i]! - 1);
  }
  return { average: gaps / count, worst: largest / smallest, scale };
}
