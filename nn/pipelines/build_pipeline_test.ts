import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Tensor } from "../../ops/mod.ts";
import { ones, tensor, zeros } from "../../ops/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { NnError } from "../errors.ts";
import { Linear } from "../layers/linear.ts";
import { Module } from "../module.ts";
import { Adam } from "../optimizers/adam.ts";
import { Parameter } from "../parameter.ts";
import { buildPipeline } from "./build_pipeline.ts";
import { parsePipeline } from "./parse_pipeline.ts";

const TEXT = `
name: tiny
input: [batch, 4]
modules:
  - linear: { inFeatures: 4, outFeatures: 4 }
  - relu
  - linear: { inFeatures: 4, outFeatures: 4 }
  - { type: linear, id: head, config: { inFeatures: 4, outFeatures: 2 } }
loss: mse
optimizer: { adam: { learningRate: 0.25 } }
`;

Deno.test("buildPipeline() makes the model, the loss and the optimizer", async () => {
  const registry = createModuleRegistry();
  const description = parsePipeline(TEXT, registry);
  const { model, loss, optimizer } = await buildPipeline(description, registry);
  assertEquals(model.name, "tiny");
  assertEquals([...model.children().keys()], [
    "0.linear",
    "1.relu",
    "2.linear",
    "head",
  ]);
  assertEquals(model.forward(zeros([5, 4])).shape, [5, 2]);
  assertEquals(await loss!(tensor([3]), tensor([1])).item(), 4);
  assert(optimizer instanceof Adam);
  assertEquals(optimizer.learningRate, 0.25);
});

Deno.test("buildPipeline() makes what is named only", async () => {
  const registry = createModuleRegistry();
  const description = parsePipeline("modules: []", registry);
  const { model, loss, optimizer } = await buildPipeline(description, registry);
  assertEquals([model.name, loss, optimizer], [
    undefined,
    undefined,
    undefined,
  ]);
  const x = ones([2]);
  assertEquals(model.forward(x), x);
});

Deno.test("buildPipeline() gives each module a seed of its own", async () => {
  const registry = createModuleRegistry();
  const description = parsePipeline(TEXT, registry);
  const weights = async (seed: number) => {
    const { model } = await buildPipeline(description, registry, { seed });
    const state = [...model.stateDict().values()];
    return await Promise.all(state.map(async (x) => String(await x.data())));
  };
  const first = await weights(1);
  assertEquals(await weights(1), first);
  assert((await weights(2)).every((value, i) => value !== first[i]));
  assertEquals(new Set(first).size, first.length);
});

Deno.test("buildPipeline() makes independent models", async () => {
  const registry = createModuleRegistry();
  const description = parsePipeline(TEXT, registry);
  const one = await buildPipeline(description, registry);
  const two = await buildPipeline(description, registry);
  await one.model.realize();
  one.model.dispose();
  const [weight] = two.model.parameters().values();
  assertEquals((await weight!.data()).length, 16);
});

class Fragile extends Module {
  readonly weight: Parameter;

  constructor(weight: Parameter) {
    super();
    this.weight = weight;
  }

  override forward(x: Tensor): Tensor {
    return x.mul(this.weight);
  }
}

Deno.test("buildPipeline() disposes what it made before a failure", async () => {
  const registry = createModuleRegistry();
  const weight = await new Parameter(tensor([1])).realize();
  registry.register({
    type: "acme:first",
    description: "Holds memory.",
    category: "Layer",
    create: () => new Fragile(weight),
  });
  registry.register({
    type: "acme:second",
    description: "Fails.",
    category: "Layer",
    create: () => {
      throw new Error("no luck");
    },
  });
  const modules = ["acme:first", "acme:second"];
  const description = parsePipeline({ modules }, registry);
  const error = await assertRejects(
    () => buildPipeline(description, registry),
    NnError,
    'Cannot create a module of type "acme:second": no luck',
  );
  assertEquals(error.code, "MODULE_FACTORY_FAILED");
  await assertRejects(() => weight.data(), TypeError, "disposed");
});

Deno.test("buildPipeline() keeps what it made", async () => {
  const registry = createModuleRegistry();
  const weight = await new Parameter(tensor([3])).realize();
  registry.register({
    type: "acme:layer",
    description: "Holds memory.",
    category: "Layer",
    create: () => new Fragile(weight),
  });
  const description = parsePipeline("modules: [acme:layer]", registry);
  const { model } = await buildPipeline(description, registry);
  assertEquals(await model.forward(ones([1])).array(), [3]);
});

Deno.test("buildPipeline() notices a type that has gone", async () => {
  const registry = createModuleRegistry();
  const registration = registry.register({
    type: "acme:layer",
    description: "Goes.",
    category: "Layer",
    create: () => new Linear({ inFeatures: 1, outFeatures: 1 }),
  });
  const description = parsePipeline("modules: [acme:layer]", registry);
  const before = await buildPipeline(description, registry);
  registration[Symbol.dispose]();
  const error = await assertRejects(
    () => buildPipeline(description, registry),
    NnError,
  );
  assertEquals(error.code, "MODULE_UNKNOWN");
  assertEquals(before.model.forward(ones([1, 1])).shape, [1, 1]);
});

Deno.test.each([
  { modules: [{ type: "adam", config: {} }] },
  { modules: [], loss: { type: "adam", config: {} } },
  { modules: [], optimizer: { type: "relu", config: {} } },
])("buildPipeline() refuses a part of the wrong kind: %j", async (parts) => {
  const error = await assertRejects(
    () => buildPipeline({ version: 1, ...parts }, createModuleRegistry()),
    NnError,
  );
  assertEquals(error.code, "MODULE_FACTORY_FAILED");
});
