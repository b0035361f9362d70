import { assertEquals } from "@std/assert";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";

// Expected values: from exp(ln k) = k.
Deno.test("silu() weighs by the logistic function", async () => {
  const y = tensor(Float64Array.of(0, Math.log(3), -Math.log(4))).silu();
  assertClose(await computeElements(y), [
    0,
    0.75 * Math.log(3),
    -0.2 * Math.log(4),
  ], { tolerance: 1e-12 });
});

Deno.test("silu() makes whole numbers fractions, and keeps shapes", () => {
  const y = tensor([[1, 2]], { dtype: "int32" }).silu();
  assertEquals([y.dtype, y.shape], ["float32", [1, 2]]);
});

Deno.test("silu() has the gradient of central differences", async () => {
  await assertGradients((x) => x!.silu(), [tensor([-2, -0.3, 0, 0.7, 3])]);
});
