import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../core/base/mod.ts";
import { tensor, zeros } from "../../ops/mod.ts";
import { assertGradients } from "../../testing/mod.ts";
import type { LossOptions } from "./loss.ts";
import { mse } from "./mse.ts";

Deno.test.each<{ reduction: LossOptions["reduction"]; want: unknown }>([
  { reduction: "mean", want: 2.5 },
  { reduction: "sum", want: 5 },
  { reduction: "none", want: [4, 1] },
])("mse() with reduction $reduction", async ({ reduction, want }) => {
  const loss = mse(tensor([3, 1]), tensor([1, 2]), { reduction: reduction! });
  assertEquals(await loss.array(), want);
});

Deno.test("mse() takes the mean if nothing else is asked for", async () => {
  assertEquals(await mse(tensor([[2], [0]]), tensor([[0], [0]])).item(), 2);
});

Deno.test("mse() has gradients that agree with central differences", async () => {
  await assertGradients((x, y) => mse(x!, y!), [
    tensor([[1, -2], [0.5, 3]]),
    tensor([[0, 1], [2, -1]]),
  ]);
});

Deno.test("mse() refuses to broadcast", () => {
  const error = assertThrows(() => mse(zeros([3, 1]), zeros([3])), ShapeError);
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("mse() rejects a reduction that there is not", () => {
  const options: LossOptions = JSON.parse('{"reduction": "max"}');
  const error = assertThrows(
    () => mse(zeros([1]), zeros([1]), options),
    OptionError,
    '"mean", "sum" or "none"',
  );
  assertEquals(error.code, "INVALID_OPTION");
});
