import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { overlaps, type Placed } from "./overlaps.ts";

/** Every place that a piece covers, as text. */
function placesOf({ shape, offset, steps }: Placed): string[] {
  return shape.reduce<string[]>(
    (places, size, axis) =>
      places.flatMap((place) =>
        Array.from(
          { length: size },
          (_, i) => `${place} ${offset[axis]! + i * steps[axis]!}`,
        )
      ),
    [""],
  );
}

Deno.test("overlaps() is false only where no place is common, and mostly then", () => {
  const piece = (rank: number) =>
    fc.record({
      shape: fc.array(fc.nat({ max: 3 }), { minLength: rank, maxLength: rank }),
      offset: fc.array(fc.nat({ max: 6 }), {
        minLength: rank,
        maxLength: rank,
      }),
      steps: fc.array(fc.integer({ min: 1, max: 3 }), {
        minLength: rank,
        maxLength: rank,
      }),
    });
  let [apart, seen] = [0, 0];
  fc.assert(
    fc.property(
      fc.nat({ max: 3 }).chain((rank) => fc.tuple(piece(rank), piece(rank))),
      ([a, b]) => {
        const places = new Set(placesOf(a));
        const meet = placesOf(b).some((place) => places.has(place));
        assertEquals(overlaps(a, b), overlaps(b, a));
        if (meet) assert(overlaps(a, b));
        else apart++;
        if (!overlaps(a, b)) seen++;
      },
    ),
    { seed: 1, numRuns: 500 },
  );
  assert(seen > 0.9 * apart, `${seen} of ${apart}`);
});
