import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { gradients } from "../gradients.ts";

Deno.test("relu() cuts off what is below 0, and passes NaN on", async () => {
  const x = tensor([[-1, 0, 2], [NaN, -Infinity, Infinity]]);
  const y = x.relu();
  assertEquals(y.shape, [2, 3]);
  assertEquals([...await computeElements(y)], [0, 0, 2, NaN, 0, Infinity]);
});

Deno.test("relu() keeps whole numbers, and rejects truth values", async () => {
  const y = tensor([-3, 3], { dtype: "int32" }).relu();
  assertEquals(y.dtype, "int32");
  assertEquals([...await computeElements(y)], [0, 3]);
  assertThrows(
    () => tensor([true]).relu(),
    DTypeError,
    'Cannot apply relu to "bool": the dtype must be "int8" or "int32" or "float16" or "bfloat16" or "float32"',
  );
});

Deno.test("relu() has the gradient of central differences, and 0 at its corner", async () => {
  await assertGradients((x) => x!.relu(), [tensor([-2, -0.1, 0.1, 3])]);
  const x = tensor([0, -0]);
  const [slope] = gradients(x.relu().sum(), [x]);
  assertEquals([...await computeElements(slope!)], [0, 0]);
});
