import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type LogRecord,
  PluginError,
  type PluginEvent,
  PluginEventBus,
  PluginRegistry,
} from "../../core/mod.ts";
import {
  type TraceRecord,
  ZSpaceCoherenceSequencer,
  type ZSpaceSequencerStage,
  ZSpaceTraceRecorder,
} from "../../nn/mod.ts";
import { ones, type Tensor } from "../../ops/mod.ts";
import { createEcosystem } from "../create_ecosystem.ts";
import { resetPluginSystem } from "../default_ecosystem.ts";
import { ZSpacePluginAdapter } from "../plugin/mod.ts";
import { ZSpacePluginRegistry } from "./sequencer_registry.ts";

const CONFIG = { dim: 8, heads: 2 };
const X: Tensor = ones([2, 8]);

function collector(name = "watcher") {
  const stages: ZSpaceSequencerStage[] = [];
  return {
    stages,
    plugin: {
      name,
      onStage: (stage: ZSpaceSequencerStage) => void stages.push(stage),
    },
  };
}

class Quiet {
  readonly name = "quiet";
  readonly kinds = [];
  onStage(): void {}
}

async function sequencerOf(
  ecosystem: Awaited<ReturnType<typeof createEcosystem>>,
): Promise<ZSpaceCoherenceSequencer> {
  const made = await ecosystem.modules.create(
    "zspace_coherence_sequencer",
    CONFIG,
  );
  assert(made instanceof ZSpaceCoherenceSequencer);
  return made;
}

Deno.test("register() attaches to sequencers of before and after; unregister() detaches from all", async () => {
  await using ecosystem = await createEcosystem();
  const registry = ZSpacePluginRegistry.of(ecosystem);
  const { plugin, stages } = collector();
  const before = await sequencerOf(ecosystem);
  const handle = await registry.register(plugin);
  const after = await ecosystem.pipeline({
    version: 1,
    name: "p",
    modules: [{ type: "zspace_coherence_sequencer", config: CONFIG }],
  });
  await before.forwardWithDiagnostics(X);
  assertEquals(stages.length, 3);
  after.forward(X);
  const [, inPipeline] = ecosystem.zspace.sequencers();
  await inPipeline!.settled();
  assertEquals(stages.length, 6);
  assertEquals(handle.metadata, {
    ...handle.metadata,
    id: "zspace_sequencer_watcher",
    version: "1.0.0",
    name: "ZSpace Sequencer: watcher",
    capabilities: [{ kind: "Custom", name: "ZSpaceSequencer" }],
  });
  await registry.unregister("watcher");
  await before.forwardWithDiagnostics(X);
  assertEquals(stages.length, 6);
  assertEquals(before.plugins(), []);
});

Deno.test("findAllSequencers() and getSequencer() find by capability, custom metadata too", async () => {
  await using ecosystem = await createEcosystem();
  const registry = ZSpacePluginRegistry.of(ecosystem);
  const [a, b] = [collector("a"), collector("b")];
  await registry.registerWithMetadata(b.plugin, {
    id: "acme.b",
    version: "2.0.0",
    capabilities: ["Telemetry"],
  });
  await registry.register(a.plugin);
  await ecosystem.plugins.register({
    metadata: {
      id: "other",
      version: "1.0.0",
      capabilities: ["Custom(ZSpaceSequencer)"],
    },
  });
  assertEquals(registry.findAllSequencers(), [b.plugin, a.plugin]);
  assertEquals(registry.getSequencer("acme.b"), b.plugin);
  assertEquals(registry.getSequencer("b"), b.plugin);
  assertEquals(registry.getSequencer("zspace_sequencer_a"), a.plugin);
  assertEquals(registry.getSequencer("c"), undefined);
  const { capabilities } = ecosystem.plugins.get("acme.b")!.metadata;
  assertEquals(capabilities?.length, 2);
  await assertRejects(() => registry.unregister("c"), PluginError, "c");
  await assertRejects(() => registry.register(a.plugin), PluginError);
});

Deno.test("The sequencer is a service of its plugin, and goes with it", async () => {
  await using ecosystem = await createEcosystem();
  const { plugin } = collector();
  const handle = await ecosystem.plugins.register(
    new ZSpacePluginAdapter(plugin),
  );
  const found: unknown[] = [];
  await ecosystem.plugins.register({
    metadata: { id: "user", version: "1.0.0" },
    onLoad({ services }) {
      found.push(services.get(`${handle.id}/sequencer`));
      services.watch(`${handle.id}/sequencer`, (now) => void found.push(now));
    },
  });
  await ecosystem.plugins.unregister(handle.id);
  assertEquals(found, [plugin, undefined]);
});

Deno.test("A load that fails leaves nothing attached", async () => {
  await using ecosystem = await createEcosystem();
  const sequencer = await sequencerOf(ecosystem);
  class Failing extends ZSpacePluginAdapter {
    override onLoad(context: Parameters<ZSpacePluginAdapter["onLoad"]>[0]) {
      super.onLoad(context);
      assertEquals(sequencer.plugins().length, 1);
      throw new Error("no");
    }
  }
  const failing = new Failing(collector().plugin, { publishStages: true });
  await assertRejects(() => ecosystem.plugins.register(failing));
  assertEquals(sequencer.plugins(), []);
});

