import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";

const X = [[1, 2, 6], [3, 4, 8]];

Deno.test.each<{ axes: number | number[] | undefined; want: number[] }>([
  { axes: undefined, want: [4] },
  { axes: 0, want: [2, 3, 7] },
  { axes: -1, want: [3, 5] },
  { axes: [0, 1], want: [4] },
  { axes: [], want: [1, 2, 6, 3, 4, 8] },
])("mean() along $axes", async ({ axes, want }) => {
  const x = tensor(X);
  const kept = x.mean(axes, { keepDims: true });
  assertEquals(kept.rank, 2);
  for (const y of [x.mean(axes), kept, x.cast("int32").mean(axes)]) {
    assertEquals(y.dtype, "float32");
    assertClose(await computeElements(y), want, { tolerance: 1e-14 });
  }
});

Deno.test("mean() of truth values is the share of those that are true", async () => {
  const y = tensor([true, false, true, true]).mean();
  assertEquals([...await computeElements(y)], [3 / 4]);
});

Deno.test("mean() of nothing is NaN", async () => {
  assertEquals([...await computeElements(zeros([2, 0]).mean(1))], [NaN, NaN]);
  assertEquals([...await computeElements(zeros([0, 2]).mean(1))], []);
});

Deno.test("mean() has the gradients of central differences, through what it is made of", async () => {
  const x = tensor(randomArray(12, 5), { shape: [2, 3, 2] });
  for (const axes of [undefined, 1, [0, -1]]) {
    await assertGradients((x) => x!.mean(axes), [x]);
    await assertGradients((x) => x!.mean(axes, { keepDims: true }), [x]);
  }
});

Deno.test("mean() rejects an axis that there is not", () => {
  const error = assertThrows(
    () => tensor(X).mean(2),
    ShapeError,
    "Cannot apply mean at axis 2 of shape [2,3]",
  );
  assertEquals(error.code, "AXIS_RANGE");
});
