import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../core/base/mod.ts";
import { ones, tensor } from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { BatchNorm1d, BatchNorm2d } from "./batch_norm.ts";

Deno.test("BatchNorm1d uses what it has seen, once it is in use", async () => {
  const layer = new BatchNorm1d({ features: 2, momentum: 0.5, epsilon: 0 });
  layer.forward(tensor([[0, 10], [4, 30]]));
  await layer.storeUpdates();
  // Means 2 and 20, unbiased variances 8 and 200, half of them beside the first 0 and 1.
  assertClose(await layer.runningMean.data(), [1, 10]);
  assertClose(await layer.runningVariance.data(), [4.5, 100.5]);
  layer.eval();
  const y = layer.forward(tensor([[1, 20]]));
  assertClose(await y.data(), [0, 10 / Math.sqrt(100.5)], { tolerance: 1e-6 });
  assertEquals(layer.takeUpdates().size, 0);
});

Deno.test("BatchNorm1d that stands in two places notes both", async () => {
  const layer = new BatchNorm1d({ features: 1, momentum: 0.5 });
  layer.forward(tensor([[3], [5]]));
  layer.forward(tensor([[7], [9]]));
  await layer.storeUpdates();
  assertClose(await layer.runningMean.data(), [0.25 * 4 + 0.5 * 8]);
});

Deno.test("BatchNorm1d takes lines of channels", () => {
  const layer = new BatchNorm1d({ features: 3 });
  assertEquals(layer.forward(ones([2, 3, 5])).shape, [2, 3, 5]);
});

Deno.test("BatchNorm2d keeps running numbers in the state dict, out of gradients", () => {
  const layer = new BatchNorm2d({ features: 3 });
  assertEquals([...layer.stateDict().keys()], [
    "weight",
    "bias",
    "runningMean",
    "runningVariance",
  ]);
  const trained = [...layer.parameters()].filter(([, { trainable }]) =>
    trainable
  );
  assertEquals(trained.map(([name]) => name), ["weight", "bias"]);
  const plain = new BatchNorm2d({ features: 3, affine: false });
  assertEquals(plain.weight, undefined);
});

Deno.test("BatchNorm rejects shapes that it does not take", () => {
  const uses = [
    () => new BatchNorm1d({ features: 3 }).forward(ones([2, 4])),
    () => new BatchNorm1d({ features: 3 }).forward(ones([2, 3, 4, 5])),
    () => new BatchNorm2d({ features: 3 }).forward(ones([2, 3])),
    () => new BatchNorm1d({ features: 3 }).forward(ones([1, 3])),
  ];
  for (const use of uses) {
    assertEquals(assertThrows(use, ShapeError).code, "SHAPE_MISMATCH");
  }
});

Deno.test.each([{ features: 0 }, { features: 2, momentum: -1 }, {
  features: 2,
  epsilon: NaN,
}])("BatchNorm rejects %j", (config) => {
  const error = assertThrows(() => new BatchNorm1d(config), OptionError);
  assertEquals(error.code, "INVALID_OPTION");
});
