import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { OptionError, ShapeError } from "../../../core/base/mod.ts";
import { assertClose, randomArray } from "../../../testing/mod.ts";
import { reconstructionOf } from "./reconstruction.ts";
import type { Relation } from "./relation.ts";

/** Distances of points on a line. */
function onLine(...places: readonly number[]): number[] {
  return places.flatMap((a) => places.map((b) => Math.abs(a - b)));
}

Deno.test("reconstructionOf() counts places as by hand", () => {
  const distances = onLine(0, 1, 2, 3, 4);
  // Of 0: 1 is first, 3 is second after 2. Of 4: 0 is last.
  const got = reconstructionOf(distances, [[0, 1], [0, 3], [4, 0]]);
  assertClose(
    [got.meanAveragePrecision, got.meanRank, got.worstRank],
    [((1 + 2 / 3) / 2 + 1 / 4) / 2, (1 + 2 + 4) / 3, 4],
  );
});

Deno.test("reconstructionOf() takes ties and what is no number against the embedding", () => {
  const tied = reconstructionOf(onLine(0, 0, 0), [[0, 1]]);
  assertEquals([tied.meanAveragePrecision, tied.worstRank], [1 / 2, 2]);
  const collapsed = onLine(0, 1, 2).fill(NaN);
  assertEquals(reconstructionOf(collapsed, [[0, 1]]).meanRank, 2);
});

Deno.test("reconstructionOf() agrees with the definition", () => {
  const pairs = fc.uniqueArray(
    fc.tuple(fc.nat(6), fc.nat(6)).filter(([a, b]) => a !== b),
    { minLength: 1, maxLength: 15, selector: String },
  );
  fc.assert(
    fc.property(pairs, fc.nat(1000), (relations: Relation[], seed) => {
      const distances = randomArray(49, seed, { min: 0, max: 1 });
      assertClose(
        Object.values(reconstructionOf(distances, relations)),
        byDefinition(distances, relations),
        { tolerance: 1e-12 },
      );
    }),
    { seed: 1, numRuns: 100 },
  );
});

/** Every thing sorted by distance; the share of related ones down to each related one. */
function byDefinition(
  distances: ArrayLike<number>,
  relations: readonly Relation[],
): number[] {
  const ranks: number[] = [];
  const precisions: number[] = [];
  for (let from = 0; from < 7; from++) {
    const related = relations.filter(([a]) => a === from).map(([, b]) => b);
    if (related.length === 0) continue;
    const order = [0, 1, 2, 3, 4, 5, 6]
      .filter((to) => to !== from)
      .sort((a, b) => distances[from * 7 + a]! - distances[from * 7 + b]!);
    const found = order.map((to) => related.includes(to));
    const shares = found.flatMap((isRelated, i) => {
      const hits = found.slice(0, i + 1).filter(Boolean).length;
      if (isRelated) ranks.push(i + 2 - hits);
      return isRelated ? [hits / (i + 1)] : [];
    });
    precisions.push(shares.reduce((a, b) => a + b, 0) / related.length);
  }
  const mean = (all: number[]) => all.reduce((a, b) => a + b, 0) / all.length;
  return [mean(precisions), mean(ranks), Math.max(...ranks)];
}

Deno.test("reconstructionOf() refuses what fills no square, and relations of nothing", () => {
  const error = assertThrows(
    () => reconstructionOf([0, 1, 1], [[0, 1]]),
    ShapeError,
    "distances must fill a square",
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
  for (const relations of [[], [[0, 2]], [[-1, 0]]] as Relation[][]) {
    assertEquals(
      assertThrows(() => reconstructionOf(onLine(0, 1), relations), OptionError)
        .code,
      "INVALID_OPTION",
    );
  }
});
