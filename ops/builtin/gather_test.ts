import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, ShapeError } from "../../core/base/mod.ts";
import {
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";

const X = [[10, 11, 12], [20, 21, 22]];

function int32(data: number[] | number[][]): Tensor {
  return tensor(data, { dtype: "int32" });
}

// Expected values: worked by hand.
Deno.test.each<
  { name: string; index: number[][]; axis: number; want: number[] }
>([
  {
    name: "the last axis",
    index: [[2, 0], [1, 1]],
    axis: 1,
    want: [12, 10, 21, 21],
  },
  { name: "the first axis", index: [[1, 0, 1]], axis: 0, want: [20, 11, 22] },
  { name: "a negative axis", index: [[1, 0, 1]], axis: -2, want: [20, 11, 22] },
  { name: "negative indices", index: [[-1], [-3]], axis: 1, want: [12, 20] },
  {
    name: "indices outside",
    index: [[3, -4, 2], [-(2 ** 31), 2 ** 31 - 1, 0]],
    axis: 1,
    want: [NaN, NaN, 12, NaN, NaN, 20],
  },
  { name: "no indices", index: [[], []], axis: 1, want: [] },
])("gather() along $name", async ({ index, axis, want }) => {
  const y = tensor(X).gather(int32(index), axis);
  assertEquals([...await computeElements(y)], want);
});

Deno.test("gather() gives 0 outside, where a dtype has no NaN", async () => {
  const index = int32([0, 2, -3]);
  for (const dtype of ["int32", "bool"] as const) {
    const y = tensor([1, 1], { dtype }).gather(index, 0);
    assertEquals(y.dtype, dtype);
    assertEquals([...await computeElements(y)], [1, 0, 0]);
  }
});

Deno.test("gather() finds nothing along an axis of size 0", async () => {
  const y = tensor([[], []]).gather(int32([[0], [-1]]), 1);
  assertEquals([...await computeElements(y)], [NaN, NaN]);
});

Deno.test("gather() reads through views, by a computed index", async () => {
  const x = tensor(randomArray(24, 3), { shape: [2, 3, 4] });
  const views = [
    x.transpose([2, 0, 1]),
    x.reshape([6, 4]).transpose(),
    x.max(1, { keepDims: true }).expand([2, 5, 4]),
    x.exp().transpose(),
  ];
  for (const view of views) {
    for (const axis of view.shape.keys()) {
      const index = view.argmax(axis, { keepDims: true });
      const y = view.gather(index, axis);
      const [want] = await evaluateTensors([y]);
      assertEquals(await computeElements(y), want!.elements);
      // What an index of the largest element picks is the largest element.
      assertEquals(
        await computeElements(y),
        await computeElements(view.max(axis)),
      );
    }
  }
});

Deno.test("gather() rejects an index that is not int32", () => {
  const error = assertThrows(
    () => tensor([1]).gather(tensor([0]), 0),
    DTypeError,
    'Cannot apply gather to "float32": the dtype must be "int32"',
  );
  assertEquals(error.code, "DTYPE_MISMATCH");
});

Deno.test.each<{ name: string; index: number[] | number[][]; axis: number }>([
  { name: "of another rank", index: [0, 1], axis: 1 },
  { name: "that differs along another axis", index: [[0]], axis: 1 },
])("gather() rejects an index $name", ({ index, axis }) => {
  const error = assertThrows(
    () => tensor(X).gather(int32(index), axis),
    ShapeError,
    `sizes at all axes but ${axis}, must be equal`,
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("gather() rejects an axis that there is not", () => {
  const error = assertThrows(
    () => tensor(X).gather(int32([[0]]), 2),
    ShapeError,
    "Cannot apply gather at axis 2 of shape [2,3]",
  );
  assertEquals(error.code, "AXIS_RANGE");
});

Deno.test.each<{ name: string; index: number[][]; axis: number }>([
  { name: "each element once", index: [[2, 0, 1], [0, 1, 2]], axis: 1 },
  { name: "some twice, some never", index: [[1, 1], [0, 2]], axis: -1 },
  { name: "the first axis", index: [[1, 0, 1], [1, 1, 0]], axis: 0 },
  { name: "negative indices", index: [[-1], [-3]], axis: 1 },
])("gather() has the gradient of central differences: $name", async (row) => {
  const index = int32(row.index);
  await assertGradients((x) => x!.gather(index, row.axis), [tensor(X)]);
  await assertGradients((x) => {
    const y = x!.gather(index, row.axis);
    return gradients(y.mul(y).mul(y).sum(), [x!])[0]!;
  }, [tensor(X).div(10)]);
});

Deno.test("gather() passes no gradient to what an index outside missed", async () => {
  const x = tensor([1, 2]);
  const [slope] = gradients(x.gather(int32([5, 1, -9]), 0).sum(), [x]);
  assertEquals([...await computeElements(slope!)], [0, 1]);
});
