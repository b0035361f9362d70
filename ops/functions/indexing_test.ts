// Oracle: the same done over lists with loops, for random inputs; closed forms for small ones.

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isCoded } from "../../core/base/mod.ts";
import { assertClose, assertGradients } from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";
import type { Tensor } from "../tensor.ts";
import * as indexing from "./indexing.ts";

const NUM_RUNS = { seed: 1, numRuns: 40 };

function whole(list: readonly number[]): Tensor {
  return tensor(Int32Array.from(list));
}

/** Small whole numbers, equal ones among them. */
const line = (min = -3, max = 3) =>
  fc.array(fc.integer({ min, max }), { maxLength: 9 });

/** What a scatter leaves of a list, one element after another. */
function scatterList(
  x: readonly number[],
  pairs: readonly (readonly [number, number])[],
  combine: (old: number, found: number) => number,
): number[] {
  const y = [...x];
  for (const [index, value] of pairs) {
    const place = index < 0 ? index + x.length : index;
    if (place >= 0 && place < x.length) y[place] = combine(y[place]!, value);
  }
  return y;
}

Deno.test.each(
  [
    { name: "scatter", combine: (_: number, found: number) => found },
    { name: "scatterMax", combine: Math.max },
    { name: "scatterMin", combine: Math.min },
  ] as const,
)(
  "$name() does what a loop over the source does",
  async ({ name, combine }) => {
    const pair = fc.tuple(
      fc.integer({ min: -7, max: 7 }),
      fc.integer({ min: -9, max: 9 }),
    );
    await fc.assert(
      fc.asyncProperty(
        line(),
        fc.array(pair, { maxLength: 9 }),
        async (x, pairs) => {
          const index = whole(pairs.map(([place]) => place));
          const source = whole(pairs.map(([, value]) => value));
          const y = indexing[name](whole(x), index, source);
          assertEquals([...await y.data()], scatterList(x, pairs, combine));
        },
      ),
      NUM_RUNS,
    );
  },
);

Deno.test("scatter() works along any axis, and keeps the dtype", async () => {
  const x = zeros([3, 2], { dtype: "float16" });
  const index = tensor([[2, 0], [2, -1]], { dtype: "int32" });
  const y = indexing.scatter(x, index, tensor([[1, 2], [3, 4]]), 0);
  assertEquals(y.dtype, "float16");
  assertEquals(await y.array(), [[0, 2], [0, 0], [3, 4]]);
  const truth = indexing.scatter(
    tensor([false, false]),
    whole([1]),
    tensor([true]),
  );
  assertEquals(await truth.array(), [0, 1]);
});

Deno.test("scatterMax() and scatterMin() pass a NaN on", async () => {
  const [index, source] = [whole([0, 0, 1]), tensor([NaN, 5, -5])];
  const most = indexing.scatterMax(tensor([1, 2]), index, source);
  assertEquals(await most.array(), [NaN, 2]);
  const least = indexing.scatterMin(tensor([1, 2]), index, source);
  assertEquals(await least.array(), [NaN, -5]);
});

Deno.test("scatter() gives the gradient to the winner, and what stayed", async () => {
  const index = tensor([[0, 2, 0], [1, 1, -1]], { dtype: "int32" });
  const source = tensor([[0.5, -1, 2], [3, 0.25, -0.75]]);
  const x = tensor([[1, 1.5, -2, 4], [0.75, 2.5, 0, -3]]);
  for (const name of ["scatter", "scatterMax", "scatterMin"] as const) {
    await assertGradients(
      (x, source) => indexing[name](x!, index, source!),
      [x, source],
    );
  }
});

Deno.test("bincount() counts, and leaves out what is not there to be counted", async () => {
  await fc.assert(
    fc.asyncProperty(
      line(),
      fc.integer({ min: 0, max: 4 }),
      async (x, size) => {
        const want = Array.from(
          { length: size },
          (_, k) => x.filter((each) => each === k).length,
        );
        assertEquals(await indexing.bincount(whole(x), size).array(), want);
      },
    ),
    NUM_RUNS,
  );
});

Deno.test("histogram() has the end in its last range only", async () => {
  const x = tensor([-1, 0, 0.24, 0.25, 0.5, 0.99, 1, 1.01, NaN]);
  const y = indexing.histogram(x, { bins: 4, min: 0, max: 1 });
  assertEquals(await y.array(), [2, 1, 1, 2]);
  assertEquals(y.dtype, "int32");
});

