import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { OptionError } from "../../../core/base/mod.ts";
import { centeredTree } from "./centered_tree.ts";
import { stepsBetween } from "./steps_between.ts";

Deno.test("centeredTree() hangs a line up by its middle, wherever the root is", () => {
  const { order, anchors, sizes, height } = centeredTree([-1, 0, 1, 2, 3]);
  assertEquals([order[0], height], [2, 2]);
  assertEquals([...anchors], [1, 2, -1, 2, 3]);
  assertEquals([...sizes], [1, 2, 5, 2, 1]);
});

Deno.test("centeredTree() of one thing is that thing", () => {
  assertEquals(centeredTree(Int32Array.of(-1)), {
    order: [0],
    anchors: Int32Array.of(-1),
    sizes: Float64Array.of(1),
    height: 0,
  });
});

/** Trees of up to 25 things, the root anywhere. */
const TREES = fc.array(fc.nat(), { maxLength: 24 }).chain((choices) =>
  fc.shuffledSubarray(
    [-1, ...choices].map((_, i) => i),
    { minLength: choices.length + 1 },
  ).map((names) => {
    const parents: number[] = [];
    parents[names[0]!] = -1;
    choices.forEach((choice, i) =>
      parents[names[i + 1]!] = names[choice % (i + 1)]!
    );
    return parents;
  })
);

Deno.test("centeredTree() keeps a tree's edges, and nothing is farther away than half a longest way", () => {
  fc.assert(
    fc.property(TREES, (parents) => {
      const { order, anchors, sizes, height } = centeredTree(parents);
      const edges = (of: ArrayLike<number>) =>
        Array.from(of, (to, from) => [from, to].sort().join())
          .filter((edge) => !edge.includes("-1")).sort();
      assertEquals(edges(anchors), edges(parents));
      const count = parents.length;
      const all = stepsBetween(
        parents.flatMap((parent, thing) =>
          parent < 0 ? [] : [[thing, parent] as const]
        ),
        { count },
      );
      const steps = parents.map((_, thing) => [
        ...all.subarray(thing * count, (thing + 1) * count),
      ]);
      assertEquals(height, Math.ceil(Math.max(...steps.flat()) / 2));
      assertEquals(height, Math.max(...steps[order[0]!]!));
      for (const [place, thing] of order.entries()) {
        assert(order.indexOf(anchors[thing]!) < place);
        const through = steps[order[0]!]!.filter((far, other) =>
          far === steps[order[0]!]![thing]! + steps[thing]![other]!
        );
        assertEquals(sizes[thing], through.length);
      }
    }),
    { seed: 1, numRuns: 100 },
  );
});

const NO_TREES: readonly {
  readonly name: string;
  readonly parents: unknown;
  readonly says: string;
}[] = [
  { name: "nothing", parents: [], says: "at least one number" },
  { name: "text", parents: "0", says: "parents of a tree" },
  { name: "no list", parents: 3, says: "parents of a tree" },
  { name: "no root", parents: [1, 0], says: "whose parent is -1" },
  { name: "two roots", parents: [-1, 0, -1], says: "Cannot use [0,2] as" },
  { name: "unknown parent", parents: [-1, 2], says: "from 0 below 2" },
  { name: "broken parent", parents: [-1, 0.5], says: "the parent of thing 1" },
  { name: "named parent", parents: [-1, "at"], says: "the parent of thing 1" },
  { name: "a hole", parents: [-1, , 0], says: "the parent of thing 1" },
  {
    name: "a circle",
    parents: [-1, 4, 1, 2, 3, 1, 0],
    says: "these go round in a circle",
  },
  { name: "its own parent", parents: [-1, 1], says: "not below it" },
];

Deno.test.each(NO_TREES)(
  "centeredTree() refuses $name",
  ({ parents, says }) => {
    const error = assertThrows(
      () => centeredTree(parents as number[]),
      OptionError,
      says,
    );
    assertEquals(error.code, "INVALID_OPTION");
  },
);
