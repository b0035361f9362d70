import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { OptionError, workObserver } from "../../core/base/mod.ts";
import { createBackend } from "../../kernels/mod.ts";
import {
  ArrayDataset,
  DataLoader,
  Linear,
  mse,
  Sgd,
  Trainer,
} from "../../nn/mod.ts";
import { realizeOn, tensor } from "../../ops/mod.ts";
import { createEcosystem } from "../create_ecosystem.ts";
import {
  type Measurement,
  memoryMeter,
  MemoryTracer,
  type RecordedSpan,
} from "./fake_providers_test.ts";
import { connectTelemetry, startTelemetry } from "./start_telemetry.ts";

/** A clock on which every look takes half a second longer than the last. */
function halfSeconds() {
  let now = 0;
  return {
    nowMs: () => now += 500,
    after: () => ({ [Symbol.dispose]() {} }),
  };
}

function makeProviders() {
  const { meter, measurements } = memoryMeter();
  const tracer = new MemoryTracer();
  return {
    tracer,
    measurements,
    providers: { tracer, meter, clock: halfSeconds() },
  };
}

/** Names of a span and those that it is within, without what they all begin with. */
function pathOf({ name, parent }: RecordedSpan): string {
  const own = name.replace("spiraltorch.", "");
  return parent ? `${pathOf(parent)} > ${own}` : own;
}

function sumOf(measurements: readonly Measurement[], name: string): number {
  return measurements.filter((one) => one.name === `spiraltorch.${name}`)
    .reduce((sum, { value }) => sum + value, 0);
}

Deno.test("startTelemetry() makes spans of training that nest as the work does", async () => {
  const { tracer, measurements, providers } = makeProviders();
  await using ecosystem = await createEcosystem();
  const { events } = ecosystem;
  const data = new DataLoader(
    new ArrayDataset({
      inputs: Float32Array.of(0, 1, 2, 3),
      inputShape: [1],
      targets: Float32Array.of(1, 3, 5, 7),
      targetShape: [1],
    }),
    { batchSize: 2 },
  );
  using trainer = new Trainer({
    model: new Linear({ inFeatures: 1, outFeatures: 1, seed: 1 }),
    loss: mse,
    optimizer: new Sgd({ learningRate: 0.01 }),
    events,
  });
  {
    using _telemetry = connectTelemetry({ events, kernels: true }, providers);
    await trainer.fit(data, { epochs: 2 });
  }
  const paths = new Set(tracer.spans.map(pathOf));
  const step = "train.fit > train.epoch > train.step";
  assert(paths.has(`${step} > realize > kernel`), [...paths].join("\n"));
  const count = (path: string) =>
    tracer.spans.filter((span) => pathOf(span) === path).length;
  assertEquals([count("train.fit"), count(step), count(`${step} > realize`)], [
    1,
    4,
    4,
  ]);
  assertEquals(tracer.spans.filter(({ isEnded }) => !isEnded), []);
  const [first] = tracer.spans.filter(({ name }) => name.endsWith(".step"));
  assertEquals(first!.attributes, {
    "spiraltorch.step": 1,
    "spiraltorch.epoch": 1,
    "spiraltorch.batch": 1,
    "spiraltorch.examples": 2,
  });
  assertEquals(sumOf(measurements, "train.examples"), 8);
  assert(sumOf(measurements, "kernel.bytes") > 0);
  const loss = measurements.filter(({ name }) =>
    name === "spiraltorch.train.loss"
  );
  assertEquals(loss.length, 4);
});

Deno.test("startTelemetry() makes nothing of what comes after its end, nor of kernels unless asked", async () => {
  const { tracer, providers } = makeProviders();
  {
    using _telemetry = connectTelemetry({}, providers);
    await tensor([1, 2]).exp().realize();
  }
  await tensor([1, 2]).exp().realize();
  assertEquals(tracer.spans.map(pathOf), ["realize"]);
  assertStrictEquals(workObserver("realize"), undefined);
});

Deno.test("startTelemetry() measures in seconds, and tells backends apart", async () => {
  const { measurements, providers } = makeProviders();
  await using backend = createBackend("reference");
  using _telemetry = connectTelemetry({ kernels: true }, providers);
  await realizeOn([tensor([1, 2]).exp()], { backend });
  const durations = measurements.filter(({ name }) =>
    name.endsWith("duration")
  );
  assertEquals(durations, [
    {
      name: "spiraltorch.kernel.duration",
      value: 0.5,
      attributes: {
        "spiraltorch.backend": "reference",
        "spiraltorch.kind": "map",
      },
    },
    {
      name: "spiraltorch.realize.duration",
      value: 1.5,
      attributes: { "spiraltorch.backend": "reference" },
    },
  ]);
  assertEquals(sumOf(measurements, "kernel.bytes"), 8);
});

Deno.test("startTelemetry() tells of plugins: their hooks, failures and reloads", async () => {
  const { tracer, measurements, providers } = makeProviders();
  await using ecosystem = await createEcosystem();
  const { events, plugins } = ecosystem;
  using _telemetry = connectTelemetry({ events }, providers);
  const metadata = { id: "acme.one", version: "1.0.0" };
  await plugins.register({ metadata, onLoad() {} });
  await plugins.reload("acme.one", {
    metadata: { ...metadata, version: "1.1.0" },
  });
  await assertRejects(() =>
    plugins.register({
      metadata: { id: "acme.bad", version: "1.0.0" },
      onLoad: () => Promise.reject(new TypeError("no")),
    })
  );
  const failed = tracer.spans.find(({ status }) => status !== undefined);
  assertEquals([failed?.name, failed?.attributes], ["spiraltorch.plugin.hook", {
    "spiraltorch.plugin": "acme.bad",
    "spiraltorch.hook": "onLoad",
    "error.type": "TypeError",
  }]);
  assertEquals(failed?.status, { code: 2, message: "no" });
  const counted = measurements.filter(({ name }) =>
    /reloads|errors/.test(name)
  );
  assertEquals(
    counted.map((
      { name, attributes },
    ) => [name, attributes["spiraltorch.plugin"]]),
    [
      ["spiraltorch.plugin.reloads", "acme.one"],
      ["spiraltorch.plugin.errors", "acme.bad"],
    ],
  );
});

Deno.test("startTelemetry() tells of versions that are resolved", async () => {
  const { tracer, providers } = makeProviders();
  await using ecosystem = await createEcosystem();
  using _telemetry = connectTelemetry({}, providers);
  const source = {
    versions: () => ["1.0.0"],
    metadata: () => ({}),
  };
  const plan = await ecosystem.plugins.resolve(
    { "acme.one": "^1.0.0" },
    source,
  );
  assertEquals(plan.order.length, 1);
  assertEquals(
    tracer.spans.map((
      { name, attributes },
    ) => [name, attributes["spiraltorch.plugins"]]),
    [
      ["spiraltorch.plugin.resolve", "acme.one"],
    ],
  );
});

Deno.test.each<{ name: string; options: object }>([
  { name: "kernels", options: { kernels: "yes" } },
  { name: "events", options: { events: {} } },
])(
  "startTelemetry() refuses $name that are none, and watches nothing",
  ({ options }) => {
    assertThrows(() => startTelemetry(options), OptionError);
    assertStrictEquals(workObserver("realize"), undefined);
  },
);
