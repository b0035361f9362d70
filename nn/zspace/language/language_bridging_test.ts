import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { tensor, TensorError, zeros } from "../../../ops/mod.ts";
import { assertClose } from "../../../testing/mod.ts";
import { ZSpaceCoherenceSequencer } from "../sequencer/sequencer.ts";
import { SEQUENCER_INPUTS } from "../sequencer/sequencer_vectors_test.ts";
import type { StageDraft } from "../sequencer/stage.ts";
import { parseTraceRecord } from "../trace/parse_trace_record.ts";
import { ZSpaceTraceRecorder } from "../trace/trace_recorder.ts";
import { MaxwellBridge } from "./maxwell_bridge.ts";
import { SemanticBridge } from "./semantic_bridge.ts";

/** Five tokens over 12 columns are three columns each, and none for the fifth. */
const MEANINGS = [[.9, .1, 0], [.2, .8, 0], [0, .5, .5], [.1, .1, .8], [
  1,
  0,
  0,
]];
const SEMANTICS = new SemanticBridge(MEANINGS);

const PULSE = {
  blocks: 6,
  mean: .32,
  standardError: .07,
  zScore: -3.4,
  above: .5,
  here: .3,
  beneath: .2,
};

function bridgeOf(tags: readonly string[] = []): MaxwellBridge {
  const window = [{ token: 2, weight: .6 }, { token: 7, weight: .4 }];
  return new MaxwellBridge({
    channels: { membrane: { window, tags, gain: 2 } },
  });
}

function make(options = {}): ZSpaceCoherenceSequencer {
  return new ZSpaceCoherenceSequencer({ dim: 12, heads: 3, ...options });
}

Deno.test("forwardWithLanguageBridges() weighs tokens by energy and channel, by brute force", async () => {
  const sequencer = make();
  const x = SEQUENCER_INPUTS.B();
  const bridge = bridgeOf();
  const { aggregated } = sequencer.forwardWithCoherence(x);
  const rows = await aggregated.array() as number[][];
  const { language, coherence, diagnostics } = await sequencer
    .forwardWithLanguageBridges(x, SEMANTICS, bridge);
  const weights = await coherence.data();
  // Centers of the tokens' columns are 1, 4, 7 and 10; channels have four columns.
  const raw = [[0, 0], [1, 1], [2, 1], [3, 2]].map(([token, channel]) => {
    const all = rows.flatMap((row) =>
      row.slice(3 * token!, 3 * token! + 3).map(Math.abs)
    );
    const mean = all.reduce((sum, size) => sum + size, 0) / all.length;
    return mean * weights[channel!]!;
  });
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const shares = raw.map((weight) => weight / total);
  assertEquals(language.window.map(({ token }) => token), [0, 1, 2, 3]);
  assertClose(language.window.map(({ weight }) => weight), shares);
  assertEquals(language.tokens, 5);

  const normalized = (parts: readonly number[]) => {
    const sum = parts.reduce((sum, part) => sum + part, 0);
    return parts.map((part) => part / sum);
  };
  const meant = (window: readonly number[]) =>
    normalized([0, 1, 2].map((concept) =>
      window.reduce(
        (sum, weight, token) => sum + weight * MEANINGS[token]![concept]!,
        1e-6,
      )
    ));
  assertClose(language.distribution, meant(shares));
  // The second token of the hint is none of these five.
  const score = Math.abs(diagnostics.pulse.zScore);
  const hinted = meant([0, 0, (.6 + 1e-4) * score, 0, 0]);
  const sums = meant(shares).map((share, i) => share + hinted[i]!);
  assertClose(language.fused, normalized(sums));
  assertEquals([language.concept, language.label], ["membrane", "membrane"]);
});

