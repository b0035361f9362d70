import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";

// Expected values: worked by hand; the row has mean 3 and variance 14/3.
Deno.test("layerNorm() brings each row to mean 0 and variance 1", async () => {
  const spread = Math.sqrt(14 / 3);
  const y = tensor([[1, 2, 6], [4, 4, 4]]).layerNorm(-1, { epsilon: 1e-12 });
  assertClose(
    await computeElements(y),
    [-2 / spread, -1 / spread, 3 / spread, 0, 0, 0],
    { tolerance: 1e-10 },
  );
});

Deno.test("layerNorm() does not move when a row is shifted or scaled", async () => {
  for (let seed = 0; seed < 10; seed++) {
    const x = tensor(randomArray(12, seed), { shape: [3, 4] });
    const want = x.layerNorm(-1, { epsilon: 0 });
    const got = x.mul(3).add(7).layerNorm(-1, { epsilon: 0 });
    assertClose(await computeElements(got), await computeElements(want), {
      tolerance: 1e-9,
      seed,
    });
  }
});

Deno.test("layerNorm() works along the axes it is given", async () => {
  const x = tensor(randomArray(12, 3), { shape: [3, 4] });
  const y = x.layerNorm([0, 1]);
  assertClose(await computeElements(y.mean()), [0]);
  const columns = x.layerNorm(0).transpose();
  assertClose(
    await computeElements(columns),
    await computeElements(x.transpose().layerNorm(1)),
  );
});

Deno.test("layerNorm() has the gradient of central differences", async () => {
  const x = tensor(randomArray(6, 1), { shape: [2, 3] });
  await assertGradients((x) => x!.layerNorm(), [x]);
  await assertGradients((x) => x!.layerNorm(0, { epsilon: 0.5 }), [x]);
});

Deno.test("layerNorm() reports a wrong axis or epsilon at the call", () => {
  const x = tensor([1, 2]);
  assertEquals(
    assertThrows(() => x.layerNorm(1), ShapeError).code,
    "AXIS_RANGE",
  );
  for (const epsilon of [-1, NaN]) {
    const error = assertThrows(() => x.layerNorm(0, { epsilon }), TensorError);
    assertEquals(error.code, "ATTRIBUTE_INVALID");
  }
});
