import { assertEquals } from "@std/assert";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";

// Expected values: x Φ(x) from tables of the normal distribution (Abramowitz and Stegun, table 26.1).
Deno.test("gelu() weighs by the normal distribution", async () => {
  const y = tensor([-3, -1, 0, 0.5, 1, 2]).gelu();
  assertClose(await computeElements(y), [
    -3 * 0.001349898032,
    -0.158655253931,
    0,
    0.5 * 0.691462461274,
    0.841344746069,
    2 * 0.977249868052,
  ], { tolerance: 1e-11 });
});

Deno.test("gelu() makes whole numbers fractions, and keeps shapes", () => {
  const y = tensor([[1, 2]], { dtype: "int32" }).gelu();
  assertEquals([y.dtype, y.shape], ["float32", [1, 2]]);
});

Deno.test("gelu() has the gradient of central differences", async () => {
  await assertGradients((x) => x!.gelu(), [tensor([-2, -0.3, 0, 0.7, 3])]);
});
