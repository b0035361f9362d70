// Oracle: PyTorch 1.13, torch.nn.functional; conv3d has goldens of its own in tests/goldens.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assertClose, assertGradients } from "../../testing/mod.ts";
import { arange, tensor } from "../create.ts";
import { avgPool3d, conv3d, maxPool3d } from "./volumes.ts";

const X = arange(0, 72).mul(0.3).sin().reshape([1, 2, 3, 4, 3]);
const WEIGHT = arange(0, 32).cos().reshape([2, 2, 2, 2, 2]);

Deno.test("conv3d() has the values of PyTorch, with a bias", async () => {
  const y = conv3d(X, WEIGHT, {
    bias: tensor([0.5, -1]),
    stride: [1, 2, 1],
    padding: [1, 0, 1],
  });
  assertEquals(y.shape, [1, 2, 4, 2, 4]);
  assertClose(
    (await y.data()).slice(0, 6),
    [0.779274, 0.611787, 0.567038, 0.276917, 0.518332, 0.34359],
    { tolerance: 1e-5 },
  );
  const same = conv3d(X, WEIGHT, { padding: "same" });
  assertEquals(same.shape, [1, 2, 3, 4, 3]);
});

Deno.test("conv3d() has the gradient of central differences", async () => {
  await assertGradients((x, weight) => conv3d(x!, weight!, { padding: 1 }), [
    arange(0, 12).sin().reshape([1, 1, 2, 3, 2]),
    arange(0, 8).cos().reshape([1, 1, 2, 2, 2]),
  ]);
});

Deno.test("maxPool3d() and avgPool3d() have the values of PyTorch", async () => {
  const largest = maxPool3d(X, 2);
  assertEquals(largest.shape, [1, 2, 1, 2, 1]);
  assertClose(
    await largest.data(),
    [0.932039, 0.973848, 0.965658, 0.943696],
    { tolerance: 1e-5 },
  );
  const means = avgPool3d(X, [2, 2, 1], { stride: 1, padding: [1, 0, 0] });
  assertEquals(means.shape, [1, 2, 4, 3, 3]);
  assertClose(
    (await means.data()).slice(0, 6),
    [0.195832, 0.30689, 0.390534, 0.439294, 0.448812, 0.41824],
    { tolerance: 1e-5 },
  );
});

Deno.test("volumes: what does not fit is refused with a code", () => {
  const rows: [string, () => unknown][] = [
    ["SHAPE_MISMATCH", () => conv3d(X, WEIGHT.reshape([4, 2, 2, 2]))],
    ["SHAPE_MISMATCH", () => conv3d(X, WEIGHT, { bias: tensor([1]) })],
    ["INVALID_OPTION", () => conv3d(X, 1 as never)],
    ["INVALID_OPTION", () => maxPool3d(X, [2, 2])],
    ["INVALID_OPTION", () => avgPool3d(X, "2" as never)],
    ["ATTRIBUTE_INVALID", () => maxPool3d(X, 9)],
  ];
  for (const [code, call] of rows) {
    const error = assertThrows(call);
    assertEquals(isCoded(error) && error.code, code);
    assert(error instanceof Error);
  }
});
