import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  ABSENT,
  allValues,
  both,
  either,
  firstOf,
  isWithin,
  NONE,
  overlap,
  placeOf,
  valueOf,
  type Values,
  without,
} from "./values.ts";

// The oracle: sets of places, -1 for absent. Sizes around the border between small and big numbers.
const places = fc.uniqueArray(fc.integer({ min: -1, max: 34 }));

function setOf(list: readonly number[]): Values {
  return list.map((place) => place < 0 ? ABSENT : valueOf(place))
    .reduce(either, NONE);
}

Deno.test("values agree with sets of places", () => {
  fc.assert(
    fc.property(places, places, (a, b) => {
      const [left, right] = [setOf(a), setOf(b)];
      const inBoth = a.filter((place) => b.includes(place));
      const inOne = a.filter((place) => !b.includes(place));
      assertEquals(both(left, right), setOf(inBoth));
      assertEquals(either(left, right), setOf([...inOne, ...b]));
      assertEquals(without(left, right), setOf(inOne));
      assertEquals(isWithin(left, right), inOne.length === 0);
      assertEquals(overlap(left, right), inBoth.length > 0);
      if (a.length > 0) {
        assertEquals(firstOf(left), setOf([Math.min(...a)]));
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test.each([0, 1, 28, 29, 30, 31, 32, 100])(
  "valueOf() and placeOf() of place %d go together",
  (place) => {
    assertEquals(placeOf(valueOf(place)), place);
    assertEquals(isWithin(valueOf(place), allValues(place + 1)), true);
    assertEquals(isWithin(valueOf(place), allValues(place)), false);
    assertEquals(isWithin(ABSENT, allValues(place)), true);
  },
);
