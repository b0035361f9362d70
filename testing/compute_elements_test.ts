import { assertEquals } from "@std/assert";
import { createReferenceBackend } from "../kernels/reference/mod.ts";
import { tensor, zeros } from "../ops/mod.ts";
import { computeElements } from "./compute_elements.ts";

Deno.test("computeElements() gives float64, row by row", async () => {
  const x = tensor([[1, 2], [3, 4]]).transpose().div(3);
  assertEquals(
    await computeElements(x),
    Float64Array.of(1 / 3, 3 / 3, 2 / 3, 4 / 3),
  );
});

Deno.test("computeElements() computes where it is told to", async () => {
  await using backend = createReferenceBackend({ precision: "float32" });
  const x = tensor(1).div(3);
  assertEquals(
    await computeElements(x, { backend }),
    Float64Array.of(Math.fround(1 / 3)),
  );
  // Nothing was kept: here it is computed anew.
  assertEquals(await computeElements(x), Float64Array.of(1 / 3));
  assertEquals(x.node.kind, "apply");
});

Deno.test("computeElements() reads a scalar, nothing, and data", async () => {
  assertEquals(await computeElements(zeros([])), Float64Array.of(0));
  assertEquals(await computeElements(zeros([2, 0])), Float64Array.of());
  const x = tensor([5]);
  assertEquals(await computeElements(x), Float64Array.of(5));
  assertEquals(await computeElements(x), Float64Array.of(5));
});
