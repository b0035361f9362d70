import { assert, assertEquals } from "@std/assert";
import { SEQUENCER_INPUTS } from "../sequencer/sequencer_vectors_test.ts";
import { ZSpaceCoherenceSequencer } from "../sequencer/sequencer.ts";
import type { ZSpaceSequencerStage } from "../sequencer/stage.ts";
import type { TraceRecord } from "../trace/trace_record.ts";
import { SequencerHub } from "./sequencer_hub.ts";

function make(hub?: SequencerHub, name = "s"): ZSpaceCoherenceSequencer {
  return new ZSpaceCoherenceSequencer({
    dim: 12,
    heads: 3,
    name,
    ...hub && { hub },
  });
}

/** A plugin that notes what it is told, and by whom. */
function collector(name: string, log: string[] = []) {
  const onStage = ({ kind, sequencer }: ZSpaceSequencerStage) =>
    void log.push(`${name} ${sequencer} ${kind}`);
  return { plugin: { name, onStage }, log };
}

/** A hub whose published records are kept. */
function listeningHub(options: {
  readonly isHeard: () => boolean;
  readonly findRemoteAsker?: () => string | undefined;
}) {
  const published: (readonly [string, TraceRecord])[] = [];
  const hub = new SequencerHub({
    ...options,
    publish: (source, record) => void published.push([source, record]),
  });
  return { hub, published };
}

Deno.test("SequencerHub attaches plugins to sequencers of before and after, in order", async () => {
  const hub = new SequencerHub();
  const log: string[] = [];
  const first = make(hub, "first");
  hub.attach(collector("a", log).plugin);
  hub.attach(collector("b", log).plugin);
  const second = make(hub, "second");
  assertEquals(hub.sequencers(), [first, second]);
  await first.forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(log.slice(0, 3), [
    "a first Projected",
    "b first Projected",
    "a first CoherenceMeasured",
  ]);
  log.length = 0;
  await second.forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(log.length, 6);
});

Deno.test("SequencerHub tells direct attachments first, and nobody twice", async () => {
  const hub = new SequencerHub();
  const log: string[] = [];
  const both = collector("both", log).plugin;
  const sequencer = make(hub);
  hub.attach(collector("hub", log).plugin);
  hub.attach(both);
  sequencer.attach(both);
  await sequencer.forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(log.slice(0, 2), ["both s Projected", "hub s Projected"]);
  assertEquals(log.length, 6);
});

Deno.test("SequencerHub detaches in the middle of a pass", async () => {
  const hub = new SequencerHub();
  const sequencer = make(hub);
  const { plugin, log } = collector("gone");
  using attachments = new DisposableStack();
  hub.attach({ name: "first", onStage: () => attachments.dispose() });
  attachments.use(hub.attach(plugin));
  await sequencer.forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(log, []);
  assertEquals(hub.find("gone"), undefined);
});

Deno.test("SequencerHub forgets a sequencer that is untracked or disposed", () => {
  const hub = new SequencerHub();
  const { plugin } = collector("a");
  hub.attach(plugin);
  const sequencer = make();
  const tracking = hub.track(sequencer);
  assertEquals(sequencer.plugins(), [plugin]);
  tracking[Symbol.dispose]();
  assertEquals([hub.sequencers(), sequencer.plugins()], [[], []]);
  const disposed = make(hub);
  disposed.dispose();
  assertEquals([hub.sequencers(), disposed.plugins()], [[], []]);
});

Deno.test("SequencerHub builds no record where nobody listens or nobody asked", async () => {
  const state = { isHeard: false };
  const { hub, published } = listeningHub({ isHeard: () => state.isHeard });
  const sequencer = make(hub);
  const x = SEQUENCER_INPUTS.B();
  {
    using _asked = hub.askForStages("asker");
    await sequencer.forwardWithDiagnostics(x);
    assertEquals(sequencer.stageReport().delivered, 0);
  }
  state.isHeard = true;
  await sequencer.forwardWithDiagnostics(x);
  assertEquals(sequencer.stageReport().delivered, 0);
  assertEquals(published, []);
});

Deno.test("SequencerHub publishes each stage once, for the first who asked for it", async () => {
  const { hub, published } = listeningHub({ isHeard: () => true });
  const sequencer = make(hub);
  const x = SEQUENCER_INPUTS.B();
  using _first = hub.askForStages("first", ["Aggregated"]);
  await sequencer.forwardWithDiagnostics(x);
  assertEquals(published.map(([source, { kind }]) => [source, kind]), [
    ["first", "aggregated"],
  ]);
  published.length = 0;
  using _second = hub.askForStages("second");
  await sequencer.forwardWithDiagnostics(x);
  assertEquals(published.map(([source, { kind }]) => [source, kind]), [
    ["second", "projected"],
    ["second", "coherence_measured"],
    ["first", "aggregated"],
  ]);
});

Deno.test("SequencerHub publishes for a plugin that cannot reach it", async () => {
  const { hub, published } = listeningHub({
    isHeard: () => true,
    findRemoteAsker: () => "remote",
  });
  await make(hub).forwardWithDiagnostics(SEQUENCER_INPUTS.B());
  assertEquals(published.map(([source]) => source), Array(3).fill("remote"));
});

Deno.test("SequencerHub holds sequencers weakly", () => {
  const hub = new SequencerHub();
  const held: object[] = [];
  class FakeRef {
    static all: FakeRef[] = [];
    isGone = false;
    readonly #target: object;
    constructor(target: object) {
      this.#target = target;
      FakeRef.all.push(this);
    }
    deref(): object | undefined {
      return this.isGone ? undefined : this.#target;
    }
  }
  const real = globalThis.WeakRef;
  try {
    Object.defineProperty(globalThis, "WeakRef", {
      value: FakeRef,
      configurable: true,
      writable: true,
    });
    held.push(make(hub), make(hub));
    assertEquals(hub.sequencers(), held);
    // What the collector would do.
    FakeRef.all[0]!.isGone = true;
    assertEquals(hub.sequencers(), held.slice(1));
  } finally {
    Object.defineProperty(globalThis, "WeakRef", {
      value: real,
      configurable: true,
      writable: true,
    });
  }
  assert(globalThis.WeakRef === real);
});
