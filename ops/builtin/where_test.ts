import { assertEquals, assertThrows } from "@std/assert";
import { type DType, DTypeError, ShapeError } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { tensor, where, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";

const CONDITION = tensor([true, false, true]);

Deno.test("where() chooses element by element, whatever is not chosen", async () => {
  const y = where(CONDITION, tensor([1, NaN, 3]), tensor([NaN, 5, 6]));
  assertEquals([...await computeElements(y)], [1, 5, 3]);
});

Deno.test("where() broadcasts all three", async () => {
  const condition = tensor([[true], [false]]);
  const y = where(condition, tensor([1, 2]), tensor([[[9]]]));
  assertEquals(y.shape, [1, 2, 2]);
  assertEquals([...await computeElements(y)], [1, 2, 9, 9]);
});

Deno.test.each<{ a: DType; b: DType; want: DType }>([
  { a: "bool", b: "bool", want: "bool" },
  { a: "bool", b: "int32", want: "int32" },
  { a: "float32", b: "int32", want: "float32" },
])("where() of $a and $b gives $want", async ({ a, b, want }) => {
  const y = where(
    CONDITION,
    tensor([1, 1, 0], { dtype: a }),
    tensor([0, 1, 1], { dtype: b }),
  );
  assertEquals(y.dtype, want);
  assertEquals([...await computeElements(y)], [1, 1, 0]);
});

Deno.test("where() takes numbers, which adapt to the tensor beside them", async () => {
  const whole = tensor([7, 8, 9], { dtype: "int32" });
  assertEquals(where(CONDITION, whole, 0).dtype, "int32");
  assertEquals(where(CONDITION, 0.5, whole).dtype, "float32");
  const y = where(CONDITION, 1, 2);
  assertEquals(y.dtype, "float32");
  assertEquals([...await computeElements(y)], [1, 2, 1]);
});

Deno.test("where() rejects a condition that is not bool, and shapes that do not broadcast", () => {
  assertThrows(
    () => where(zeros([3]), 1, 2),
    DTypeError,
    'Cannot apply where to "float32": the dtype must be "bool"',
  );
  for (const [a, b] of [[[2], [3]], [[2], []], [[], [2]]]) {
    const error = assertThrows(
      () => where(CONDITION, zeros(a!), zeros(b!)),
      ShapeError,
      "Cannot apply where to shapes",
    );
    assertEquals(error.code, "SHAPE_MISMATCH");
  }
});

Deno.test("where() has the gradients of central differences", async () => {
  const condition = tensor([[true, false], [false, true]]);
  await assertGradients(
    (a, b) => where(condition, a!, b!),
    [tensor([1, 2]), tensor([[3], [4]])],
  );
});

Deno.test("where() keeps the gradient of what is not chosen out, even if that is NaN", async () => {
  const x = tensor([0, 4]);
  // The usual guard: without it the slope of √x at 0 is infinite.
  const isSafe = x.greater(0);
  const y = where(isSafe, where(isSafe, x, 1).sqrt(), 0).sum();
  const [slope] = gradients(y, [x]);
  assertEquals([...await computeElements(slope!)], [0, 1 / 4]);
});
