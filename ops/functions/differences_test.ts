// Oracle: NumPy 2.4, numpy.diff.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assertGradients } from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { diff } from "./differences.ts";

const X = tensor([[1, 3, 6, 10], [0, 5, 6, 8]]);

Deno.test("diff() has the values of NumPy", async () => {
  assertEquals(await diff(X).array(), [[2, 3, 4], [5, 1, 2]]);
  assertEquals(await diff(X, 0).array(), [[-1, 2, 0, -2]]);
  assertEquals(await diff(X, 1, { order: 2 }).array(), [[1, 1], [-4, 1]]);
  assertEquals(await diff(X, 1, { order: 0 }).array(), await X.array());
  assertEquals(diff(X, 0, { order: 5 }).shape, [0, 4]);
  assertEquals(diff(zeros([0, 2], { dtype: "int32" }), 0).shape, [0, 2]);
});

Deno.test("diff() has the gradient of central differences", async () => {
  await assertGradients((x) => diff(x!, -1, { order: 2 }).exp(), [
    tensor([0.5, 0.1, 0.4, 0.8]),
  ]);
});

Deno.test("diff() refuses an order that is none, and an axis that there is not", () => {
  for (const order of [-1, 0.5, 65, NaN, "1"]) {
    const error = assertThrows(() => diff(X, 0, { order: order as number }));
    assert(isCoded(error) && error.code === "INVALID_OPTION");
  }
  const error = assertThrows(() => diff(X, 2));
  assert(isCoded(error) && error.code === "AXIS_RANGE");
});
