import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { PluginEventBus } from "../../../core/mod.ts";
import type { Frame } from "../page/wire.ts";
import { DashboardFeed } from "./dashboard_feed.ts";

const STEP = { batch: 1, examples: 20, epoch: 1, learningRate: 0.1 };

/** Publishes like a trainer. */
function announce(bus: PluginEventBus, eventType: string, data: unknown): void {
  bus.publish({ kind: "Custom", eventType, data });
}

function trained(): { feed: DashboardFeed; bus: PluginEventBus } {
  const bus = new PluginEventBus();
  const feed = new DashboardFeed("digits");
  feed.listen(bus);
  bus.publish({ kind: "EpochStart", epoch: 1 });
  announce(bus, "TrainerStep", { ...STEP, step: 1, loss: 2 });
  announce(bus, "TrainerStep", { ...STEP, step: 2, loss: 1 });
  const data = { loss: 1.5, examplesPerSecond: 300, gradientNorm: 4 };
  bus.publish({ kind: "Telemetry", data });
  bus.publish({ kind: "EpochEnd", epoch: 1, loss: 1.5 });
  return { feed, bus };
}

/** Curves as `[name, xs, ys]`. */
function curvesIn({ curves = [] }: Frame): unknown[] {
  return curves.map(({ group, name, xs, ys }) => [`${group}: ${name}`, xs, ys]);
}

Deno.test("DashboardFeed draws what a trainer announces", () => {
  const { feed, bus } = trained();
  announce(bus, "TrainerEpoch", {
    epoch: 1,
    epochs: 3,
    loss: 1.5,
    accuracy: 0.5,
    metrics: { f1: 0.4 },
    validation: {
      loss: 1.75,
      accuracy: 0.25,
      metrics: { f1: 0.3, confusion: [[1, 0], [2, 1]] },
    },
    durationMs: 1,
  });
  const { frame } = feed.after(undefined)!;
  assertEquals(curvesIn(frame), [
    ["loss: each step", [1, 2], [2, 1]],
    ["rate: learning rate", [1, 2], [0.1, 0.1]],
    ["speed: samples per second", [2], [300]],
    ["metric: gradientNorm", [2], [4]],
    ["loss: each pass", [2], [1.5]],
    ["metric: f1", [2], [0.3]],
    ["accuracy: training", [2], [0.5]],
    ["loss: validation", [2], [1.75]],
    ["accuracy: validation", [2], [0.25]],
  ]);
  assertEquals({ ...frame.run, elapsedMs: 0 }, {
    status: "training",
    epoch: 1,
    epochs: 3,
    step: 2,
    loss: 1,
    learningRate: 0.1,
    examplesPerSecond: 300,
    validationLoss: 1.75,
    accuracy: 0.25,
    elapsedMs: 0,
  });
  announce(bus, "TrainerEnd", { outcome: "stopped", epochs: 1 });
  assertEquals(feed.after(undefined)!.frame.run?.status, "stopped");
});

Deno.test("DashboardFeed.after() gives nothing twice", () => {
  const { feed, bus } = trained();
  const { seen } = feed.after(undefined)!;
  assertEquals(feed.after(seen), undefined);
  announce(bus, "TrainerStep", { ...STEP, step: 3, loss: 0.5 });
  const { frame } = feed.after(seen)!;
  assertEquals(frame.title, undefined);
  assertEquals(curvesIn(frame), [
    ["loss: each step", [3], [0.5]],
    ["rate: learning rate", [3], [0.1]],
  ]);
  assertEquals(frame.rows?.map(({ type }) => type), ["TrainerStep"]);
  assertEquals(frame.plugins, undefined);
});

Deno.test("DashboardFeed begins anew with another training", () => {
  const { feed, bus } = trained();
  const { seen } = feed.after(undefined)!;
  announce(bus, "TrainerStep", { ...STEP, step: 1, loss: 9 });
  const { frame } = feed.after(seen)!;
  assert(frame.isNewRun);
  assertEquals(curvesIn(frame)[0], ["loss: each step", [1], [9]]);
});

Deno.test("DashboardFeed takes from no plugin what the host announces", () => {
  const { feed, bus } = trained();
  bus.publishFrom("acme.liar", {
    kind: "Custom",
    eventType: "TrainerStep",
    data: { ...STEP, step: 3, loss: 0 },
  });
  bus.publishFrom("acme.liar", { kind: "Telemetry", data: { loss: 0 } });
  const { frame } = feed.after(undefined)!;
  assertEquals(frame.run?.step, 2);
  assertEquals(curvesIn(frame).at(-1), [
    "metric: acme.liar: loss",
    [2],
    [0],
  ]);
});

