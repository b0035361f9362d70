// How a model is trained, as its description says: what is put around its optimizer, its
// schedule, and its callbacks.

import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { tensor } from "../../ops/mod.ts";
import { assertBuilt } from "../discovery/assert_built.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { NnError } from "../errors.ts";
import { Sgd } from "../optimizers/sgd.ts";
import { cosine } from "../schedules/cosine.ts";
import { linearWarmup } from "../schedules/linear_warmup.ts";
import { EarlyStopping } from "../train/early_stopping.ts";
import { buildPipeline } from "./build_pipeline.ts";
import { parsePipeline } from "./parse_pipeline.ts";
import { printConfig } from "./print_config.ts";

const registry = createModuleRegistry();

const TEXT = `
modules: [relu]
optimizer: { sgd: { learningRate: 0.5 } }
wrappers:
  - clip_gradients: { value: 1 }
  - accumulate_gradients: { batches: 2 }
schedule: { linear_warmup: { share: 0.2, then: cosine } }
callbacks:
  - early_stopping: { patience: 2, monitor: accuracy }
`;

Deno.test("buildPipeline() puts wrappers around the optimizer, the first inside", async () => {
  const description = parsePipeline(TEXT, registry);
  const { optimizer } = await buildPipeline(description, registry);
  assert(optimizer);
  const weight = tensor([0]);
  const parameters = new Map([["weight", weight]]);
  const state = optimizer.initialState(parameters);
  // Gradients of both batches are added up before they are clipped: the mean of 3 and -1 is 1.
  for (const [slope, want] of [[3, 0], [-1, -0.5]] as const) {
    const updates = optimizer.update({
      parameters,
      gradients: new Map([["weight", tensor([slope])]]),
      state,
      learningRate: tensor(optimizer.learningRate),
    });
    assertEquals(await updates.get(weight)!.item(), want);
    for (const [name, old] of state) state.set(name, updates.get(old)!);
  }
});

Deno.test("buildPipeline() makes the schedule that the description names", async () => {
  const description = parsePipeline(TEXT, registry);
  const { schedule } = await buildPipeline(description, registry);
  const wanted = linearWarmup({ share: 0.2, then: cosine() });
  for (const share of [0, 0.1, 0.2, 0.6, 0.99]) {
    assertEquals(schedule!(share), wanted(share));
  }
  const bare = parsePipeline("modules: [relu]", registry);
  assertEquals((await buildPipeline(bare, registry)).schedule, undefined);
});

Deno.test("buildPipeline() makes the callbacks that the description names", async () => {
  const description = parsePipeline(TEXT, registry);
  const { callbacks } = await buildPipeline(description, registry);
  const [stopping] = callbacks;
  assert(stopping instanceof EarlyStopping);
  assertEquals(stopping.settings, {
    patience: 2,
    monitor: "accuracy",
    minDelta: 0,
    restoreBest: true,
  });
  const bare = parsePipeline("modules: [relu]", registry);
  assertEquals((await buildPipeline(bare, registry)).callbacks, []);
});

Deno.test("parsePipeline() says what is no list of callbacks", () => {
  const text = "modules: []\ncallbacks: early_stopping";
  const error = assertThrows(() => parsePipeline(text, registry), NnError);
  assertStringIncludes(error.message, "callbacks");
});

Deno.test("printConfig() writes wrappers, schedule and callbacks so that they are read as the same", () => {
  const description = parsePipeline(TEXT, registry);
  assertEquals(
    parsePipeline(printConfig(TEXT, registry), registry),
    description,
  );
});

Deno.test("parsePipeline() reports wrappers and schedules that cannot be, with the others", () => {
  const text = `
modules: [relu]
wrappers: [sgd, { clip_gradients: { norm: 0 } }, { clip_gradients: {} }]
schedule: mse
`;
  const error = assertThrows(() => parsePipeline(text, registry), NnError);
  const issues = error.details["issues"] as { path: string; code: string }[];
  assertEquals(issues.map(({ path, code }) => [path, code]), [
    ["optimizer", "ENTRY_INVALID"],
    ["schedule", "MODULE_UNKNOWN"],
    ["wrappers[0]", "MODULE_UNKNOWN"],
    ["wrappers[1].clip_gradients.norm", "CONFIG_INVALID"],
    ["wrappers[2].clip_gradients", "CONFIG_INVALID"],
  ]);
});

Deno.test("ModuleDiscoveryRegistry finds schedules and wrappers by category", async () => {
  assertEquals(registry.findByCategory("Schedule"), [
    "constant",
    "cosine",
    "linear_warmup",
    "one_cycle",
    "step",
  ]);
  assertEquals(registry.findByCategory("OptimizerWrapper"), [
    "accumulate_gradients",
    "average_weights",
    "clip_gradients",
  ]);
  const wrap = await registry.create("clip_gradients", { norm: 2 });
  assertEquals(registry.describe(wrap), {
    type: "clip_gradients",
    config: { norm: 2 },
  });
  const optimizer = new Sgd({ learningRate: 0.25 });
  const wrapped = assertBuilt("clip_gradients", wrap, "optimizer wrapper")(
    optimizer,
  );
  assertEquals(wrapped.learningRate, 0.25);
});
