import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { OptionError } from "../../../core/base/mod.ts";
import type { Relation } from "./relation.ts";
import { stepsBetween, type StepsBetweenOptions } from "./steps_between.ts";

Deno.test("stepsBetween() goes along relations and against them, by the shortest way", () => {
  // Round a circle of six, and one thing apart.
  const relations = [[0, 1], [1, 2], [2, 3], [4, 3], [5, 4], [5, 0]] as const;
  const steps = stepsBetween(relations, { count: 7 });
  assertEquals([...steps.subarray(0, 7)], [0, 1, 2, 3, 2, 1, Infinity]);
  assertEquals([...steps.subarray(42)], [...new Array(6).fill(Infinity), 0]);
});

Deno.test("stepsBetween() agrees with Floyd's and Warshall's algorithm", () => {
  const things = fc.nat({ max: 8 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(things, things), { maxLength: 14 }),
      (relations: Relation[]) => {
        assertEquals(
          [...stepsBetween(relations, { count: 9 })],
          throughAll(relations),
        );
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

/** Every way through every thing. */
function throughAll(relations: readonly Relation[]): number[] {
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const steps = all.map((a) => all.map((b) => a === b ? 0 : Infinity));
  for (const [a, b] of relations) {
    if (a !== b) steps[a]![b] = steps[b]![a] = 1;
  }
  for (const k of all) {
    for (const i of all) {
      for (const j of all) {
        const around = steps[i]![k]! + steps[k]![j]!;
        steps[i]![j] = Math.min(steps[i]![j]!, around);
      }
    }
  }
  return steps.flat();
}

const REFUSED: readonly {
  readonly name: string;
  readonly relations?: unknown;
  readonly options?: unknown;
  readonly says: string;
}[] = [
  { name: "no options", options: undefined, says: "count is undefined" },
  { name: "no things", options: { count: 0 }, says: "count is 0" },
  { name: "too many", options: { count: 2 ** 15 + 1 }, says: "to 32768" },
  { name: "no list", relations: null, says: "a list of pairs" },
  { name: "no pair", relations: [[0, 1, 2]], says: "a pair of numbers" },
  { name: "an unknown thing", relations: [[0, 3]], says: "from 0 below 3" },
  { name: "a named thing", relations: [["length", 0]], says: "below 3" },
];

Deno.test.each(REFUSED)(
  "stepsBetween() refuses $name",
  ({ relations = [], says, ...rest }) => {
    const { options } = { options: { count: 3 }, ...rest };
    const error = assertThrows(
      () =>
        stepsBetween(relations as Relation[], options as StepsBetweenOptions),
      OptionError,
      says,
    );
    assertEquals(error.code, "INVALID_OPTION");
  },
);
