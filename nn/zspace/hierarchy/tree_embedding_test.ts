import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { OptionError } from "../../../core/base/mod.ts";
import { assertClose } from "../../../testing/mod.ts";
import { ZSpaceError } from "../errors.ts";
import { HyperbolicEmbedding } from "../layers/hyperbolic_embedding.ts";
import { type Distortion, distortionOf } from "./distortion.ts";
import { stepsBetween } from "./steps_between.ts";
import { treeEmbedding, type TreeEmbeddingOptions } from "./tree_embedding.ts";

/** A tree in which each of 13 has three children, level by level: its root is its middle. */
const WIDE = Array.from({ length: 40 }, (_, i) => Math.floor((i - 1) / 3));
/** A line that is hung up by one end. */
const LINE = Array.from({ length: 9 }, (_, i) => i - 1);
/** How far points are from the center at most, with the default margin. */
const REACH = 2 * Math.atanh(1 - 1e-5);

async function rowsOf(
  parents: ArrayLike<number>,
  options: TreeEmbeddingOptions,
): Promise<number[][]> {
  using points = treeEmbedding(parents, options);
  assertEquals(points.shape, [parents.length, options.dimension]);
  const flat = await points.data();
  return Array.from({ length: parents.length }, (_, i) =>
    Array.from(
      flat.slice(i * options.dimension, (i + 1) * options.dimension),
    ));
}

function lengthOf(x: readonly number[]): number {
  return Math.hypot(...x);
}

/** The distance by its definition in `float64`, which is another than the layout's. */
function distance(
  x: readonly number[],
  y: readonly number[],
  curvature = -1,
): number {
  const square = (v: readonly number[]) => -curvature * lengthOf(v) ** 2;
  const gap = square(x.map((part, i) => part - y[i]!));
  const far = 2 * gap / ((1 - square(x)) * (1 - square(y)));
  return Math.acosh(1 + far) / Math.sqrt(-curvature);
}

/** Distortion of a tree whose root is its first thing. */
async function distortion(
  parents: readonly number[],
  options: TreeEmbeddingOptions,
): Promise<Distortion> {
  const rows = await rowsOf(parents, options);
  return distortionOf(
    rows.flatMap((x) => rows.map((y) => distance(x, y, options.curvature))),
    stepsBetween(
      parents.slice(1).map((parent, i) => [i + 1, parent] as const),
      { count: parents.length },
    ),
  );
}

