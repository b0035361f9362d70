/**
 * What is said of a pass once it has been computed: diagnostics, and its stages.
 *
 * @module
 */
import {
  type Backend,
  type BackendName,
  createBackend,
  realizeOn,
  type Tensor,
  tensor,
} from "../../../ops/mod.ts";
import type { CoherenceEngine } from "../coherence/coherence_engine.ts";
import {
  type CoherenceDiagnostics,
  diagnose,
  meanWeights,
} from "../coherence/diagnostics.ts";
import type {
  PreDiscardOutcome,
  PreDiscardPolicy,
} from "../coherence/pre_discard.ts";
import {
  bridgeLanguage,
  type LanguageBridging,
} from "../language/language_bridging.ts";
import type { SequencerOutputs } from "./sequencer_graph.ts";
import type { ResolvedSequencer } from "./sequencer_options.ts";
import { FORWARD_KINDS } from "./stage.ts";
import type { StageDispatcher } from "./stage_dispatcher.ts";
import { tellLanguage } from "./tell_language.ts";

/** One pass as it was described. */
export interface Pass {
  /** The rows. */
  readonly input: Tensor;
  /** What was described of them. */
  readonly outputs: SequencerOutputs;
  /** What left channels out. */
  readonly policy: PreDiscardPolicy | undefined;
  /** The share of a new value in the moving averages. */
  readonly smoothing: number | Tensor;
}

/** A pass that has been computed. */
export interface ComputedPass {
  /** The result. */
  readonly output: Tensor;
  /** Weights of the channels. */
  readonly coherence: Tensor;
  /** What the pass was like. */
  readonly diagnostics: CoherenceDiagnostics;
}

/** A pass that has been computed, and whose columns have been read as tokens. */
export interface ReadPass extends ComputedPass {
  /** What it says. */
  readonly language: LanguageBridging;
}

/** What a computed pass was like. */
export interface PassReport {
  /** In numbers. */
  readonly diagnostics: CoherenceDiagnostics;
  /** Which channels stayed and which went, where some are left out. */
  readonly discard: PreDiscardOutcome | undefined;
}

/** Computes passes, says what they were like, and tells plugins of them. */
export class PassObserver {
  readonly #settings: ResolvedSequencer;
  readonly #engine: CoherenceEngine;
  readonly #stages: StageDispatcher;
  #backend: Backend | undefined;

  /**
   * Constructs a new instance.
   *
   * @param settings What the sequencer was made of.
   * @param parts What describes channels, and who is told.
   */
  constructor(settings: ResolvedSequencer, { engine, stages }: {
    readonly engine: CoherenceEngine;
    readonly stages: StageDispatcher;
  }) {
    this.#settings = settings;
    this.#engine = engine;
    this.#stages = stages;
  }

  /**
   * Chooses where passes are computed.
   *
   * @param name Name of the backend.
   * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name; `BACKEND_UNAVAILABLE` if this
   * machine cannot run it.
   */
  async setBackend(name: BackendName): Promise<void> {
    const backend = await createBackend(name);
    const former = this.#backend;
    this.#backend = backend;
    await former?.[Symbol.asyncDispose]();
  }

  /** Gives the backend back. */
  dispose(): void {
    void this.#backend?.[Symbol.asyncDispose]();
    this.#backend = undefined;
  }

