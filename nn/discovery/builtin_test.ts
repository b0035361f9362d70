import { assert, assertEquals } from "@std/assert";
import type { DType } from "../../core/base/mod.ts";
import { tensor, zeros } from "../../ops/mod.ts";
import { ArrayDataset } from "../data/array_dataset.ts";
import { DataLoader } from "../data/data_loader.ts";
import { Linear } from "../layers/linear.ts";
import { Module } from "../module.ts";
import { Trainer } from "../train/trainer.ts";
import { assertBuilt } from "./assert_built.ts";
import { BUILTIN_MODULES } from "./builtin.ts";
import { builtKind } from "./category.ts";
import { checkJsonSchema } from "./check_json_schema.ts";
import { createModuleRegistry } from "./create_module_registry.ts";
import type { Built } from "./definition.ts";
import type { ModuleDiscoveryRegistry } from "./registry.ts";

/** What a type is told, and applied to. */
interface Minimal {
  readonly config: object;
  readonly input: readonly number[];
  readonly dtype?: DType;
}

const IMAGES = [2, 3, 6, 5];
const CHANNELS = { inChannels: 3, outChannels: 2, kernelSize: 3 };

/** The least that a type must be told, and what it can be applied to. */
const MINIMAL: ReadonlyMap<string, Minimal> = new Map<string, Minimal>([
  ["accumulate_gradients", { config: { batches: 2 }, input: [] }],
  ["adaptive_avg_pool2d", { config: { outputSize: 2 }, input: IMAGES }],
  ["avg_pool2d", { config: { kernelSize: 2 }, input: IMAGES }],
  ["batch_norm1d", { config: { features: 3 }, input: [4, 3] }],
  ["batch_norm2d", { config: { features: 3 }, input: IMAGES }],
  ["conv1d", { config: CHANNELS, input: [2, 3, 7] }],
  ["conv2d", { config: CHANNELS, input: IMAGES }],
  ["conv_transpose2d", { config: CHANNELS, input: IMAGES }],
  ["early_stopping", { config: { patience: 2 }, input: [] }],
  ["embedding", {
    config: { numEmbeddings: 5, embeddingDim: 3 },
    input: [4, 2],
    dtype: "int32",
  }],
  ["flatten", { config: {}, input: [4, 3, 2] }],
  ["gaussian_noise", { config: { deviation: 0.1 }, input: [] }],
  ["group_norm", { config: { features: 3, groups: 1 }, input: IMAGES }],
  ["layer_norm", { config: { features: 3 }, input: [4, 3] }],
  ["linear", { config: { inFeatures: 3, outFeatures: 2 }, input: [4, 3] }],
  ["max_pool2d", { config: { kernelSize: 2 }, input: IMAGES }],
  ["multihead_attention", {
    config: { features: 4, heads: 2 },
    input: [2, 3, 4],
  }],
  ["conv3d", {
    config: { inChannels: 2, outChannels: 3, kernelSize: [2, 3, 3] },
    input: [1, 2, 4, 5, 6],
  }],
  ["gru", { config: { inputSize: 3, hiddenSize: 2 }, input: [4, 5, 3] }],
  ["instance_norm", { config: { features: 3 }, input: IMAGES }],
  ["lora_linear", {
    config: { inFeatures: 3, outFeatures: 2, rank: 1 },
    input: [4, 3],
  }],
  ["lstm", {
    config: { inputSize: 3, hiddenSize: 2, bidirectional: true },
    input: [4, 5, 3],
  }],
  ["separable_conv2d", {
    config: { inChannels: 3, outChannels: 2, kernelSize: 3, stride: 2 },
    input: IMAGES,
  }],
  ["sinusoidal_positions", { config: { features: 4 }, input: [2, 3, 4] }],
  ["transformer_decoder_layer", {
    config: { features: 4, heads: 2 },
    input: [2, 3, 4],
  }],
  ["random_shift", { config: { by: 1 }, input: [] }],
  ["rms_norm", { config: { features: 3 }, input: [4, 3] }],
  ["transformer_encoder_layer", {
    config: { features: 4, heads: 2 },
    input: [2, 3, 4],
  }],
  ["clip_gradients", { config: { norm: 1 }, input: [] }],
  ["coherence_scan", { config: {}, input: [2, 3, 4] }],
  ["hyperbolic_embedding", {
    config: { numEmbeddings: 5, embeddingDim: 3 },
    input: [4, 2],
    dtype: "int32",
  }],
  ["hyperbolic_linear", {
    config: { inFeatures: 3, outFeatures: 2 },
    input: [4, 3],
  }],
  ["hyperbolic_mlr", { config: { features: 3, classes: 2 }, input: [4, 3] }],
  ["topos_resonator", { config: { features: 3 }, input: [4, 3] }],
  ["step", { config: { every: 0.5 }, input: [] }],
  ["wave_gate", { config: { features: 3 }, input: [4, 3] }],
  ["zspace_layer_norm", { config: { features: 3 }, input: [4, 3] }],
  ["zspace_mixer", { config: { features: 3 }, input: [4, 3] }],
  ["unflatten", { config: { shape: [2, 3] }, input: [4, 6] }],
  ["zspace_coherence_sequencer", {
    config: { dim: 6, heads: 2 },
    input: [4, 6],
  }],
]);

