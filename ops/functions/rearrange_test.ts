// Oracle: arrangements written out by hand, and index arithmetic over nested loops.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assertGradients } from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";
import type { Tensor } from "../tensor.ts";
import * as diagonals from "./diagonals.ts";
import * as rearrange from "./rearrange.ts";

/** Whole numbers in order, so that a place tells where an element came from. */
function numbers(...shape: number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return arange(0, size, { dtype: "int32" }).reshape(shape);
}

const SQUARE = [[0, 1, 2], [3, 4, 5], [6, 7, 8]];

Deno.test.each<{ name: string; y: () => Tensor; want: unknown }>([
  {
    name: "diag() of a vector",
    y: () => diagonals.diag(tensor([1, 2])),
    want: [[1, 0], [0, 2]],
  },
  {
    name: "diag() of a matrix",
    y: () => diagonals.diag(numbers(2, 3), { offset: 1 }),
    want: [1, 5],
  },
  {
    name: "diagEmbed() above the diagonal",
    y: () => diagonals.diagEmbed(tensor([1, 2]), { offset: 1 }),
    want: [[0, 1, 0], [0, 0, 2], [0, 0, 0]],
  },
  {
    name: "diagEmbed() below the diagonal, of lines",
    y: () => diagonals.diagEmbed(tensor([[5], [6]]), { offset: -1 }),
    want: [[[0, 0], [5, 0]], [[0, 0], [6, 0]]],
  },
  {
    name: "diagEmbed() of truth",
    y: () => diagonals.diagEmbed(tensor([true, false])),
    want: [[1, 0], [0, 0]],
  },
  {
    name: "diagEmbed() of nothing",
    y: () => diagonals.diagEmbed(zeros([0]), { offset: 2 }),
    want: [[0, 0], [0, 0]],
  },
  {
    name: "diagonal() of other axes",
    y: () => diagonals.diagonal(numbers(2, 2, 2), { axis1: -1, axis2: 0 }),
    want: [[0, 5], [2, 7]],
  },
  {
    name: "diagonal() below",
    y: () => diagonals.diagonal(numbers(3, 2), { offset: -2 }),
    want: [4],
  },
  {
    name: "diagonal() beyond the corner",
    y: () => diagonals.diagonal(numbers(2, 2), { offset: 5 }),
    want: [],
  },
  {
    name: "trace()",
    y: () => diagonals.trace(numbers(2, 2, 2)),
    want: [3, 11],
  },
  {
    name: "tril()",
    y: () => diagonals.tril(tensor(SQUARE)),
    want: [[0, 0, 0], [3, 4, 0], [6, 7, 8]],
  },
  {
    name: "tril() below the diagonal",
    y: () => diagonals.tril(tensor(SQUARE), { diagonal: -1 }),
    want: [[0, 0, 0], [3, 0, 0], [6, 7, 0]],
  },
  {
    name: "triu() above the diagonal",
    y: () => diagonals.triu(tensor(SQUARE), { diagonal: 1 }),
    want: [[0, 1, 2], [0, 0, 5], [0, 0, 0]],
  },
  {
    name: "flatten() of some axes",
    y: () => rearrange.flatten(numbers(2, 1, 2), -2),
    want: [[0, 1], [2, 3]],
  },
  {
    name: "ravel()",
    y: () => rearrange.ravel(numbers(2, 2)),
    want: [0, 1, 2, 3],
  },
  {
    name: "ravel() of a scalar",
    y: () => rearrange.ravel(tensor(7)),
    want: [7],
  },
  {
    name: "unflatten()",
    y: () => rearrange.unflatten(numbers(4), -1, [-1, 2]),
    want: [[0, 1], [2, 3]],
  },
  {
    name: "roll() of all elements",
    y: () => rearrange.roll(numbers(2, 2), 1),
    want: [[3, 0], [1, 2]],
  },
  {
    name: "roll() of axes",
    y: () => rearrange.roll(tensor(SQUARE), [-1, 4], [0, -1]),
    want: [[5, 3, 4], [8, 6, 7], [2, 0, 1]],
  },
  {
    name: "roll() of nothing",
    y: () => rearrange.roll(zeros([2, 0]), 3, 1),
    want: [[], []],
  },
  {
    name: "tile() with new axes",
    y: () => rearrange.tile(tensor([1, 2]), [2, 2]),
    want: [[1, 2, 1, 2], [1, 2, 1, 2]],
  },
  {
    name: "tile() of fewer axes than there are",
    y: () => rearrange.tile(tensor([[1], [2]]), [2]),
    want: [[1, 1], [2, 2]],
  },
  {
    name: "tile() not at all",
    y: () => rearrange.tile(tensor([1]), [0]),
    want: [],
  },
  {
    name: "repeatInterleave()",
    y: () => rearrange.repeatInterleave(tensor([[1, 2], [3, 4]]), 2, 0),
    want: [[1, 2], [1, 2], [3, 4], [3, 4]],
  },
  {
    name: "rot90() once",
    y: () => rearrange.rot90(numbers(2, 2)),
    want: [[1, 3], [0, 2]],
  },
  {
    name: "rot90() twice",
    y: () => rearrange.rot90(numbers(2, 2), { times: 2 }),
    want: [[3, 2], [1, 0]],
  },
  {
    name: "rot90() back",
    y: () => rearrange.rot90(numbers(2, 2), { times: -1 }),
    want: [[2, 0], [3, 1]],
  },
  {
    name: "takeAlongAxis() with an index that broadcasts",
    y: () =>
      rearrange.takeAlongAxis(
        tensor(SQUARE),
        tensor([[0, -1]], { dtype: "int32" }),
      ),
    want: [[0, 2], [3, 5], [6, 8]],
  },
  {
    name: "broadcastTo()",
    y: () => rearrange.broadcastTo(tensor([1, 2]), [2, 2]),
    want: [[1, 2], [1, 2]],
  },
  {
    name: "hstack() of vectors",
    y: () => rearrange.hstack([tensor([1]), tensor([2, 3])]),
    want: [1, 2, 3],
  },
  {
    name: "hstack() of matrices",
    y: () => rearrange.hstack([tensor([[1], [2]]), tensor([[3], [4]])]),
    want: [[1, 3], [2, 4]],
  },
  {
    name: "vstack() of vectors",
    y: () => rearrange.vstack([tensor([1, 2]), tensor([[3, 4]])]),
    want: [[1, 2], [3, 4]],
  },
])("$name", async ({ y, want }) => {
  assertEquals<unknown>(await y().array(), want);
});

