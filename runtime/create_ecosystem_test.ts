import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  BackendError,
  type BackendName,
  createBackend,
  defaultBackend,
} from "../kernels/mod.ts";
import type { PluginEvent } from "../core/mod.ts";
import { ones, type Tensor, tensor, TensorError } from "../ops/mod.ts";
import { createEcosystem } from "./create_ecosystem.ts";
import { definePlugin } from "./plugin/define_plugin.ts";
import { Module, NnError, Parameter } from "../nn/mod.ts";

const squares = definePlugin({
  metadata: { id: "acme.square", version: "1.0.0" },
  onLoad: (context) =>
    void context.operators.register({
      name: "acme:square",
      inputs: ["x"],
      forward: ([x]) => x!.mul(x!),
    }),
});

class Scale extends Module {
  readonly factor = new Parameter(ones([2]).mul(3));

  override forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

const scales = definePlugin({
  metadata: { id: "acme.scale", version: "1.0.0" },
  onLoad: (context) =>
    void context.modules.register({
      type: "acme_scale",
      description: "Three times the input.",
      category: "Layer",
      config: { type: "object", properties: {}, additionalProperties: false },
      inferShape: "same",
      create: () => new Scale(),
    }),
});

Deno.test("createEcosystem() makes ecosystems that share no registry", async () => {
  await using one = await createEcosystem();
  await using other = await createEcosystem();
  await one.plugins.register(squares);
  assert(one.operators.has("acme:square"));
  assert(!other.operators.has("acme:square"));
  await other.plugins.register(squares); // the name is free there
});

Deno.test("createEcosystem() takes a plugin's operator out with the plugin", async () => {
  await using ecosystem = await createEcosystem();
  await ecosystem.plugins.register(squares);
  const [y] = ecosystem.operators.execute("acme:square", [tensor([1, 2, 3])]);
  await ecosystem.plugins.unregister("acme.square");
  assert(!ecosystem.operators.has("acme:square"));
  // The call is data by now: it does not need the plugin.
  assertEquals(await y!.array(), [1, 4, 9]);
});

Deno.test("pipelines: a plugin's module in a pipeline, then unloaded", async () => {
  await using ecosystem = await createEcosystem();
  await ecosystem.plugins.register(scales);
  const model = await ecosystem.pipeline({
    input: ["batch", 2],
    modules: ["acme_scale", { linear: { inFeatures: 2, outFeatures: 1 } }],
  });
  assertEquals([...model.parameters().keys()], [
    "0.acme_scale.factor",
    "1.linear.weight",
    "1.linear.bias",
  ]);
  await ecosystem.plugins.unregister("acme.scale");
  const error = await assertRejects(
    () => ecosystem.pipeline({ modules: ["acme_scale"] }),
    Error,
  );
  assert("code" in error && error.code === "PIPELINE_INVALID");
  assertEquals(model.forward(ones([4, 2])).shape, [4, 1]);
});

const measures = definePlugin({
  metadata: { id: "acme.measures", version: "1.0.0" },
  onLoad(context) {
    const config = { type: "object" };
    context.modules.register({
      type: "acme:error_sum",
      description: "How far all predictions are off, together.",
      category: "Metric",
      config,
      create: () => ({
        measure: (x, y) => x.sub(y).abs().sum(),
        result: (sums) => sums,
      }),
    });
    context.modules.register({
      type: "acme:halves",
      description: "Weights that are all one half.",
      category: "Initializer",
      config,
      create: () => ({ name: "fill", value: 0.5 }),
    });
  },
});

Deno.test("pipelines: a plugin's metric and initializer in a pipeline, then unloaded", async () => {
  await using ecosystem = await createEcosystem();
  await ecosystem.plugins.register(measures);
  const text = `
modules: [{ linear: { inFeatures: 2, outFeatures: 1, init: "acme:halves" } }]
metrics: ["acme:error_sum"]
`;
  const { model, metrics } = await ecosystem.recipe(text);
  const weight = model.parameters().get("0.linear.weight")!;
  assertEquals(await weight.array(), [[0.5], [0.5]]);
  const metric = metrics["acme:error_sum"]!;
  const sums = metric.measure(tensor([1, 2]), tensor([3, 2]));
  assertEquals(await metric.result(sums).item(), 2);
  assertEquals(ecosystem.modules.search("acme").length, 2);
  await ecosystem.plugins.unregister("acme.measures");
  assertEquals(ecosystem.modules.search("acme"), []);
  await assertRejects(() => ecosystem.recipe(text), NnError, "acme:halves");
});

Deno.test("createEcosystem() builds pipelines with variables, overrides and includes", async () => {
  await using ecosystem = await createEcosystem();
  const config = {
    variables: { width: 2 },
    modules: [{ include: "body" }, { type: "scale", id: "end" }],
  };
  const model = await ecosystem.pipeline(config, {
    variables: { width: 3 },
    overrides: ["modules.1={linear: {inFeatures: '${width}', outFeatures: 1}}"],
    includes: { body: { modules: ["relu"] } },
  });
  assertEquals(model.forward(ones([4, 3])).shape, [4, 1]);
});

Deno.test("createEcosystem() announces what plugins bring, after their load", async () => {
  await using ecosystem = await createEcosystem();
  const heard: string[] = [];
  ecosystem.events.subscribe("*", (event: PluginEvent) => {
    heard.push(event.kind === "Custom" ? event.eventType : event.kind);
  });
  await ecosystem.plugins.register(squares);
  await ecosystem.plugins.register(scales);
  await ecosystem.plugins.unregister("acme.scale");
  assertEquals(heard, [
    "OperatorRegistered",
    "PluginLoaded",
    "ModuleRegistered",
    "PluginLoaded",
    "ModuleUnregistered",
    "PluginUnloaded",
  ]);
});

Deno.test("createEcosystem() refuses a built-in operator's name and leaves nothing", async () => {
  await using ecosystem = await createEcosystem();
  const greedy = definePlugin({
    metadata: { id: "acme.greedy", version: "1.0.0" },
    onLoad(context) {
      const forward = ([x]: readonly Tensor[]) => x!;
      context.operators.register({ name: "acme:x", inputs: ["x"], forward });
      context.operators.register({ name: "matmul", inputs: ["x"], forward });
    },
  });
  const error = await assertRejects(
    () => ecosystem.plugins.register(greedy),
    Error,
  );
  assert(error.cause instanceof TensorError);
  assertEquals(error.cause.code, "OPERATOR_EXISTS");
  assert(!ecosystem.operators.has("acme:x"));
  assertEquals(ecosystem.plugins.listPlugins(), []);
});

Deno.test("createEcosystem() lets a plugin call an operator of another by name", async () => {
  await using ecosystem = await createEcosystem();
  await ecosystem.plugins.register(squares);
  await ecosystem.plugins.register(definePlugin({
    metadata: {
      id: "acme.quartic",
      version: "1.0.0",
      dependencies: { "acme.square": "^1.0.0" },
    },
    onLoad(context) {
      const square = context.operators.find("acme:square");
      context.operators.register({
        name: "acme:quartic",
        inputs: ["x"],
        forward: ([x]) => square(square(x!)),
      });
    },
  }));
  const [y] = ecosystem.operators.execute("acme:quartic", [tensor([2])]);
  assertEquals(await y!.array(), [16]);
});

Deno.test("createEcosystem() makes its backend the default until it is disposed", async () => {
  const before = defaultBackend();
  await using backend = createBackend("reference");
  {
    await using ecosystem = await createEcosystem({ backend });
    assertEquals(ecosystem.backend, backend);
    assertEquals(defaultBackend(), backend);
  }
  assertEquals(defaultBackend(), before);
});

Deno.test("createEcosystem() reports a backend that nobody has", async () => {
  const name: string = "gpu9000";
  const error = await assertRejects(
    () => createEcosystem({ backend: name as BackendName }),
    BackendError,
    `Cannot find backend "gpu9000"`,
  );
  assertEquals(error.code, "BACKEND_UNKNOWN");
});

Deno.test("createEcosystem() shuts down when its signal is aborted", async () => {
  const stop = new AbortController();
  await using ecosystem = await createEcosystem({ signal: stop.signal });
  await ecosystem.plugins.register(squares);
  const gone = Promise.withResolvers<void>();
  ecosystem.events.subscribe("PluginUnloaded", () => gone.resolve());
  stop.abort();
  await gone.promise;
  assert(!ecosystem.operators.has("acme:square"));
});
