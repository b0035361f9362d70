import { invalidOption, shapeMismatch } from "../../../core/base/mod.ts";
import { assertNumbers } from "../../check/assert_numbers.ts";
import { relatedThings, type Relation } from "./relation.ts";

/** How well distances tell which things are related. */
export interface Reconstruction {
  /** Mean over things of their average precision: 1 if what a thing is related to is nearest to it. */
  readonly meanAveragePrecision: number;
  /** Mean over relations of the second's place among what the first is not related to, from 1. */
  readonly meanRank: number;
  /** The last of those places. */
  readonly worstRank: number;
}

/**
 * Measures how well relations can be read off distances again. What ties with a related thing, or is
 * not a number, counts as nearer.
 *
 * **Cost**: O(relations · things).
 *
 * **Source**: Nickel and Kiela, "Poincaré embeddings for learning hierarchical representations" (2017), §4.1.
 *
 * @example Three on a line, the first two related
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { reconstructionOf } from "@spiraltorch/spiraltorch/nn";
 *
 * const distances = [0, 1, 2, 1, 0, 1, 2, 1, 0];
 * assertEquals(reconstructionOf(distances, [[0, 1]]), {
 *   meanAveragePrecision: 1,
 *   meanRank: 1,
 *   worstRank: 1,
 * });
 * assertEquals(reconstructionOf(distances, [[0, 2]]).meanRank, 2);
 * ```
 *
 * @param distances From each thing to each, row by row, `[things * things]`.
 * @param relations Which things are related.
 * @returns The measures.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the distances do not fill a square.
 * @throws {OptionError} `INVALID_OPTION` if distances are no list, there are no relations, or one names a
 * thing that is not there.
 */
export function reconstructionOf(
  distances: ArrayLike<number>,
  relations: readonly Relation[],
): Reconstruction {
  assertNumbers("distances of reconstructionOf", distances);
  const count = Math.round(Math.sqrt(distances.length));
  if (count * count !== distances.length) {
    throw shapeMismatch("reconstructionOf", [distances.length], [
      count,
      count,
    ], { rule: "distances must fill a square" });
  }
  const related = relatedThings(relations, count);
  if (relations.length === 0) {
    throw invalidOption(
      "the relations of reconstructionOf",
      relations,
      "a list of one relation at least",
    );
  }
  const precisions: number[] = [];
  const ranks: number[] = [];
  for (const [from, targets] of related.entries()) {
    if (targets.size === 0) continue;
    const row = Float64Array.from(
      { length: count },
      (_, to) => distanceOf(distances[from * count + to]!),
    );
    const ahead = aheadOf(row, { from, targets });
    precisions.push(averagePrecision(ahead));
    for (const others of ahead) ranks.push(others + 1);
  }
  return {
    meanAveragePrecision: mean(precisions),
    meanRank: mean(ranks),
    worstRank: ranks.reduce((a, b) => Math.max(a, b)),
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

function distanceOf(found: number): number {
  return Number.isNaN(found) ? Infinity : found;
}

/** For each related thing, the nearest first, how many unrelated ones are not farther away. */
function aheadOf(
  row: Float64Array,
  { from, targets }: {
    readonly from: number;
    readonly targets: ReadonlySet<number>;
  },
): number[] {
  const others = row
    .filter((_, to) => to !== from && !targets.has(to))
    .sort();
  const wanted = Float64Array.from(targets, (to) => row[to]!).sort();
  let at = 0;
  return Array.from(wanted, (distance) => {
    while (at < others.length && others[at]! <= distance) at++;
    return at;
  });
}

function averagePrecision(ahead: readonly number[]): number {
  return mean(ahead.map((others, i) => (i + 1) / (i + 1 + others)));
}