Deno.test("movedim() and swapaxes() put axes where they are told", () => {
  const x = zeros([2, 3, 4, 5]);
  assertEquals(rearrange.movedim(x, 0, -1).shape, [3, 4, 5, 2]);
  assertEquals(rearrange.movedim(x, [3, 0], [0, 1]).shape, [5, 2, 3, 4]);
  assertEquals(rearrange.movedim(x, [0, 1], [-1, -2]).shape, [4, 5, 3, 2]);
  assertEquals(rearrange.swapaxes(x, 0, -1).shape, [5, 3, 4, 2]);
});

Deno.test("pixelShuffle() puts channel c r² + i r + j at rows i and columns j", async () => {
  const [c, r, h, w] = [2, 3, 2, 2];
  const y = rearrange.pixelShuffle(numbers(c * r * r, h, w), r);
  const want = Array.from(
    { length: c },
    (_, k) =>
      Array.from(
        { length: h * r },
        (_, row) =>
          Array.from({ length: w * r }, (_, column) => {
            const channel = k * r * r + (row % r) * r + column % r;
            return (channel * h + Math.floor(row / r)) * w +
              Math.floor(column / r);
          }),
      ),
  );
  assertEquals<unknown>(await y.array(), want);
  const back = rearrange.pixelUnshuffle(y, r);
  assertEquals(await back.data(), await numbers(c * r * r, h, w).data());
});

Deno.test("chunk() gives parts of one size, the last smaller", async () => {
  const parts = rearrange.chunk(numbers(5), 3);
  const found = await Promise.all(parts.map((part) => part.array()));
  assertEquals(found, [[0, 1], [2, 3], [4]]);
  assertEquals(rearrange.chunk(numbers(2), 4).length, 2);
  assertEquals(
    rearrange.chunk(zeros([3, 0]), 2, -1).map(({ shape }) => shape),
    [
      [3, 0],
    ],
  );
});