Deno.test.each(BUILTIN_MODULES.map(({ type }) => ({ type })))(
  "module discovery: every pre-registered type: minimal config, JSON Schema valid, inferShape equals the real output shape, create∘toConfig round trip: $type",
  async ({ type }) => {
    const registry = createModuleRegistry();
    const { config, input, dtype = "float32" }: Minimal = MINIMAL.get(type) ??
      { config: {}, input: [4, 3] };
    const built = await registry.create(type, config);
    const metadata = registry.getMetadata(type)!;
    assertEquals(metadata.owner, "core");
    assert(registry.findByCategory(metadata.category).includes(type));
    assertEquals(checkJsonSchema(registry.jsonSchema(type)), []);
    await assertRoundTrip(registry, built);
    if (builtKind(metadata.category) !== "module") return;
    assert(built instanceof Module);
    const checked = registry.validate(type, config);
    assertEquals(
      registry.inferShape(type, checked.config!, [input]),
      built.forward(zeros(input, { dtype })).shape,
    );
  },
);

/** Requires that what is created from how something is described is described alike. */
async function assertRoundTrip(
  registry: ModuleDiscoveryRegistry,
  built: Built,
): Promise<void> {
  const described = registry.describe(built);
  assert(described);
  const again = await registry.create(described.type, described.config);
  assertEquals(registry.describe(again), described);
}

Deno.test.each([{ type: "adam" }, { type: "sgd" }])(
  "module discovery: optimizers and losses train a line fit: $type",
  async ({ type }) => {
    const registry = createModuleRegistry();
    const config = { "learning_rate": 0.05 };
    using trainer = new Trainer({
      model: new Linear({ inFeatures: 1, outFeatures: 1 }),
      loss: assertBuilt("mse", await registry.create("mse"), "loss"),
      optimizer: assertBuilt(
        type,
        await registry.create(type, config),
        "optimizer",
      ),
    });
    const data = new DataLoader(
      new ArrayDataset({
        inputs: Float32Array.of(-1, 0, 1),
        inputShape: [1],
        targets: Float32Array.of(-3, -1, 1),
        targetShape: [1],
      }),
    );
    const { epochs } = await trainer.fit(data, { epochs: 300 });
    assert(epochs.at(-1)!.loss < 1e-3);
  },
);

Deno.test("cross_entropy by name takes a reduction", async () => {
  const registry = createModuleRegistry();
  const loss = assertBuilt(
    "cross_entropy",
    await registry.create("cross_entropy", { reduction: "sum" }),
    "loss",
  );
  const sum = loss(zeros([2, 1]), tensor(Int32Array.of(0, 0)));
  assertEquals(sum.shape, []);
  assertEquals(Math.abs(await sum.item()), 0);
});
