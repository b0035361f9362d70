// What a description says of metrics, augmentations and how weights start.

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Tensor } from "../../ops/mod.ts";
import { ArrayDataset } from "../data/array_dataset.ts";
import { DataLoader } from "../data/data_loader.ts";
import { inTurn } from "../data/augment.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { NnError } from "../errors.ts";
import type { InitialNumbers } from "../initializers/initializer.ts";
import { Linear } from "../layers/linear.ts";
import type { CheckpointStore } from "../train/checkpoint_store.ts";
import { Trainer } from "../train/trainer.ts";
import { buildPipeline } from "./build_pipeline.ts";
import { parsePipeline } from "./parse_pipeline.ts";
import { printConfig } from "./print_config.ts";
import { toPipeline } from "./to_pipeline.ts";

const registry = createModuleRegistry();

const TEXT = `
modules:
  - linear: { inFeatures: 2, outFeatures: 3, init: orthogonal }
  - linear:
      inFeatures: 3
      outFeatures: 3
      init: { name: truncated_normal, gain: 0.5 }
loss: cross_entropy
optimizer: { sgd: { learningRate: 0.1 } }
metrics:
  - f1_score
  - { type: top_k_accuracy, id: top2, config: { k: 2 } }
  - confusion_matrix
augmentations:
  - gaussian_noise: { deviation: 0.5 }
`;

const DATA = new DataLoader(
  new ArrayDataset({
    inputs: Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * i)),
    inputShape: [2],
    targets: Int32Array.from({ length: 20 }, (_, i) => i % 3),
  }),
  { batchSize: 8 },
);

function issuesOf(text: string) {
  const error = assertThrows(() => parsePipeline(text, registry), NnError);
  return (error.details["issues"] as {
    path: string;
    code: string;
    message: string;
    hint?: string;
  }[]);
}

Deno.test("Trainer measures the metrics that a description names, in training and evaluation", async () => {
  const description = parsePipeline(TEXT, registry);
  const { model, loss, optimizer, metrics } = await buildPipeline(
    description,
    registry,
  );
  assertEquals(Object.keys(metrics), ["f1_score", "top2", "confusion_matrix"]);
  using trainer = new Trainer({
    model,
    loss: loss!,
    optimizer: optimizer!,
    metrics,
  });
  const { epochs } = await trainer.fit(DATA, { epochs: 2, validation: DATA });
  const [, last] = epochs;
  const measured = await trainer.evaluate(DATA);
  assertEquals(measured, last!.validation);
  const { f1_score, top2, confusion_matrix } = measured.metrics!;
  const counts = confusion_matrix as number[][];
  assertEquals(counts.flat().reduce((sum, count) => sum + count), 20);
  const right = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  assertAlmostEquals(measured.accuracy!, right / 20, 1e-6);
  assert(top2 as number >= right / 20 && top2 as number <= 1);
  assert(f1_score as number >= 0 && f1_score as number <= 1);
  assertEquals(Object.keys(last!.metrics!), Object.keys(metrics));
});

Deno.test("Trainer.resume() takes the sums of metrics up in the middle of a pass", async () => {
  let kept: Uint8Array<ArrayBuffer> | undefined;
  const store: CheckpointStore = {
    write: (bytes) => Promise.resolve(void (kept ??= bytes)),
    read: () => Promise.resolve(kept),
  };
  const run = async (options: { readonly isCut: boolean }) => {
    const recipe = await buildPipeline(
      parsePipeline(TEXT, registry),
      registry,
    );
    using trainer = new Trainer({
      ...recipe,
      loss: recipe.loss!,
      optimizer: recipe.optimizer!,
    });
    if (!options.isCut) await trainer.resume(store);
    const checkpoint = { store, everySteps: 2 };
    return await trainer.fit(DATA, { epochs: 2, checkpoint });
  };
  // The first checkpoint, after two of three batches, is the one that is kept.
  const whole = await run({ isCut: true });
  const resumed = await run({ isCut: false });
  const measures = ({ epochs }: typeof whole) =>
    epochs.map(({ durationMs: _, ...rest }) => rest);
  assertEquals(measures(resumed), measures(whole));
});