Deno.test("treeEmbedding() puts everything a step from its parent, inside the ball", async () => {
  const trees = fc.array(fc.nat(), { maxLength: 40 })
    .map((choices) => [-1, ...choices.map((choice, i) => choice % (i + 1))]);
  await fc.assert(
    fc.asyncProperty(
      trees,
      fc.integer({ min: 2, max: 10 }),
      fc.constantFrom(-1e-3, -0.25, -1, -4, -10),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      async (parents, dimension, curvature, share) => {
        // At most half of all things are steps from the middle.
        const step = share * REACH / Math.sqrt(-curvature) /
          Math.max(1, parents.length / 2);
        const rows = await rowsOf(parents, { dimension, curvature, step });
        for (const [thing, parent] of parents.entries()) {
          assert(Math.sqrt(-curvature) * lengthOf(rows[thing]!) < 1);
          if (parent < 0) continue;
          const found = distance(rows[thing]!, rows[parent]!, curvature);
          const gap = (found - step) * Math.sqrt(-curvature);
          assert(Math.abs(gap) < 0.02, `${found} instead of ${step}`);
        }
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

Deno.test.each([2, 3, 5, 10])(
  "treeEmbedding() bends distances the less the longer steps are, in dimension %i",
  async (dimension) => {
    let last: Distortion = { average: Infinity, worst: Infinity, scale: 1 };
    for (const step of [0.25, 0.5, 1, 2, 4]) {
      const next = await distortion(WIDE, { dimension, step });
      assert(next.average < last.average, `${step}: ${next.average}`);
      assert(next.worst < last.worst, `${step}: ${next.worst}`);
      last = next;
    }
    assert(last.average < 0.06, `${last.average}`);
  },
);

Deno.test("treeEmbedding() lays a line straight through the center", async () => {
  const options = { dimension: 3, curvature: -4 };
  const { average, worst, scale } = await distortion(LINE, options);
  assert(average < 1e-2 && worst < 1.05, `${average} ${worst}`);
  // Four steps to either end, as long as they can be.
  assertClose([1 / scale], [REACH / 2 / 4], { tolerance: 1e-2 });
  const rows = await rowsOf(LINE, options);
  assertEquals(rows[4], [0, 0, 0]);
  // Rounded, the ends are as far out as the margin lets them.
  assertClose([rows[0]!, rows[8]!].map(lengthOf), [0.499995, 0.499995]);
});

Deno.test("treeEmbedding() gives what much hangs on more room", async () => {
  // Below the root, 1 to 8: 1 has thirty of its own, 2 one whose child makes the root the middle.
  const parents = [-1, 0, 0, 0, 0, 0, 0, 0, 0, 2, ...new Array(30).fill(1)];
  const rows = await rowsOf(parents, { dimension: 3, step: 2 });
  assertEquals(rows[0], [0, 0, 0]);
  const [heavy, ...light] = [1, 3, 4, 5, 6, 7, 8].map((thing) => rows[thing]!);
  const room = (of: readonly number[]) =>
    Math.min(
      ...light.filter((other) => other !== of)
        .map((other) => distance(of, other)),
    );
  const most = Math.max(...light.map(room));
  assert(room(heavy!) > 1.1 * most, `${room(heavy!)} ${most}`);
});

Deno.test("treeEmbedding() of one thing is the center", async () => {
  assertEquals(await rowsOf([-1], { dimension: 2 }), [[0, 0]]);
});

Deno.test("treeEmbedding() depends on its seed only", async () => {
  const once = await rowsOf(WIDE, { dimension: 3, seed: 1 });
  assertEquals(await rowsOf(WIDE, { dimension: 3, seed: 1 }), once);
  assert(
    (await rowsOf(WIDE, { dimension: 3, seed: 2 }))[1]![0] !== once[1]![0],
  );
});

Deno.test("treeEmbedding() gives points that an embedding begins with", async () => {
  const things = new HyperbolicEmbedding({
    numEmbeddings: WIDE.length,
    embeddingDim: 3,
  });
  const points = treeEmbedding(WIDE, { dimension: 3 });
  const { ball } = things;
  // None lies beyond the margin, where the ball would move it.
  const kept = await ball.project(points).data();
  assertEquals(kept, await points.data());
  await things.loadStateDict(new Map([["weight", points]]));
  assertEquals(await things.weight.data(), kept);
});

Deno.test.each([
  { name: "no options", options: undefined, says: "dimension is undefined" },
  { name: "one dimension", options: { dimension: 1 }, says: "from 2 to" },
  {
    name: "several mistakes",
    options: { dimension: 2.5, margin: 0 },
    says:
      "dimension is 2.5, wanted a whole number from 2 to 65536; margin is 0",
  },
  {
    name: "a margin that float32 does not hold",
    options: { dimension: 2, margin: 1e-7 },
    says: "margin is 1e-7",
  },
  {
    name: "a margin that no ball has",
    options: { dimension: 2, margin: 0.5 },
    says: "margin is 0.5, wanted a number from 1e-6 and below 0.5",
  },
  {
    name: "no step",
    options: { dimension: 2, step: 0 },
    says: "Cannot use 0 as the step",
  },
  {
    name: "a step that is none",
    options: { dimension: 2, step: "1" },
    says: 'Cannot use "1" as the step',
  },
  {
    name: "steps that are too long",
    options: { dimension: 2, step: REACH / 4 + 1e-3 },
    says: "and no more than 3.0515",
  },
  {
    name: "a seed that is none",
    options: { dimension: 2, seed: -1 },
    says: "seed",
  },
])("treeEmbedding() refuses $name", ({ options, says }) => {
  const error = assertThrows(
    () => treeEmbedding(LINE, options as TreeEmbeddingOptions),
    OptionError,
    says,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("treeEmbedding() refuses what is no tree, and no ball", () => {
  assertThrows(
    () => treeEmbedding([1, 0], { dimension: 2 }),
    OptionError,
    "the roots of a tree",
  );
  for (const curvature of [0, 1, NaN, -Infinity, "-1" as never]) {
    const error = assertThrows(
      () => treeEmbedding(LINE, { dimension: 2, curvature }),
      ZSpaceError,
    );
    assertEquals(error.code, "NON_HYPERBOLIC_CURVATURE");
  }
});
