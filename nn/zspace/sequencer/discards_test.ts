import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { compile, tensor } from "../../../ops/mod.ts";
import { assertClose } from "../../../testing/mod.ts";
import { PreDiscardRegulator } from "../coherence/pre_discard_regulator.ts";
import { ZSpaceCoherenceSequencer } from "./sequencer.ts";
import type { SequencerOptions } from "./sequencer_options.ts";
import { SEQUENCER_INPUTS } from "./sequencer_vectors_test.ts";

function make(
  options: Partial<SequencerOptions> = {},
): ZSpaceCoherenceSequencer {
  return new ZSpaceCoherenceSequencer({
    dim: 12,
    heads: 3,
    preDiscard: { dominanceRatio: .02, journalSize: 2 },
    ...options,
  });
}

const HALVES = { base: .5, targetPreserved: .5, targetEnergy: .5 };

Deno.test("The journal keeps the last discards, each with its step, until it is cleared", async () => {
  const sequencer = make();
  const x = SEQUENCER_INPUTS.B();
  for (let i = 0; i < 3; i++) await sequencer.forwardWithDiagnostics(x);
  const snapshots = sequencer.journal.snapshots();
  assertEquals(snapshots.map(({ step }) => step), [2, 3]);
  assertEquals(snapshots[0]!.survivors, [0, 1]);
  assertEquals(snapshots[0]!.discarded, [2]);
  const { diagnostics } = await sequencer.forwardWithDiagnostics(x);
  assertEquals(sequencer.journal.snapshots().at(-1), {
    step: 4,
    survivors: [0, 1],
    discarded: [2],
    telemetry: diagnostics.preDiscard!,
  });
  // Questions are no passes.
  await sequencer.diagnostics(x);
  assertEquals(sequencer.journal.snapshots().at(-1)?.step, 4);
  sequencer.journal.clear();
  assertEquals(sequencer.journal.snapshots(), []);
});

Deno.test("The journal takes note of passes that a compiled function has computed", async () => {
  const sequencer = make();
  const x = SEQUENCER_INPUTS.B();
  using step = compile((x) => ({ ...sequencer.forwardWithCoherence(x!) }));
  await sequencer.deliverStages({ input: x, ...await step(x) });
  assertEquals(sequencer.journal.snapshots().length, 1);
});

Deno.test("diagnostics() says what is left after a discard, as a pass does", async () => {
  const sequencer = make();
  const x = SEQUENCER_INPUTS.B();
  const asked = await sequencer.diagnostics(x);
  const { diagnostics } = await sequencer.forwardWithDiagnostics(x);
  assertEquals(asked, diagnostics);
  assertEquals(asked.channelWeights[2], 0);
  assertEquals(asked.preDiscard?.discarded, 1);
});

Deno.test("A discard of rows with weights of their own is told of their mean", async () => {
  const sequencer = make({ pooling: "row", preDiscard: { dominanceRatio: 0 } });
  // The first row keeps channel 0, the second one channel 2.
  const band = (at: number) =>
    Array.from(
      { length: 12 },
      (_, j) => Math.floor(j / 4) === at ? .5 : .1,
    );
  const { diagnostics } = await sequencer.forwardWithDiagnostics(
    tensor([band(0), band(2)]),
  );
  const [{ survivors, discarded } = { survivors: [], discarded: [] }] =
    sequencer.journal.snapshots();
  assertEquals([survivors, discarded], [[0, 2], [1]]);
  assertClose([diagnostics.preDiscard!.preservedRatio], [2 / 3]);
  assertClose(diagnostics.channelWeights, [.5, 0, .5]);
});

Deno.test("A regulator moves the ratio of the next pass, not of one that is described already", async () => {
  const regulator = new PreDiscardRegulator(HALVES);
  const sequencer = make({ regulator });
  assertEquals(sequencer.preDiscard?.dominanceRatio, .5);
  const x = SEQUENCER_INPUTS.B();
  const ratios = await Promise.all([1, 2].map(async () => {
    const { diagnostics } = await sequencer.forwardWithDiagnostics(x);
    return diagnostics.preDiscard!.ratio;
  }));
  assertEquals(ratios, [.5, .5]);
  // All channels stay: the error is .5, and each step as long as it may be.
  assertClose([regulator.dominanceRatio], [.1], { tolerance: 1e-12 });
  assertEquals(sequencer.preDiscard?.dominanceRatio, regulator.dominanceRatio);
  const preserved: number[] = [];
  for (let i = 0; i < 8; i++) {
    const { diagnostics } = await sequencer.forwardWithDiagnostics(x);
    preserved.push(diagnostics.preserved);
  }
  // Weights are next to alike, so that only the least ratios leave any out.
  assertEquals([Math.min(...preserved), Math.max(...preserved)], [1, 3]);
});

Deno.test("A journal of no size, and a regulator without a policy, are refused", () => {
  const error = assertThrows(
    () => make({ preDiscard: { dominanceRatio: .5, journalSize: 0 } }),
    OptionError,
  );
  assertEquals(error.details["name"], "preDiscard.journalSize");
  assertThrows(
    () =>
      new ZSpaceCoherenceSequencer({
        dim: 12,
        heads: 3,
        regulator: new PreDiscardRegulator(HALVES),
      }),
    OptionError,
    "for the regulator to steer",
  );
});
