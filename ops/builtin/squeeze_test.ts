import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";

// Expected shapes: NumPy 2, `np.squeeze`.
Deno.test.each<
  { from: number[]; axes: number | number[] | undefined; want: number[] }
>([
  { from: [1, 2, 1, 3], axes: undefined, want: [2, 3] },
  { from: [1, 2, 1, 3], axes: 0, want: [2, 1, 3] },
  { from: [1, 2, 1, 3], axes: [-2, 0], want: [2, 3] },
  { from: [1, 0], axes: undefined, want: [0] },
  { from: [1, 1], axes: undefined, want: [] },
  { from: [], axes: undefined, want: [] },
  { from: [2], axes: [], want: [2] },
])("squeeze() of [$from] along $axes", ({ from, axes, want }) => {
  assertEquals(zeros(from).squeeze(axes).shape, want);
});

// Expected shapes: NumPy 2, `np.expand_dims`.
Deno.test.each<{ from: number[]; axes: number | number[]; want: number[] }>([
  { from: [2, 3], axes: 0, want: [1, 2, 3] },
  { from: [2, 3], axes: -1, want: [2, 3, 1] },
  { from: [2, 3], axes: [0, 2], want: [1, 2, 1, 3] },
  { from: [2, 3], axes: [-1, 0], want: [1, 2, 3, 1] },
  { from: [], axes: [0, 1], want: [1, 1] },
  { from: [2], axes: [], want: [2] },
])("unsqueeze() of [$from] at $axes", ({ from, axes, want }) => {
  assertEquals(zeros(from).unsqueeze(axes).shape, want);
});

Deno.test("squeeze() and unsqueeze() keep elements and gradients", async () => {
  const x = tensor([[1, 2, 3]]);
  assertEquals([...await computeElements(x.squeeze(0))], [1, 2, 3]);
  assertEquals([...await computeElements(x.unsqueeze(1))], [1, 2, 3]);
  await assertGradients((x) => x!.mul(x!).squeeze(0).unsqueeze(1), [x]);
});

Deno.test("squeeze() rejects an axis that is larger, and one that is not there", () => {
  const larger = assertThrows(
    () => zeros([1, 2]).squeeze([0, 1]),
    TensorError,
    "found axis 1 of shape [1,2], wanted axes of size 1",
  );
  assertEquals(larger.code, "ATTRIBUTE_INVALID");
  const missing = assertThrows(() => zeros([1]).squeeze(1), ShapeError);
  assertEquals(missing.code, "AXIS_RANGE");
});

Deno.test("unsqueeze() rejects axes that are not in the result, or twice", () => {
  const missing = assertThrows(() => zeros([2]).unsqueeze(2), ShapeError);
  assertEquals(missing.code, "AXIS_RANGE");
  const twice = assertThrows(
    () => zeros([2]).unsqueeze([0, -3]),
    TensorError,
    "wanted each axis at most once",
  );
  assertEquals(twice.code, "ATTRIBUTE_INVALID");
  const all = assertThrows(
    () => zeros([2]).unsqueeze(JSON.parse("null")),
    TensorError,
    "found null",
  );
  assertEquals(all.code, "ATTRIBUTE_INVALID");
});