Deno.test("buildPipeline() makes augmentations in their order", async () => {
  const { augmentations } = await buildPipeline(
    parsePipeline(TEXT, registry),
    registry,
  );
  const sample = {
    input: { shape: [1, 2], data: Float32Array.of(1, 2) },
    target: { shape: [], data: Int32Array.of(0) },
  };
  const changed = inTurn(augmentations)(sample, [1, 2]);
  assert(changed.input.data[0] !== 1);
});

Deno.test("parsePipeline() reads how weights start, by the settings of the initializer", async () => {
  const description = parsePipeline(TEXT, registry);
  assertEquals(
    description.modules.map((item) =>
      "config" in item && Reflect.get(item.config, "init")
    ),
    ["orthogonal", { name: "truncated_normal", gain: 0.5 }],
  );
  const { model } = await buildPipeline(description, registry);
  assertEquals(toPipeline(model, registry).modules, description.modules);
  const weight = await model.parameters().get("1.linear.weight")!.data();
  assert(weight.every((x) => Math.abs(Number(x)) <= 1));
  assertEquals(
    parsePipeline(printConfig(TEXT, registry), registry),
    description,
  );
});

Deno.test("parsePipeline() says what is wrong with initializers, metrics and augmentations, with the others", () => {
  const issues = issuesOf(`
modules:
  - linear: { inFeatures: 2, outFeatures: 2, init: kaiming_norml }
  - linear: { inFeatures: 2, outFeatures: 2, init: { name: kaiming_normal, gain: -1 } }
  - linear: { inFeatures: 2, outFeatures: 2, init: { name: zeros, gain: 1 } }
  - linear: { inFeatures: 2, outFeatures: 2, init: sgd }
  - linear: { inFeatures: 2, outFeatures: 2, init: 5 }
metrics: [mse, accuracy, accuracy]
augmentations: [{ random_flip: { probability: 2 } }]
`);
  assertEquals(issues.map(({ path, code }) => [path, code]), [
    ["augmentations[0].random_flip.probability", "CONFIG_INVALID"],
    ["metrics[0]", "MODULE_UNKNOWN"],
    ["metrics[2]", "DUPLICATE_ID"],
    ["modules[0].linear.init", "MODULE_UNKNOWN"],
    ["modules[1].linear.init.gain", "CONFIG_INVALID"],
    ["modules[2].linear.init.gain", "UNKNOWN_KEY"],
    ["modules[3].linear.init", "MODULE_UNKNOWN"],
    ["modules[4].linear.init", "CONFIG_INVALID"],
  ]);
  assertStringIncludes(issues[3]!.hint!, "kaiming_normal");
});

Deno.test("an initializer that is registered starts the weights of layers, and is gone when it is", async () => {
  const registry = createModuleRegistry();
  const registration = registry.register({
    type: "acme:lecun_normal",
    description: "Normal weights that keep sizes.",
    category: "Initializer",
    config: {
      type: "object",
      properties: { spread: { type: "number", default: 1 } },
    },
    create: (config) => ({ normal, fanIn }: InitialNumbers): Tensor =>
      normal.mul(Reflect.get(config, "spread")).div(fanIn.sqrt()),
  });
  const text = `
modules:
  - linear:
      inFeatures: 400
      outFeatures: 100
      init: { name: "acme:lecun_normal", spread: 3 }
`;
  const description = parsePipeline(text, registry);
  const { model } = await buildPipeline(description, registry);
  const weight = await model.parameters().get("0.linear.weight")!.data();
  const squares = Array.from(weight, (x) => Number(x) ** 2);
  const variance = squares.reduce((sum, x) => sum + x) / squares.length;
  assertAlmostEquals(variance, 9 / 400, 1e-3);
  assertEquals(toPipeline(model, registry).modules, description.modules);
  registration[Symbol.dispose]();
  const error = assertThrows(() => parsePipeline(text, registry), NnError);
  assertStringIncludes(error.message, "acme:lecun_normal");
});

Deno.test("toPipeline() refuses a layer whose rule no type makes", () => {
  const layer = new Linear({
    inFeatures: 2,
    outFeatures: 2,
    init: ({ uniform }) => uniform,
  });
  const error = assertThrows(() => toPipeline(layer, registry), NnError);
  assertEquals(error.code, "NOT_SERIALIZABLE");
});