Deno.test("forwardWithLanguageBridges() tells of each step, after the pass itself", async () => {
  const sequencer = make({ name: "encoder" });
  const recorder = new ZSpaceTraceRecorder();
  const stages: StageDraft[] = [];
  sequencer.attach(recorder);
  sequencer.attach({
    name: "collector",
    onStage: (stage) => void stages.push(stage),
  });
  const x = SEQUENCER_INPUTS.B();
  const bridge = bridgeOf(["braid", "glimmer"]);
  const { language } = await sequencer.forwardWithLanguageBridges(
    x,
    SEMANTICS,
    bridge,
  );
  const kinds = [
    "Projected",
    "CoherenceMeasured",
    "Aggregated",
    "SemanticWindowDerived",
    "SemanticDistributionDerived",
    "CanonicalConceptSelected",
    "MaxwellBridgeEmitted",
    "SemanticWindowFused",
    "LanguageBridged",
  ];
  assertEquals(stages.map(({ kind }) => kind), kinds);
  const last = stages.at(-1);
  assert(last?.kind === "LanguageBridged");
  assertEquals(last.narrative, language.narrative);
  const emitted = stages[6];
  assert(emitted?.kind === "MaxwellBridgeEmitted");
  assertEquals(emitted.hint, language.hint);
  for (const line of recorder.toJsonl().trimEnd().split("\n")) {
    assertEquals(JSON.stringify(parseTraceRecord(line)), line);
  }
  // A concept that the bridge does not know changes nothing.
  const custom = make({ concept: "custom(tide)" });
  const plain = await custom.forwardWithLanguageBridges(x, SEMANTICS, bridge);
  assertEquals(plain.language.label, "tide");
  assertEquals(plain.language.fused, plain.language.distribution);
  assertEquals(plain.language.hint, undefined);
});

Deno.test("forwardWithLanguageBridges() takes concepts for alike where nothing has energy", async () => {
  const { language } = await make().forwardWithLanguageBridges(
    zeros([2, 12]),
    SEMANTICS,
    bridgeOf(["braid"]),
  );
  assertEquals(language.window, []);
  assertClose(language.distribution, [1 / 3, 1 / 3, 1 / 3]);
  assertEquals(language.narrative?.intensity, 0);
});

Deno.test("MaxwellBridge tells what the formula says, and nothing without tags", () => {
  assertEquals(bridgeOf().emit("membrane", PULSE)?.narrative, undefined);
  assertEquals(bridgeOf().emit("droplet_coalescence", PULSE), undefined);
  const tags = ["braid", "glimmer", "tide"];
  const emission = bridgeOf(tags).emit("membrane", PULSE)!;
  assertClose(emission.hint.map(({ weight }) => weight), [
    .6001 * 3.4,
    .4001 * 3.4,
  ], { tolerance: 1e-12 });
  const { narrative } = emission;
  const phase = 3 * Math.atan(-3.4);
  const turns = tags.map((_, i) => Math.abs(Math.sin(phase + 1.618034 * i)));
  assertEquals(narrative?.tag, tags[turns.indexOf(Math.max(...turns))]);
  assertClose(
    [
      narrative!.intensity,
      narrative!.phase,
      narrative!.coherence,
      narrative!.decoherence,
    ],
    [6.8, phase, .7 / 1.000001, .07 / 1.07],
    { tolerance: 1e-12 },
  );
  const floored = new MaxwellBridge({
    channels: { membrane: { window: [{ token: 0, weight: 1 }] } },
    floor: 5,
  });
  assertClose(
    [floored.emit("membrane", PULSE)!.hint[0]!.weight],
    [5 * 1.0001],
    { tolerance: 1e-12 },
  );
});

Deno.test("Bridges refuse what is none, and say all of it", async () => {
  const problems = (make: () => unknown) => {
    const { details } = assertThrows(make, OptionError);
    return (details["problems"] as readonly { name: string }[])
      .map(({ name }) => name);
  };
  assertEquals(problems(() => new SemanticBridge([])), ["tokens", "concepts"]);
  assertEquals(problems(() => new SemanticBridge([[1, NaN], [1], [-1, 0]])), [
    "meanings[0][1]",
    "meanings[1]",
    "meanings[2][0]",
  ]);
  assertEquals(
    problems(() =>
      new MaxwellBridge({
        channels: {
          a: { window: [] },
          b: { window: [{ token: .5, weight: -1 }], tags: [" "], gain: NaN },
        },
        floor: -1,
      })
    ),
    [
      "floor",
      "a.window.length",
      "b.window[0].token",
      "b.window[0].weight",
      "b.tags[0]",
      "b.gain",
    ],
  );
  const sequencer = make();
  const { plugin, stages } = { plugin: "none", stages: [] as unknown[] };
  sequencer.attach({
    name: plugin,
    onStage: (stage) => void stages.push(stage),
  });
  const none: unknown = undefined;
  await assertRejects(
    () =>
      sequencer.forwardWithLanguageBridges(
        SEQUENCER_INPUTS.B(),
        none as SemanticBridge,
        bridgeOf(),
      ),
    OptionError,
    "SemanticBridge",
  );
  const bad = tensor([Array<number>(12).fill(NaN)]);
  await assertRejects(
    () => sequencer.forwardWithLanguageBridges(bad, SEMANTICS, bridgeOf()),
    TensorError,
  );
  assertEquals(stages, []);
});
