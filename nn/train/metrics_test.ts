import { assertEquals } from "@std/assert";
import { tensor } from "../../ops/mod.ts";
import { batchMetrics } from "./metrics.ts";

Deno.test("batchMetrics() counts what is right, a sequence by the share of its places", async () => {
  const loss = tensor(1);
  const flat = batchMetrics(loss, {
    prediction: tensor([[3, 1], [1, 2], [5, 4]]),
    target: tensor([0, 0, 0], { dtype: "int32" }),
  });
  assertEquals(await flat.correct!.item(), 2);
  const sequences = batchMetrics(loss, {
    prediction: tensor([[[3, 1], [1, 2]], [[1, 2], [2, 1]]]),
    target: tensor([[0, 0], [1, 0]], { dtype: "int32" }),
  });
  assertEquals(await sequences.correct!.item(), 1.5);
});

Deno.test("batchMetrics() counts nothing where there are no classes", () => {
  const loss = tensor(1);
  const x = tensor([[1, 2]]);
  assertEquals(batchMetrics(loss, { prediction: x, target: x }), { loss });
});