Deno.test("Stages reach the bus once, in the name of the first asker, and only while somebody listens", async () => {
  await using ecosystem = await createEcosystem();
  const registry = ZSpacePluginRegistry.of(ecosystem);
  for (const name of ["a", "b"]) {
    const plugin = { ...collector(name).plugin, kinds: [] };
    await registry.register(plugin, { publishStages: true });
  }
  const sequencer = await sequencerOf(ecosystem);
  await sequencer.forwardWithDiagnostics(X);
  assertEquals(sequencer.stageReport().delivered, 0);
  const events: PluginEvent[] = [];
  const subscription = ecosystem.events.subscribe("ZSpaceTrace", (event) => {
    events.push(event);
  });
  await sequencer.forwardWithDiagnostics(X);
  assertEquals(events.length, 3);
  const records = events.map((event) => {
    assert(event.kind === "Custom");
    return event.data as TraceRecord;
  });
  assertEquals(records.map(({ kind }) => kind), [
    "projected",
    "coherence_measured",
    "aggregated",
  ]);
  await registry.unregister("a");
  await registry.unregister("b");
  await sequencer.forwardWithDiagnostics(X);
  assertEquals(events.length, 3);
  subscription.dispose();
});

Deno.test("A recorder that publishes asks for its stages by itself, once however often it is asked", async () => {
  await using ecosystem = await createEcosystem();
  const registry = ZSpacePluginRegistry.of(ecosystem);
  const recorder = new ZSpaceTraceRecorder({ publish: true });
  await registry.register(recorder);
  await registry.register(new Quiet(), { publishStages: true });
  const sequencer = await sequencerOf(ecosystem);
  await sequencer.forwardWithDiagnostics(X);
  const records: unknown[] = [];
  ecosystem.events.subscribe("ZSpaceTrace", (event) => {
    assert(event.kind === "Custom");
    records.push(event.data);
  });
  await sequencer.forwardWithDiagnostics(X);
  assertEquals(recorder.seen, 6);
  assertEquals(records, recorder.snapshot().slice(3));
  await registry.unregister("zspace_trace");
  // What is said at the registration counts more than what the plugin says.
  await registry.unregister("quiet");
  await registry.register(recorder, { publishStages: false });
  await sequencer.forwardWithDiagnostics(X);
  assertEquals([recorder.seen, records.length], [9, 3]);
});

Deno.test("A bare registry has the service only, and a warning is logged", async () => {
  const lines: LogRecord[] = [];
  await using plugins = new PluginRegistry({
    events: new PluginEventBus(),
    engineVersion: "0.1.0",
    log: (line) => void lines.push(line),
  });
  const adapter = new ZSpacePluginAdapter(collector().plugin);
  const { id } = await plugins.register(adapter);
  assertEquals(lines.map(({ level, source }) => [level, source]), [
    ["warn", id],
  ]);
  await plugins.unregister(id);
});

Deno.test("A reload swaps the plugin without a lost or doubled stage", async () => {
  await using ecosystem = await createEcosystem();
  const sequencer = await sequencerOf(ecosystem);
  const [old, next] = [collector(), collector()];
  const handle = await ecosystem.plugins.register(
    new ZSpacePluginAdapter(old.plugin),
  );
  await sequencer.forwardWithDiagnostics(X);
  await ecosystem.plugins.reload(
    handle.id,
    new ZSpacePluginAdapter(next.plugin, {
      metadata: { id: handle.id, version: "1.1.0" },
    }),
  );
  await sequencer.forwardWithDiagnostics(X);
  assertEquals([old.stages.length, next.stages.length], [3, 3]);
  assertEquals(sequencer.plugins(), [next.plugin]);
});

Deno.test("Two ecosystems do not see each other's sequencers", async () => {
  await using one = await createEcosystem();
  await using other = await createEcosystem();
  const { plugin, stages } = collector();
  await ZSpacePluginRegistry.of(one).register(plugin);
  await (await sequencerOf(other)).forwardWithDiagnostics(X);
  assertEquals(stages, []);
  assertEquals(ZSpacePluginRegistry.of(other).findAllSequencers(), []);
});

Deno.test("ZSpacePluginRegistry is that of the default ecosystem", async () => {
  const { plugin } = collector();
  try {
    const handle = await ZSpacePluginRegistry.register(plugin);
    assertEquals(ZSpacePluginRegistry.findAllSequencers(), [plugin]);
    assertEquals(ZSpacePluginRegistry.getSequencer("watcher"), plugin);
    await ZSpacePluginRegistry.unregister(handle.id);
    await ZSpacePluginRegistry.registerWithMetadata(plugin, {
      id: "acme.watcher",
      version: "1.0.0",
    });
    assertEquals(ZSpacePluginRegistry.getSequencer("acme.watcher"), plugin);
  } finally {
    await resetPluginSystem();
  }
  assertEquals(ZSpacePluginRegistry.findAllSequencers(), []);
  await resetPluginSystem();
});

Deno.test("ZSpacePluginAdapter refuses a plugin without a name", () => {
  const error = assertThrows(
    () => new ZSpacePluginAdapter({ name: " ", onStage() {} }),
    PluginError,
  );
  assertEquals(error.code, "PLUGIN_METADATA_INVALID");
});