Deno.test("meshgrid() makes matrices of rows and columns, or of x and y", async () => {
  const vectors = [tensor([1, 2, 3]), tensor([4, 5])];
  const [rows, columns] = rearrange.meshgrid(vectors);
  assertEquals(await rows!.array(), [[1, 1], [2, 2], [3, 3]]);
  assertEquals(await columns!.array(), [[4, 5], [4, 5], [4, 5]]);
  const [x, y] = rearrange.meshgrid(vectors, { indexing: "xy" });
  assertEquals(await x!.array(), [[1, 2, 3], [1, 2, 3]]);
  assertEquals(await y!.array(), [[4, 4, 4], [5, 5, 5]]);
});

Deno.test("arrangements carry gradients back to where elements came from", async () => {
  const x = tensor([[0.5, -1, 2], [3, 0.25, -0.75]]);
  await assertGradients(
    (x) =>
      diagonals.triu(
        rearrange.tile(rearrange.roll(rearrange.rot90(x!), 1, 0), [1, 2]),
      ),
    [x],
  );
  await assertGradients(
    (x) => diagonals.diagEmbed(diagonals.diagonal(x!), { offset: -1 }),
    [x],
  );
});

Deno.test.each<{ name: string; call: () => unknown; code: string }>([
  {
    name: "a diagonal of one axis",
    call: () => diagonals.diagonal(zeros([2, 2]), { axis2: 0 }),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "a triangle of a vector",
    call: () => diagonals.tril(zeros([2])),
    code: "AXIS_RANGE",
  },
  {
    name: "axes that are not there",
    call: () => rearrange.swapaxes(zeros([2]), 0, 1),
    code: "AXIS_RANGE",
  },
  {
    name: "axes in the wrong order",
    call: () => rearrange.flatten(zeros([2, 3]), 1, 0),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "an axis moved twice",
    call: () => rearrange.movedim(zeros([2, 3]), [0, 0], [0, 1]),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "sizes that do not fit",
    call: () => rearrange.unflatten(zeros([6]), 0, [4, -1]),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "two shifts of one axis",
    call: () => rearrange.roll(zeros([2]), [1, 2], 0),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "a negative number of tiles",
    call: () => rearrange.tile(zeros([2]), [-1]),
    code: "SHAPE_INVALID",
  },
  {
    name: "a negative number of repeats",
    call: () => rearrange.repeatInterleave(zeros([2]), -1),
    code: "SHAPE_INVALID",
  },
  {
    name: "channels that do not divide",
    call: () => rearrange.pixelShuffle(zeros([3, 2, 2]), 2),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "images that do not divide",
    call: () => rearrange.pixelUnshuffle(zeros([3, 2, 3]), 2),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "a factor of 0",
    call: () => rearrange.pixelShuffle(zeros([3, 2, 2]), 0),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "an index of fractions",
    call: () => rearrange.takeAlongAxis(zeros([2]), zeros([2])),
    code: "DTYPE_MISMATCH",
  },
  {
    name: "an index of another rank",
    call: () =>
      rearrange.takeAlongAxis(zeros([2, 2]), zeros([2], { dtype: "int32" })),
    code: "SHAPE_MISMATCH",
  },
  {
    name: "no chunks",
    call: () => rearrange.chunk(zeros([2]), 0),
    code: "INVALID_OPTION",
  },
  {
    name: "a grid of matrices",
    call: () => rearrange.meshgrid([zeros([2, 2])]),
    code: "INVALID_OPTION",
  },
  {
    name: "a grid of some other indexing",
    call: () => rearrange.meshgrid([], { indexing: "ji" as never }),
    code: "INVALID_OPTION",
  },
  {
    name: "no tensor",
    call: () => rearrange.tile(null as never, [1]),
    code: "INVALID_OPTION",
  },
])("$name is reported with $code", ({ call, code }) => {
  const error = assertThrows(call);
  assert(isCoded(error) && error.code === code, `${error}`);
});