Deno.test("maskedFill() keeps the dtype, and broadcasts", async () => {
  const x = tensor([[1, 2], [3, 4]], { dtype: "int32" });
  const y = indexing.maskedFill(x, tensor([true, false]), -1);
  assertEquals(y.dtype, "int32");
  assertEquals(await y.array(), [[-1, 2], [-1, 4]]);
  const open = indexing.maskedFill(
    tensor([1, 2]),
    tensor([false, true]),
    -Infinity,
  );
  assertEquals(await open.array(), [1, -Infinity]);
  await assertGradients(
    (x) => indexing.maskedFill(x!, tensor([true, false]), 5),
    [tensor([[1, 2], [3, 4]])],
  );
});

Deno.test("maskedSelect() and nonzero() list what is true, in order", async () => {
  const rows = fc.array(
    fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 3, maxLength: 3 }),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.integer({ min: 0, max: 8 }),
      async (list, size) => {
        const mask = whole(list.flat()).reshape([list.length, 3]);
        const places = list.flatMap((row, i) =>
          row.flatMap((each, j) => each === 0 ? [] : [[i, j]])
        );
        const filled = [
          ...places,
          ...Array.from({ length: size }, () => [-1, -1]),
        ].slice(0, size);
        assertEquals(await indexing.nonzero(mask, size).array(), filled);
        const x = whole(list.flat().map((_, i) => i)).reshape(mask.shape);
        const y = indexing.maskedSelect(x, mask.cast("bool"), {
          size,
          value: -1,
        });
        const want = filled.map(([i, j]) => i! < 0 ? -1 : i! * 3 + j!);
        assertEquals(await y.array(), want);
      },
    ),
    NUM_RUNS,
  );
});

Deno.test("maskedSelect() passes gradients to what it took; nonzero() of a scalar has no columns", async () => {
  await assertGradients(
    (x) =>
      indexing.maskedSelect(x!, tensor([true, false, true]), {
        size: 5,
        value: 2,
      }),
    [tensor([[1, 2, 3], [4, 5, 6]])],
  );
  assertEquals(indexing.nonzero(tensor(3), 2).shape, [2, 0]);
});

Deno.test("searchsorted() is the number of smaller elements, or of those not larger", async () => {
  await fc.assert(
    fc.asyncProperty(
      line(),
      line(),
      fc.boolean(),
      async (list, values, right) => {
        const sorted = list.toSorted((a, b) => a - b);
        const want = values.map((value) =>
          sorted.filter((x) => x < value || right && x === value).length
        );
        const y = indexing.searchsorted(whole(sorted), whole(values), {
          right,
        });
        assertEquals(await y.array(), want);
      },
    ),
    NUM_RUNS,
  );
});

Deno.test("searchsorted() takes one line for all, one for each, and a single value", async () => {
  const values = tensor([[0.5, 3], [1, 9]]);
  const one = indexing.searchsorted(tensor([1, 2, 3]), values);
  assertEquals(await one.array(), [[0, 2], [0, 3]]);
  const each = indexing.searchsorted(tensor([[0, 1], [4, 5]]), values);
  assertEquals(await each.array(), [[1, 2], [0, 2]]);
  assertEquals(
    await indexing.searchsorted(tensor([1, 2, 3]), tensor(2)).item(),
    1,
  );
});

Deno.test("segmentSum() adds up rows of one number", async () => {
  const x = tensor([[1, 2], [3, 4], [5, 6], [7, 8]]);
  const y = indexing.segmentSum(x, whole([1, 0, 1, -1]), 3);
  assertEquals(await y.array(), [[3, 4], [6, 8], [0, 0]]);
  await assertGradients(
    (x) => indexing.segmentSum(x!, whole([1, 0, 1, 2]), 3),
    [
      x,
    ],
  );
});

Deno.test("unique() lists different elements in order", async () => {
  await fc.assert(
    fc.asyncProperty(line(), async (list) => {
      const want = [...new Set(list)].sort((a, b) => a - b);
      const y = indexing.unique(whole(list), { size: 8, value: 99 });
      const filled = [...want, ...new Array<number>(8).fill(99)].slice(0, 8);
      assertEquals(await y.array(), filled);
    }),
    NUM_RUNS,
  );
});

Deno.test("embedding() takes rows of a table, and adds up their gradients", async () => {
  const weight = tensor([[1, 2], [3, 4], [5, 6]]);
  const indices = tensor([[2, 0], [2, 2]], { dtype: "int32" });
  assertEquals(await indexing.embedding(indices, weight).array(), [
    [[5, 6], [1, 2]],
    [[5, 6], [5, 6]],
  ]);
  await assertGradients((weight) => indexing.embedding(indices, weight!), [
    weight,
  ]);
});

const BAGS = whole([0, 2, 3, 3]).reshape([2, 2]);
const TABLE = arange(0, 12).sin().reshape([4, 3]);