  /**
   * Computes a pass, and tells plugins of it.
   *
   * @param pass The pass.
   * @returns What it was like.
   */
  async tell(pass: Pass): Promise<PassReport> {
    const { input, outputs } = pass;
    const { output, coherence, measured, projected, aggregated } = outputs;
    const isWatched = this.#stages.wants(FORWARD_KINDS);
    await this.#realize(
      isWatched
        ? [output, coherence, measured, aggregated, projected, input]
        : [output, coherence, measured, aggregated],
    );
    const report = await this.describe(pass);
    if (isWatched) await this.#deliver(pass, report);
    return report;
  }

  /**
   * Says what a pass was like, computing what it takes.
   *
   * @param pass The pass.
   * @returns What it was like.
   */
  async describe({ outputs, policy, smoothing }: Pass): Promise<PassReport> {
    const { coherence, measured, aggregated } = outputs;
    const { channels, dim, curvature } = this.#settings;
    await this.#realize([coherence, measured, aggregated]);
    const weights = await coherence.data();
    const discard = policy && coherence !== measured
      ? discardOf(policy, {
        before: await measured.data(),
        after: weights,
        channels,
      })
      : undefined;
    const diagnostics = diagnose({
      weights,
      channels,
      channelWidth: this.#engine.channelWidth,
      dim,
      aggregated: await aggregated.data(),
      curvature,
      beta: typeof smoothing === "number" ? smoothing : await smoothing.item(),
      report: (mean) => this.#engine.describeChannels(mean),
      preDiscard: discard?.telemetry,
    });
    return { diagnostics, discard };
  }

  /**
   * Reads a computed pass, and tells plugins what it says.
   *
   * @param pass The pass.
   * @param given What it was like, what tokens mean, and what a pulse hints at.
   * @returns What it says.
   */
  async read(
    { outputs }: Pass,
    { diagnostics, ...bridges }:
      & Parameters<typeof bridgeLanguage>[1]
      & Pick<PassReport, "diagnostics">,
  ): Promise<LanguageBridging> {
    const { dim, concept } = this.#settings;
    const { channelWidth } = this.#engine;
    const aggregated = await outputs.aggregated.data();
    const said = bridgeLanguage(
      { aggregated, dim, channelWidth, concept, diagnostics },
      bridges,
    );
    await tellLanguage(this.#stages, said);
    return said;
  }

  /**
   * Computes weights.
   *
   * @param weights The weights: of the call, or one list a row.
   * @returns A weight for each channel, the mean over rows.
   */
  async meanWeights(weights: Tensor): Promise<readonly number[]> {
    await this.#realize([weights]);
    return meanWeights(await weights.data(), this.#settings.channels).weights;
  }

  async #realize(tensors: readonly Tensor[]): Promise<void> {
    await realizeOn(tensors, { backend: this.#backend });
  }

  async #deliver(
    { input, outputs }: Pass,
    { diagnostics, discard }: PassReport,
  ): Promise<void> {
    const { coherence, measured, projected, aggregated } = outputs;
    const { curvature, geometry } = this.#settings;
    const stages = this.#stages;
    await stages.deliver("Projected", async () => ({
      kind: "Projected",
      input: await copyOf(input),
      projected: await copyOf(projected),
      curvature,
      geometry,
    }));
    await stages.deliver("CoherenceMeasured", async () => ({
      kind: "CoherenceMeasured",
      zSpace: await copyOf(projected),
      coherence: await copyOf(measured),
    }));
    if (discard) {
      await stages.deliver("PreDiscardApplied", async () => ({
        kind: "PreDiscardApplied",
        original: await copyOf(measured),
        filtered: await copyOf(coherence),
        ...discard,
      }));
    }
    await stages.deliver("Aggregated", async () => ({
      kind: "Aggregated",
      aggregated: await copyOf(aggregated),
      coherence: await copyOf(coherence),
      diagnostics,
    }));
  }
}

/** What a discard did; of rows that have weights of their own, to their mean. */
function discardOf(
  policy: PreDiscardPolicy,
  { before, after, channels }: {
    readonly before: ArrayLike<number>;
    readonly after: ArrayLike<number>;
    readonly channels: number;
  },
): PreDiscardOutcome {
  const { weights, repairs } = meanWeights(before, channels);
  const kept = meanWeights(after, channels).weights;
  return policy.describe(weights, kept, repairs);
}

/** A tensor of the same elements whose memory is its own, for plugins to keep. */
async function copyOf(x: Tensor): Promise<Tensor> {
  return tensor(Float32Array.from(await x.data()), { shape: x.shape });
}
