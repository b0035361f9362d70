import { assert, assertEquals, assertRejects } from "@std/assert";
import { compile, tensor, TensorError } from "../../../ops/mod.ts";
import { assertClose } from "../../../testing/mod.ts";
import { ZSpaceCoherenceSequencer } from "./sequencer.ts";
import { SEQUENCER_INPUTS } from "./sequencer_vectors_test.ts";
import type { ZSpaceSequencerPlugin, ZSpaceSequencerStage } from "./stage.ts";

/** A plugin that keeps what it is told. */
function collector(name = "collector", kinds?: readonly string[]) {
  const stages: ZSpaceSequencerStage[] = [];
  const plugin: ZSpaceSequencerPlugin = {
    name,
    ...kinds === undefined ? {} : { kinds },
    onStage: (stage) => void stages.push(stage),
  };
  return { plugin, stages, kinds: () => stages.map(({ kind }) => kind) };
}

function make(options = {}): ZSpaceCoherenceSequencer {
  return new ZSpaceCoherenceSequencer({
    dim: 12,
    heads: 3,
    name: "encoder",
    ...options,
  });
}

const FORWARD = ["Projected", "CoherenceMeasured", "Aggregated"];

Deno.test("forward() tells an attached plugin of its stages, in order", async () => {
  const sequencer = make();
  const { plugin, stages, kinds } = collector();
  using _attachment = sequencer.attach(plugin);
  const x = SEQUENCER_INPUTS.B();
  const y = sequencer.forward(x);
  await sequencer.settled();
  assertEquals(kinds(), FORWARD);
  assertEquals(stages.map(({ step }) => step), [1, 2, 3]);
  assert(stages.every(({ sequencer }) => sequencer === "encoder"));
  assert(stages.every(Object.isFrozen));
  const [projected, measured, aggregated] = stages;
  assert(projected?.kind === "Projected");
  assertClose(await projected.input.data(), await x.data());
  assert(measured?.kind === "CoherenceMeasured");
  assertClose(await measured.zSpace.data(), await projected.projected.data());
  assert(aggregated?.kind === "Aggregated");
  assertClose(await aggregated.aggregated.data(), await y.data());
  assertEquals(aggregated.diagnostics.dominantChannel, 1);
});

Deno.test("forward() tells of discards between weights and results", async () => {
  const sequencer = make({ preDiscard: { dominanceRatio: 0.02 } });
  const { plugin, stages, kinds } = collector();
  sequencer.attach(plugin);
  sequencer.forward(SEQUENCER_INPUTS.B());
  await sequencer.settled();
  assertEquals(kinds(), [
    "Projected",
    "CoherenceMeasured",
    "PreDiscardApplied",
    "Aggregated",
  ]);
  const stage = stages[2];
  assert(stage?.kind === "PreDiscardApplied");
  assertEquals(stage.survivors, [0, 1]);
  assertEquals(stage.discarded, [2]);
  assertEquals(stage.telemetry.preserved, 2);
});

Deno.test("forward() makes no stage where nobody wants one", async () => {
  const sequencer = make();
  const x = SEQUENCER_INPUTS.B();
  sequencer.forward(x);
  const { plugin, stages } = collector("late", ["LinguisticContourEmitted"]);
  sequencer.attach(plugin);
  sequencer.forward(x);
  await sequencer.settled();
  assertEquals(sequencer.stageReport().delivered, 0);
  await sequencer.emitLinguisticContour(x);
  // Nothing was counted before: the contour is the first stage.
  assertEquals(stages.map(({ kind, step }) => [kind, step]), [
    ["LinguisticContourEmitted", 1],
  ]);
});

Deno.test("forwardWithDiagnostics() has told of its stages when it resolves", async () => {
  const sequencer = make();
  const { plugin, kinds } = collector();
  sequencer.attach(plugin);
  await sequencer.forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(kinds(), FORWARD);
});

Deno.test("A plugin that throws is counted, and changes neither the result nor other plugins", async () => {
  const sequencer = make();
  const x = SEQUENCER_INPUTS.B();
  const want = await sequencer.forward(x).data();
  const { plugin, kinds } = collector();
  sequencer.attach({
    name: "thrower",
    onStage() {
      throw new TypeError("no");
    },
  });
  sequencer.attach({
    name: "rejecter",
    kinds: ["Aggregated"],
    onStage: () =>
      Promise.reject(Object.assign(new Error("later"), { code: "X" })),
  });
  sequencer.attach(plugin);
  const { output } = await sequencer.forwardWithDiagnostics(x);
  assertEquals(await output.data(), want);
  assertEquals(kinds(), FORWARD);
  const { delivered, failures } = sequencer.stageReport();
  assertEquals(delivered, 3);
  assertEquals(
    failures.map(({ plugin, kind, message }) => [plugin, kind, message]),
    [
      ["thrower", "Projected", "no"],
      ["thrower", "CoherenceMeasured", "no"],
      ["thrower", "Aggregated", "no"],
      ["rejecter", "Aggregated", "later"],
    ],
  );
});