// PyTorch 1.13, torch.nn.functional.embedding_bag in float64.
Deno.test.each([
  {
    mode: "sum" as const,
    want: [-0.279415, 1.498458, 1.898656, 0.824237, -1.088042, -1.99998],
  },
  {
    mode: "mean" as const,
    want: [-0.139708, 0.749229, 0.949328, 0.412118, -0.544021, -0.99999],
  },
  {
    mode: "max" as const,
    want: [0, 0.841471, 0.989358, 0.412118, -0.544021, -0.99999],
  },
])("embeddingBag() takes the $mode as PyTorch does", async ({ mode, want }) => {
  const y = indexing.embeddingBag(BAGS, TABLE, { mode });
  assertEquals(y.shape, [2, 3]);
  assertClose(await y.data(), want, { tolerance: 1e-5 });
});

Deno.test("embeddingBag() weighs rows as PyTorch does, with gradients of central differences", async () => {
  const weights = tensor([[1, 2], [3, -1]]);
  const y = indexing.embeddingBag(BAGS, TABLE, { mode: "sum", weights });
  assertClose(
    await y.data(),
    [-0.558831, 2.155444, 2.888014, 0.824237, -1.088042, -1.99998],
    { tolerance: 1e-5 },
  );
  await assertGradients(
    (table, weights) =>
      indexing.embeddingBag(BAGS, table!, { mode: "sum", weights: weights! }),
    [TABLE, weights],
  );
});

Deno.test.each<{ name: string; call: () => unknown; code: string }>([
  {
    name: "an index of fractions",
    call: () => indexing.scatter(zeros([2]), zeros([2]), zeros([2])),
    code: "DTYPE_MISMATCH",
  },
  {
    name: "a source of another shape",
    call: () => indexing.scatter(zeros([2]), whole([0]), zeros([2])),
    code: "SHAPE_MISMATCH",
  },
  {
    name: "an index that does not fit",
    call: () => indexing.scatter(zeros([2, 2]), whole([0]), zeros([1])),
    code: "SHAPE_MISMATCH",
  },
  {
    name: "an axis that is not there",
    call: () => indexing.scatter(zeros([2]), whole([0]), zeros([1]), 1),
    code: "AXIS_RANGE",
  },
  {
    name: "the largest truth",
    call: () => indexing.scatterMax(tensor([true]), whole([0]), tensor([true])),
    code: "DTYPE_MISMATCH",
  },
  {
    name: "counted fractions",
    call: () => indexing.bincount(zeros([2]), 2),
    code: "DTYPE_MISMATCH",
  },
  {
    name: "a negative size",
    call: () => indexing.bincount(whole([0]), -1),
    code: "SHAPE_INVALID",
  },
  {
    name: "no size",
    call: () => indexing.unique(zeros([2]), {} as never),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "no ranges",
    call: () => indexing.histogram(zeros([2]), { bins: 0, min: 0, max: 1 }),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "ranges without width",
    call: () => indexing.histogram(zeros([2]), { bins: 2, min: 1, max: 1 }),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "an unknown mode of bags",
    call: () =>
      indexing.embeddingBag(whole([0]), zeros([2, 1]), {
        mode: "min" as never,
      }),
    code: "INVALID_OPTION",
  },
  {
    name: "weights of a mean",
    call: () =>
      indexing.embeddingBag(whole([0]), zeros([2, 1]), { weights: zeros([1]) }),
    code: "INVALID_OPTION",
  },
  {
    name: "another number of weights than of indices",
    call: () =>
      indexing.embeddingBag(whole([0]), zeros([2, 1]), {
        mode: "sum",
        weights: zeros([2]),
      }),
    code: "SHAPE_MISMATCH",
  },
  {
    name: "bags of fractions",
    call: () => indexing.embeddingBag(zeros([1]), zeros([2, 1])),
    code: "DTYPE_MISMATCH",
  },
  {
    name: "a mask of numbers",
    call: () => indexing.maskedFill(zeros([2]), zeros([2]), 1),
    code: "DTYPE_MISMATCH",
  },
  {
    name: "a fraction among whole numbers",
    call: () => indexing.maskedFill(whole([1]), tensor([true]), 0.5),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "lines and values that do not fit",
    call: () => indexing.searchsorted(zeros([3, 2]), zeros([2, 2])),
    code: "SHAPE_MISMATCH",
  },
  {
    name: "a number for some rows",
    call: () => indexing.segmentSum(zeros([3, 2]), whole([0]), 1),
    code: "SHAPE_MISMATCH",
  },
])("$name is reported with $code", ({ call, code }) => {
  const error = assertThrows(call);
  assert(isCoded(error) && error.code === code, `${error}`);
});
