/**
 * What is said of a pass once it has been computed: diagnostics, and its stages.
 *
 * @module
 */
import { type Tensor, tensor } from "../../../ops/mod.ts";
import type { CoherenceEngine } from "../coherence/coherence_engine.ts";
import {
  type CoherenceDiagnostics,
  diagnose,
} from "../coherence/diagnostics.ts";
import type { PreDiscardPolicy } from "../coherence/pre_discard.ts";
import type { SequencerOutputs } from "./sequencer_graph.ts";
import type { ResolvedSequencer } from "./sequencer_options.ts";
import type { StageDispatcher } from "./stage_dispatcher.ts";

/**
 * Says what a pass was like.
 *
 * @param outputs The pass, computed.
 * @param sequencer What it was computed by.
 * @returns The diagnostics.
 */
export async function diagnosePass(
  { coherence, measured, aggregated }: SequencerOutputs,
  { settings, engine, beta }: {
    readonly settings: ResolvedSequencer;
    readonly engine: CoherenceEngine;
    readonly beta: number;
  },
): Promise<CoherenceDiagnostics> {
  const { channels, dim, curvature, preDiscard } = settings;
  const weights = await coherence.data();
  return diagnose({
    weights,
    channels,
    channelWidth: engine.channelWidth,
    dim,
    aggregated: await aggregated.data(),
    curvature,
    beta,
    report: (mean) => engine.describeChannels(mean),
    preDiscard: coherence === measured
      ? undefined
      : preDiscard?.describe(await measured.data(), weights).telemetry,
  });
}

/**
 * Tells plugins of a pass.
 *
 * @param stages Who is told.
 * @param pass The pass, computed.
 * @param said What has been said of it, and what left channels out.
 */
export async function tellPass(
  stages: StageDispatcher,
  { input, coherence, measured, projected, aggregated }:
    & SequencerOutputs
    & { readonly input: Tensor },
  { diagnostics, preDiscard }: {
    readonly diagnostics: CoherenceDiagnostics;
    readonly preDiscard: PreDiscardPolicy | undefined;
  },
): Promise<void> {
  await stages.deliver("Projected", async () => ({
    kind: "Projected",
    input: await copyOf(input),
    projected: await copyOf(projected),
  }));
  await stages.deliver("CoherenceMeasured", async () => ({
    kind: "CoherenceMeasured",
    zSpace: await copyOf(projected),
    coherence: await copyOf(measured),
  }));
  if (preDiscard) {
    await stages.deliver("PreDiscardApplied", async () => ({
      kind: "PreDiscardApplied",
      original: await copyOf(measured),
      filtered: await copyOf(coherence),
      ...preDiscard.describe(await measured.data(), await coherence.data()),
    }));
  }
  await stages.deliver("Aggregated", async () => ({
    kind: "Aggregated",
    aggregated: await copyOf(aggregated),
    coherence: await copyOf(coherence),
    diagnostics,
  }));
}

/** A tensor of the same elements whose memory is its own, for plugins to keep. */
async function copyOf(x: Tensor): Promise<Tensor> {
  return tensor(Float32Array.from(await x.data()), { shape: x.shape });
}
