import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { OptionError, sizeOf } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { apply } from "../apply.ts";
import { arange, tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import type { SliceRange } from "../slice_ranges.ts";
import { sliceOperator } from "./slice.ts";

const X = arange(0, 24).reshape([2, 3, 4]);

// Expected values: NumPy 2, `np.arange(24).reshape(2, 3, 4)[...]`.
Deno.test.each<
  { name: string; ranges: SliceRange[]; shape: number[]; want: number[] }
>([
  {
    name: "[1]",
    ranges: [1],
    shape: [3, 4],
    want: [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23],
  },
  { name: "[-1, 0, -2]", ranges: [-1, 0, -2], shape: [], want: [14] },
  {
    name: "[:, 1:, ::2]",
    ranges: [null, [1], [null, null, 2]],
    shape: [2, 2, 2],
    want: [4, 6, 8, 10, 16, 18, 20, 22],
  },
  {
    name: "[0, ::-1, -1:0:-2]",
    ranges: [0, [null, null, -1], [-1, 0, -2]],
    shape: [3, 2],
    want: [11, 9, 7, 5, 3, 1],
  },
  {
    name: "[:, -2:-1, 2]",
    ranges: [null, [-2, -1], 2],
    shape: [2, 1],
    want: [6, 18],
  },
  {
    name: "[1, 1:99, -99:2]",
    ranges: [1, [1, 99], [-99, 2]],
    shape: [2, 2],
    want: [16, 17, 20, 21],
  },
  { name: "[2:1]", ranges: [[2, 1]], shape: [0, 3, 4], want: [] },
  {
    name: "[5::-1, 0, 0]",
    ranges: [[5, null, -1], 0, 0],
    shape: [2],
    want: [12, 0],
  },
])("slice() takes $name", async ({ ranges, shape, want }) => {
  const y = X.slice(ranges);
  assertEquals(y.shape, shape);
  assertEquals([...await computeElements(y)], want);
});

Deno.test("slice() of nothing in particular is the tensor itself", () => {
  assertEquals(X.slice([]).node, X.node);
  assertEquals(X.slice([null, null]).node, X.node);
});

// Oracle: a loop as in the NumPy reference, from start to end, step by step.
Deno.test("slice() takes what a loop over one axis takes", async () => {
  const bound = fc.option(fc.integer({ min: -9, max: 9 }));
  const step = fc.integer({ min: -3, max: 3 }).filter((step) => step !== 0);
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 6 }),
      fc.tuple(bound, bound, step),
      async (size, [start, end, step]) => {
        const list = Array.from({ length: size }, (_, i) => i);
        const isIn = (place: number) => (end === null ||
          (step > 0
            ? place < (end < 0 ? end + size : end)
            : place > (end < 0 ? end + size : end)));
        const first = start === null
          ? (step > 0 ? 0 : size - 1)
          : start < 0
          ? start + size
          : start;
        const begin = step > 0 ? Math.max(0, first) : Math.min(size - 1, first);
        const want: number[] = [];
        for (let i = begin; i >= 0 && i < size && isIn(i); i += step) {
          want.push(list[i]!);
        }
        const y = tensor(list).slice([[start, end, step]]);
        assertEquals([...await computeElements(y)], want);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("slice() has the gradients of central differences", async () => {
  const x = tensor([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]);
  const ranges: SliceRange[][] = [
    [1],
    [[0, 2], [null, null, 2]],
    [null, [-1, 0, -2]],
    [[null, null, -1], 1],
    [[2, 1]],
  ];
  for (const range of ranges) {
    await assertGradients((x) => x!.mul(x!).slice(range), [x]);
  }
});

Deno.test.each<{ name: string; ranges: unknown; want: string }>([
  { name: "no list", ranges: 1, want: "a list of ranges" },
  { name: "a fraction", ranges: [0.5], want: "a whole number, null or" },
  { name: "a word", ranges: ["all"], want: "a whole number, null or" },
  {
    name: "too many bounds",
    ranges: [[0, 1, 1, 1]],
    want: "[start, end, step]",
  },
  { name: "a fraction as bound", ranges: [[0.5]], want: "[start, end, step]" },
  { name: "no step", ranges: [[0, 1, null]], want: "[start, end, step]" },
])("slice() rejects $name", ({ ranges, want }) => {
  const error = assertThrows(
    () => X.slice(ranges as SliceRange[]),
    OptionError,
    want,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test.each<{ name: string; ranges: SliceRange[]; want: string }>([
  {
    name: "more ranges than axes",
    ranges: [null, null, null, [0]],
    want: "found 4 entries, wanted at most one for each axis of shape [2,3,4]",
  },
  { name: "a step of 0", ranges: [[0, 1, 0]], want: "found 0" },
  {
    name: "a place behind the end",
    ranges: [null, 3],
    want: "found 3, wanted a whole number from -3 to 2 (axis 1 of",
  },
  { name: "a place before the start", ranges: [-3], want: "found -3" },
])("slice() rejects $name", ({ ranges, want }) => {
  const error = assertThrows(() => X.slice(ranges), TensorError, want);
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test("slice() rejects lists of different lengths, as a call from outside may have them", () => {
  for (const [ends, steps] of [[[1, 1], [1]], [[1], [1, 1]]]) {
    assertThrows(
      () =>
        apply(sliceOperator, [X.node], {
          starts: [0],
          ends: ends!,
          steps: steps!,
        }),
      TensorError,
      'another number of entries than in "starts" (1)',
    );
  }
});

Deno.test("slice() of any rank keeps places: all axes backwards twice are the same", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 3 }), { maxLength: 6 }),
      async (shape) => {
        const x = arange(0, sizeOf(shape)).reshape(shape);
        const back = shape.map(() => [null, null, -1] as const);
        assertEquals(
          await computeElements(x.slice(back).slice(back)),
          await computeElements(x),
        );
      },
    ),
    { seed: 1, numRuns: 40 },
  );
});
