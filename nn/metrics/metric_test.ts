// Metrics of several batches are those of all samples at once: the functions themselves, applied to all, are
// the oracle; for F1 the mean of the batches' scores is another number.

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { randomNormal, type Tensor, tensor } from "../../ops/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { assertBuilt } from "../discovery/assert_built.ts";
import {
  accuracy,
  confusionMatrix,
  f1Score,
  perplexity,
  topKAccuracy,
} from "./classification.ts";
import { mae } from "../losses/mae.ts";
import { mse } from "../losses/mse.ts";
import type { Metric } from "./metric.ts";

const CLASSES = tensor(Int32Array.of(0, 1, 2, 2, 1, 0, 0, 2));
const SCORES = randomNormal([8, 3], { key: 11 });
const NUMBERS = randomNormal([8, 3], { key: 12 });

const registry = createModuleRegistry();

/** Measures a first batch of 5 and a second of 3. */
async function measured(
  metric: Metric,
  prediction: Tensor,
  target: Tensor,
): Promise<unknown> {
  const [one, other] = [[0, 5], [5, 8]].map((range) =>
    metric.measure(
      prediction.slice([range as [number, number]]),
      target.slice([range as [number, number]]),
    ).cast("float32")
  );
  return await metric.result(one!.add(other!)).array();
}

async function create(type: string, config = {}): Promise<Metric> {
  return assertBuilt(type, await registry.create(type, config), "metric");
}

Deno.test.each<{
  type: string;
  config?: object;
  target?: Tensor;
  whole: (prediction: Tensor, target: Tensor) => Tensor;
}>([
  { type: "accuracy", whole: accuracy },
  {
    type: "top_k_accuracy",
    config: { k: 2 },
    whole: (x, y) => topKAccuracy(x, y, { k: 2 }),
  },
  { type: "f1_score", whole: (x, y) => f1Score(confusionMatrix(x, y)) },
  {
    type: "f1_score",
    config: { average: "micro" },
    whole: (x, y) => f1Score(confusionMatrix(x, y), { average: "micro" }),
  },
  { type: "perplexity", whole: perplexity },
  { type: "mean_absolute_error", target: NUMBERS, whole: mae },
  {
    type: "root_mean_squared_error",
    target: NUMBERS,
    whole: (x, y) => mse(x, y).sqrt(),
  },
])(
  "$type by name measures batches of two sizes as it measures all samples",
  async ({ type, config, target = CLASSES, whole }) => {
    const got = await measured(await create(type, config), SCORES, target);
    assertAlmostEquals(
      got as number,
      await whole(SCORES, target).item(),
      1e-6,
    );
  },
);

Deno.test("confusion_matrix by name adds batches up", async () => {
  assertEquals(
    await measured(await create("confusion_matrix"), SCORES, CLASSES),
    await confusionMatrix(SCORES, CLASSES).array(),
  );
});

Deno.test("ModuleDiscoveryRegistry.search() finds metrics, initializers and augmentations by words", () => {
  assertEquals(registry.search("metric accuracy"), [
    "accuracy",
    "top_k_accuracy",
  ]);
  assert(registry.search("initializer relu").includes("kaiming_normal"));
  assertEquals(registry.search("image mirrors"), ["random_flip"]);
  assertEquals(registry.search("no such thing"), []);
});