Deno.test.each([
  { data: null },
  { data: { step: "<b>", loss: 1, epoch: 1, learningRate: 1 } },
  { data: { step: 3, epoch: 1 } },
])("DashboardFeed draws nothing of a step that is none: $data", ({ data }) => {
  const { feed, bus } = trained();
  announce(bus, "TrainerStep", data);
  assertEquals(feed.after(undefined)!.frame.run?.step, 2);
});

Deno.test("DashboardFeed shows who may touch what, and what became of plugins", () => {
  const bus = new PluginEventBus();
  const feed = new DashboardFeed("plugins");
  feed.listen(bus);
  feed.showPlugins([{ id: "acme.gates", version: "1.2.0", state: "locked" }]);
  for (
    const [resource, decision] of [["net a:1", "granted"], ["env B", "refused"]]
  ) {
    announce(bus, "core:permission", {
      url: "https://acme.example/gates.ts",
      pluginIds: ["acme.gates"],
      resource,
      decision,
      rule: "default",
    });
  }
  bus.publish({ kind: "PluginLoaded", pluginId: "acme.gates" });
  bus.publish({
    kind: "PluginError",
    pluginId: "acme.gates",
    phase: "onEvent",
    code: "PLUGIN_FAILED",
    message: "broken\u001b[2K",
  });
  const [row] = feed.after(undefined)!.frame.plugins!;
  assertEquals([row!.version, row!.state, row!.failure], [
    "1.2.0",
    "active",
    "broken[2K",
  ]);
  assertEquals(row!.permissions, [
    { resource: "net a:1", decision: "granted", rule: "default" },
    { resource: "env B", decision: "refused", rule: "default" },
  ]);
  bus.publish({ kind: "PluginUnloaded", pluginId: "acme.gates" });
  assertEquals(feed.after(undefined)!.frame.plugins![0]!.state, "gone");
});

Deno.test("DashboardFeed looks plugins up whenever it is looked at", () => {
  const bus = new PluginEventBus();
  const feed = new DashboardFeed("plugins");
  feed.listen(bus);
  const there = ["acme.a"];
  feed.followPlugins(() => there.map((id) => ({ id, version: "1.0.0" })));
  assertEquals(feed.after(undefined)!.frame.plugins!.length, 1);
  const { seen } = feed.after(undefined)!;
  assertEquals(feed.after(seen), undefined);
  // Announced before all is known of it.
  bus.publish({ kind: "PluginLoaded", pluginId: "acme.b" });
  const next = feed.after(seen)!;
  assertEquals(next.frame.plugins!.map(({ version }) => version), [
    "1.0.0",
    "",
  ]);
  there.push("acme.b");
  assertEquals(feed.after(next.seen)!.frame.plugins!.length, 2);
  assertEquals(
    feed.after(undefined)!.frame.plugins!.map(({ version }) => version),
    ["1.0.0", "1.0.0"],
  );
});

Deno.test("DashboardFeed holds a bounded amount of whatever plugins publish", () => {
  const bus = new PluginEventBus();
  const feed = new DashboardFeed("flood");
  feed.listen(bus);
  for (let i = 0; i < 2000; i++) {
    bus.publishFrom("acme.flood", {
      kind: "Custom",
      eventType: `acme:${i}`,
      data: "x".repeat(10_000),
    });
    bus.publishFrom("acme.flood", {
      kind: "Telemetry",
      data: { [`m${i}`]: i },
    });
  }
  const first = feed.after(undefined)!;
  const text = JSON.stringify(first.frame);
  assert(text.length < 3_000_000, `${text.length} characters`);
  assertEquals(first.frame.curves!.length, 16);
  assert(first.frame.rows!.every(({ text }) => text.length <= 2000));
});

Deno.test("DashboardFeed sends many events in several frames, and loses none that it keeps", () => {
  const bus = new PluginEventBus();
  const feed = new DashboardFeed("many");
  feed.listen(bus);
  for (let i = 0; i < 10 * 250; i++) announce(bus, `acme:${i % 10}`, i);
  const indices: number[] = [];
  for (let next = feed.after(undefined); next; next = feed.after(next.seen)) {
    indices.push(...next.frame.rows!.map(({ idx }) => idx));
  }
  assertEquals(indices, Array.from({ length: 2500 }, (_, i) => i));
});

Deno.test("DashboardFeed.watch() tells of changes until it is disposed", () => {
  const { feed, bus } = trained();
  let changes = 0;
  {
    using _watch = feed.watch(() => changes++);
    bus.publish({ kind: "EpochStart", epoch: 2 });
  }
  bus.publish({ kind: "EpochStart", epoch: 3 });
  assertEquals(changes, 1);
});

Deno.test("new DashboardFeed() refuses a title that is no text", () => {
  assertThrows(
    () => Reflect.construct(DashboardFeed, [1]),
    OptionError,
    "title",
  );
});
