import { assertEquals, assertThrows } from "@std/assert";
import { type DType, DTypeError, ShapeError } from "../../core/base/mod.ts";
import {
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { gradients } from "../gradients.ts";
import { Tensor } from "../tensor.ts";
import { scatterAdd, type ScatterAttributes } from "./scatter_add.ts";

function scatter(
  x: Tensor,
  index: number[] | number[][],
  attributes: ScatterAttributes,
): Tensor {
  const places = tensor(index, { dtype: "int32" });
  return new Tensor(scatterAdd(x.node, places.node, attributes));
}

// Expected values: worked by hand.
Deno.test("scatterAdd() adds what meets, and leaves 0 elsewhere", async () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]);
  const index = [[0, 3, 0], [1, 1, 1]];
  const y = scatter(x, index, { axis: 1, size: 4 });
  assertEquals(y.shape, [2, 4]);
  assertEquals([...await computeElements(y)], [4, 0, 0, 2, 0, 15, 0, 0]);
});

Deno.test("scatterAdd() counts negative indices from the end, and drops those outside", async () => {
  const y = scatter(tensor([1, 2, 3, 4]), [-1, 3, -4, 1], { axis: 0, size: 3 });
  assertEquals([...await computeElements(y)], [0, 4, 1]);
});

Deno.test("scatterAdd() keeps int32, which wraps around", async () => {
  const x = tensor([2 ** 31 - 1, 1], { dtype: "int32" });
  const y = scatter(x, [0, 0], { axis: 0, size: 1 });
  assertEquals(y.dtype, "int32");
  assertEquals([...await computeElements(y)], [-(2 ** 31)]);
});

Deno.test.each([
  { name: "nothing", shape: [0], size: 2, want: [0, 0] },
  { name: "into nothing", shape: [2], size: 0, want: [] },
])("scatterAdd() of $name", async ({ shape, size, want }) => {
  const x = tensor(new Float32Array(shape[0]!), { shape });
  const y = scatter(x, shape[0] === 0 ? [] : [0, 1], { axis: -1, size });
  assertEquals<unknown>([...await computeElements(y)], want);
});

Deno.test("scatterAdd() adds computed values, seen through views, along any axis", async () => {
  const x = tensor(randomArray(24, 8), { shape: [2, 3, 4] });
  const view = x.transpose([1, 2, 0]).mul(2);
  for (const axis of [0, 1, 2]) {
    const index = view.argmax(axis, { keepDims: true }).expand(view.shape);
    const y = new Tensor(scatterAdd(view.node, index.node, { axis, size: 5 }));
    const [want] = await evaluateTensors([y]);
    assertEquals(await computeElements(y), want!.elements);
  }
});

Deno.test("scatterAdd() rejects shapes, dtypes and axes that do not fit", () => {
  const x = tensor([1, 2]);
  const attributes = { axis: 0, size: 2 };
  const unequal = assertThrows(() => scatter(x, [0], attributes), ShapeError);
  assertEquals(unequal.code, "SHAPE_MISMATCH");
  assertThrows(
    () => new Tensor(scatterAdd(x.node, x.node, attributes)),
    DTypeError,
    'Cannot apply scatterAdd to "float32": the dtype must be "int32"',
  );
  assertThrows(
    () => scatter(x.cast("bool"), [0, 1], attributes),
    DTypeError,
    'Cannot apply scatterAdd to "bool": the dtype must be "int8" or "int32" or "float16" or "bfloat16" or "float32"',
  );
  const outside = assertThrows(
    () => scatter(x, [0, 1], { axis: 1, size: 2 }),
    ShapeError,
  );
  assertEquals(outside.code, "AXIS_RANGE");
  const negative = assertThrows(
    () => scatter(x, [0, 1], { axis: 0, size: -2 }),
    ShapeError,
  );
  assertEquals(negative.code, "SHAPE_INVALID");
});

Deno.test("scatterAdd() has the gradient of central differences, dropped elements included", async () => {
  const x = tensor(randomArray(6, 2), { shape: [2, 3] });
  const index = [[0, -1, 7], [1, 1, -9]];
  const attributes = { axis: 1, size: 3 };
  await assertGradients((x) => scatter(x!, index, attributes), [x]);
  await assertGradients((x) => {
    const y = scatter(x!, index, attributes);
    return gradients(y.mul(y).mul(y).sum(), [x!])[0]!;
  }, [x]);
});

Deno.test("scatterAdd() gives its own dtype", () => {
  for (const dtype of ["int32", "float32"] as DType[]) {
    const x = tensor([1], { dtype });
    assertEquals(scatter(x, [0], { axis: 0, size: 1 }).dtype, dtype);
  }
});
