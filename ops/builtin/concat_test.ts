import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../core/base/mod.ts";
import { assertGradients } from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import { concat, stack } from "../join_tensors.ts";
import type { Tensor } from "../tensor.ts";

const A = tensor([[1, 2], [3, 4]]);
const B = tensor([[5, 6]]);

// Expected values: worked by hand.
Deno.test("concat() joins along an axis", async () => {
  assertEquals(await concat([A, B]).array(), [[1, 2], [3, 4], [5, 6]]);
  assertEquals(await concat([A, A], -1).array(), [[1, 2, 1, 2], [3, 4, 3, 4]]);
  assertEquals(await A.concat(B).array(), await concat([A, B]).array());
  assertEquals(await A.concat([B, B]).array(), await concat([A, B, B]).array());
  assertEquals(await concat([A]).array(), await A.array());
  assertEquals(await concat([zeros([0, 2]), B]).array(), [[5, 6]]);
});

Deno.test("stack() joins along a new axis", async () => {
  const [x, y] = [tensor([1, 2]), tensor([3, 4])];
  assertEquals(await stack([x, y]).array(), [[1, 2], [3, 4]]);
  assertEquals(await stack([x, y], -1).array(), [[1, 3], [2, 4]]);
  assertEquals(await x.stack(y, 1).array(), [[1, 3], [2, 4]]);
  assertEquals(await stack([tensor(1), tensor(2)]).array(), [1, 2]);
});

Deno.test("concat() and stack() bring dtypes to the widest", () => {
  const [truth, whole] = [
    zeros([2], { dtype: "bool" }),
    arange(0, 2, { dtype: "int32" }),
  ];
  assertEquals(concat([truth, whole]).dtype, "int32");
  assertEquals(stack([whole, tensor([0.5, 1])]).dtype, "float32");
  assertEquals(concat([truth, truth]).dtype, "bool");
});

Deno.test("stack() joins more tensors than one kernel takes", async () => {
  const parts = Array.from({ length: 70 }, (_, i) => tensor([i, -i]));
  const want = parts.map((_, i) => [i, -i === 0 ? 0 : -i]);
  assertEquals(await stack(parts).array(), want);
});

Deno.test("concat() and stack() have the gradients of central differences", async () => {
  await assertGradients((a, b) => concat([a!.mul(a!), b!.sin()]), [A, B]);
  await assertGradients((a, b) => concat([a!, b!, a!.mul(b!)], 0), [A, B]);
  await assertGradients((a) => stack([a!.mul(a!), a!.sin()], 1), [A]);
});

Deno.test.each<{ shapes: [number[], number[]]; axis: number }>([
  { shapes: [[2, 3], [2, 4]], axis: 0 },
  { shapes: [[2, 3], [3]], axis: 0 },
  { shapes: [[2], [2, 1]], axis: 0 },
])("concat() rejects $shapes along $axis", ({ shapes, axis }) => {
  const error = assertThrows(
    () => concat(shapes.map((shape) => zeros(shape)), axis),
    ShapeError,
    `ranks, and sizes at all axes but ${axis}, must be equal`,
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("stack() rejects shapes that differ", () => {
  const error = assertThrows(
    () => stack([A, B]),
    ShapeError,
    "[2,2] and [1,2]",
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("concat() and stack() reject an axis that is not there", () => {
  for (
    const call of [
      () => concat([A, B], 2),
      () => stack([A, A], 3),
      () => concat([tensor(1)]),
    ]
  ) {
    const error = assertThrows(call, ShapeError);
    assertEquals(error.code, "AXIS_RANGE");
  }
});

Deno.test("concat() and stack() reject what is no list of tensors", () => {
  for (const join of [concat, stack]) {
    const none = assertThrows(() => join([]), TensorError);
    assertEquals(none.code, "OPERATOR_ARITY");
    for (const wrong of [A, [A, 1], undefined]) {
      const error = assertThrows(() => join(wrong as Tensor[]), OptionError);
      assertEquals(error.code, "INVALID_OPTION");
    }
  }
});
