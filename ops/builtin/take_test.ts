import { assertEquals, assertThrows } from "@std/assert";
import { type DType, DTypeError, ShapeError } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { tensor } from "../create.ts";

const X = [[10, 11], [20, 21], [30, 31]];

// Expected values: as NumPy's take, worked by hand.
Deno.test.each<{
  name: string;
  indices: number | number[] | number[][];
  axis: number;
  shape: number[];
  want: number[];
}>([
  { name: "one slice", indices: 2, axis: 0, shape: [2], want: [30, 31] },
  {
    name: "slices, one twice",
    indices: [1, 1],
    axis: 0,
    shape: [2, 2],
    want: [20, 21, 20, 21],
  },
  {
    name: "the last axis",
    indices: [1],
    axis: -1,
    shape: [3, 1],
    want: [11, 21, 31],
  },
  {
    name: "a matrix of indices",
    indices: [[0], [-1]],
    axis: 0,
    shape: [2, 1, 2],
    want: [10, 11, 30, 31],
  },
  {
    name: "indices outside",
    indices: [3, 0],
    axis: 0,
    shape: [2, 2],
    want: [NaN, NaN, 10, 11],
  },
  { name: "no indices", indices: [], axis: 1, shape: [3, 0], want: [] },
])("take() $name", async ({ indices, axis, shape, want }) => {
  const y = tensor(X).take(tensor(indices, { dtype: "int32" }), axis);
  assertEquals(y.shape, shape);
  assertEquals([...await computeElements(y)], want);
});

Deno.test("take() takes along the first axis unless told otherwise, and keeps the dtype", () => {
  const x = tensor(X, { dtype: "int32" });
  const y = x.take(tensor([0], { dtype: "int32" }));
  assertEquals(y.shape, [1, 2]);
  assertEquals(y.dtype, "int32");
});

Deno.test("take() rejects indices that are not int32, and axes that there are not", () => {
  assertThrows(
    () => tensor(X).take(tensor([0])),
    DTypeError,
    'Cannot apply take to "float32": the dtype must be "int32"',
  );
  const error = assertThrows(
    () => tensor(1).take(tensor([0], { dtype: "int32" })),
    ShapeError,
    "Cannot apply take at axis 0 of shape []",
  );
  assertEquals(error.code, "AXIS_RANGE");
});

Deno.test.each([{ axis: 0 }, { axis: 1 }])(
  "take() has the gradient of central differences along axis $axis",
  async ({ axis }) => {
    const indices = tensor([[1, 0], [1, -1]], { dtype: "int32" });
    await assertGradients((x) => x!.take(indices, axis), [tensor(X)]);
  },
);

// Oracle: rows cut out one by one.
Deno.test.each<{ dtype: DType; missing: number }>([
  { dtype: "float32", missing: NaN },
  { dtype: "int32", missing: 0 },
  { dtype: "bool", missing: 0 },
])("take() of whole rows on the default backend, $dtype", async (row) => {
  const { dtype, missing } = row;
  const [rows, columns] = [9, 23];
  const elements = Float64Array.from(
    { length: rows * columns },
    (_, i) => dtype === "bool" ? i % 3 % 2 : i,
  );
  const x = tensor(elements, { shape: [rows, columns], dtype });
  const indices = [3, -1, 8, 9, 0, -9, -10, 3];
  const y = x.take(tensor(indices, { dtype: "int32" }));
  const want = indices.flatMap((index) => {
    const at = index < 0 ? index + rows : index;
    return at < 0 || at >= rows
      ? new Array<number>(columns).fill(missing)
      : [...elements.subarray(at * columns, (at + 1) * columns)];
  });
  assertEquals([...await y.data()], want);
});
