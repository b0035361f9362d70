import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, ShapeError } from "../../core/base/mod.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";

// Expected values: worked by hand.
Deno.test("oneHot() is 1 where the index points, and 0 where it points nowhere", async () => {
  const x = tensor([[2, 0], [-1, 3]], { dtype: "int32" });
  const y = x.oneHot(3);
  assertEquals(y.dtype, "float32");
  assertEquals(await y.array(), [
    [[0, 0, 1], [1, 0, 0]],
    [[0, 0, 0], [0, 0, 0]],
  ]);
});

Deno.test("oneHot() of a number is a line, of nothing nothing", async () => {
  const one = tensor(1, { dtype: "int32" });
  assertEquals(await one.oneHot(2).array(), [0, 1]);
  assertEquals(one.oneHot(0).shape, [0]);
});

Deno.test("oneHot() rejects fractions and sizes that are none", () => {
  assertThrows(
    () => tensor([1]).oneHot(2),
    DTypeError,
    'Cannot apply oneHot to "float32": the dtype must be "int32"',
  );
  const x = tensor([1], { dtype: "int32" });
  assertThrows(() => x.oneHot(-1), ShapeError);
  assertThrows(() => x.oneHot(1.5), TensorError);
});