Deno.test("Plugins see the same stage object, each awaited before the next", async () => {
  const sequencer = make();
  const seen: [string, ZSpaceSequencerStage][] = [];
  sequencer.attach({
    name: "slow",
    async onStage(stage) {
      await Promise.resolve();
      seen.push(["slow", stage]);
    },
  });
  sequencer.attach({
    name: "quick",
    onStage: (stage) => void seen.push(["quick", stage]),
  });
  await sequencer.forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(
    seen.map(([name]) => name),
    Array(3).fill(["slow", "quick"]).flat(),
  );
  for (let i = 0; i < seen.length; i += 2) {
    assert(seen[i]![1] === seen[i + 1]![1]);
  }
});

Deno.test("Attaching during a delivery counts from the next stage, detaching at once", async () => {
  const sequencer = make();
  const late = collector("late");
  const gone = collector("gone");
  using goneAttachments = new DisposableStack();
  sequencer.attach({
    name: "first",
    onStage({ kind }) {
      if (kind === "CoherenceMeasured") {
        sequencer.attach(late.plugin);
        goneAttachments.dispose();
      }
    },
  });
  goneAttachments.use(sequencer.attach(gone.plugin));
  await sequencer.forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(late.kinds(), ["Aggregated"]);
  assertEquals(gone.kinds(), ["Projected"]);
});

Deno.test("A compiled forward() tells nobody; deliverStages() does, of what it computed", async () => {
  const sequencer = make();
  const { plugin, kinds } = collector();
  sequencer.attach(plugin);
  const x = SEQUENCER_INPUTS.B();
  using plain = compile((x) => sequencer.forward(x!));
  await plain(x);
  await sequencer.settled();
  assertEquals(kinds(), []);
  using step = compile((x) => ({ ...sequencer.forwardWithCoherence(x!) }));
  const outputs = await step(x);
  await sequencer.deliverStages({ input: x, ...outputs });
  assertEquals(kinds(), FORWARD);
});

Deno.test("Profiles, their clearing, descriptions and backends are stages too", async () => {
  using sequencer = make();
  const { plugin, stages } = collector();
  sequencer.attach(plugin);
  sequencer.registerLinguisticProfile({ concept: "membrane", emphasis: 2 });
  sequencer.clearLinguisticProfiles();
  await sequencer.describeChannels(SEQUENCER_INPUTS.B());
  await sequencer.setBackend("reference");
  assertEquals(stages.map(({ kind }) => kind), [
    "LinguisticProfileRegistered",
    "LinguisticProfilesCleared",
    "ChannelsDescribed",
    "BackendConfigured",
  ]);
  const cleared = stages[1];
  assert(cleared?.kind === "LinguisticProfilesCleared");
  assertEquals(cleared.count, 1);
  await sequencer.forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(stages.length, 7);
});

Deno.test("setBackend() refuses a name that no backend has, and suggests one", async () => {
  const sequencer = make();
  const name: string = "wasn";
  const error = await assertRejects(
    () => sequencer.setBackend(name as "wasm"),
    Error,
    "wasm",
  );
  assertEquals((error as { code?: string }).code, "BACKEND_UNKNOWN");
});

Deno.test("Values that are not finite reach the caller, not the plugins", async () => {
  const sequencer = make({ dim: 2, heads: 1 });
  const { plugin, stages } = collector();
  sequencer.attach(plugin);
  const y = sequencer.forward(tensor([[NaN, 1]]));
  await sequencer.settled();
  assertEquals(stages, []);
  await assertRejects(() => y.data(), TensorError, '"projected"');
});

Deno.test("A plugin that is attached twice is told once", async () => {
  const sequencer = make();
  const { plugin, kinds } = collector();
  sequencer.attach(plugin);
  sequencer.attach(plugin);
  using _connection = sequencer.join({ plugins: [plugin] });
  assertEquals(sequencer.plugins(), [plugin]);
  await sequencer.forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(kinds(), FORWARD);
});
