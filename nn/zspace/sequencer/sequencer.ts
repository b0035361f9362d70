import {
  type BackendName,
  optionsOf,
  type Tensor,
  tensor,
} from "../../../ops/mod.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import {
  type ChannelReport,
  CoherenceEngine,
} from "../coherence/coherence_engine.ts";
import { contourOf, type LinguisticContour } from "../coherence/contour.ts";
import type { CoherenceDiagnostics } from "../coherence/diagnostics.ts";
import type { LinguisticProfile } from "../coherence/linguistic_profile.ts";
import type { PreDiscardPolicy } from "../coherence/pre_discard.ts";
import type { PreDiscardJournal } from "../coherence/pre_discard_journal.ts";
import { assertBridges } from "../language/language_bridging.ts";
import type { MaxwellBridge } from "../language/maxwell_bridge.ts";
import type { SemanticBridge } from "../language/semantic_bridge.ts";
import type { Parameter } from "../../parameter.ts";
import { SequencerDiscards } from "./discards.ts";
import {
  type ComputedPass,
  type Pass,
  PassObserver,
  type ReadPass,
} from "./pass.ts";
import { isTraced } from "./is_traced.ts";
import {
  type MeasureOptions,
  SequencerGraph,
  type SequencerOutputs,
} from "./sequencer_graph.ts";
import { FORWARD_KINDS } from "./stage.ts";
import {
  type ResolvedSequencer,
  resolveSequencer,
  type SequencerOptions,
} from "./sequencer_options.ts";
import { WatchedModule } from "./watched_module.ts";

/** What a pass must have computed before plugins are told of it. */
const STAGED = [
  "output",
  "coherence",
  "measured",
  "projected",
  "aggregated",
] as const;

/**
 * Bends rows into the ball, weighs bands of their columns, and smooths each row along its columns.
 *
 * For rows `x [rows, dim]`: `z = exp0(x)`; weights `w` of the channels, which add up to 1; then
 * `a_j = w_channel(j) z_j`, smoothed by a moving average forwards and another one backwards.
 *
 * **What it is not**: rows meet only in the weights of a call, and not at all with pooling by row. So it
 * smooths bands of features and is no replacement for attention; to mix tokens, use attention or
 * {@linkcode CoherenceScan}.
 *
 * **Shapes**: `x [..., dim] -> y [..., dim]`. Learned weights have the parameters `coherence.logits
 * [channels]`, `coherence.logTemperature [1]` and `ema.betaLogit [1]`, and start as the classic ones.
 *
 * **Numerics**: the result is about `1/channels` of the input; `rescale` makes up for it. Values must be
 * finite: computing the result of others fails with `NON_FINITE_VALUE`.
 *
 * **Source**: the coherence sequencer of SpiralTorch, with the exponential map in the place of its
 * projection; `geometry: "classic"` has the latter.
 *
 * @example Weights of two channels
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { ZSpaceCoherenceSequencer } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const sequencer = new ZSpaceCoherenceSequencer({ dim: 16, heads: 2 });
 * const { output, diagnostics } = await sequencer.forwardWithDiagnostics(ones([3, 16]));
 * assertAlmostEquals(diagnostics.channelWeights[0]!, 0.5, 1e-6);
 * console.assert(output.shape[1] === 16);
 * ```
 */
export class ZSpaceCoherenceSequencer extends WatchedModule {
  /** What it was made of. */
  readonly settings: ResolvedSequencer;
  readonly #engine: CoherenceEngine;
  readonly #graph: SequencerGraph;
  readonly #learned: ReadonlyMap<string, Parameter>;
  readonly #tracked: Disposable | undefined;
  readonly #discards: SequencerDiscards;
  readonly #passes: PassObserver;

  /**
   * Constructs a new instance.
   *
   * @param options Sizes, curvature, and how weights come about.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` or `CURVATURE_MISMATCH` for curvatures.
   * @throws {OptionError} `INVALID_OPTION` with every other option that is out of range.
   */
  constructor(options: SequencerOptions) {
    const settings = resolveSequencer(options);
    super(settings.name);
    this.settings = settings;
    const { dim, curvature, channels } = settings;
    const engine = new CoherenceEngine({ dim, curvature, channels });
    this.#engine = engine;
    this.#graph = new SequencerGraph(settings, engine);
    const { stages } = this;
    this.#discards = new SequencerDiscards(settings);
    this.#passes = new PassObserver(settings, { engine, stages });
    this.#learned = this.#graph.parameters();
    this.#tracked = options.hub?.track(this);
  }

  /** What smoothing follows from. */
  get concept(): ResolvedSequencer["concept"] {
    return this.settings.concept;
  }

  /** Which channels the next pass leaves out; a regulator may have moved its ratio. */
  get preDiscard(): PreDiscardPolicy | undefined {
    return this.#discards.policy;
  }

  /** The last discards of passes that plugins were told of, or that diagnostics were asked of. */
  get journal(): PreDiscardJournal {
    return this.#discards.journal;
  }

  /** What is learned, by name; nothing where weights are classic. */
  override ownParameters(): Map<string, Parameter> {
    return new Map(this.#learned);
  }

  /**
   * Describes the smoothed rows. Where plugins are attached, and outside compiled functions, what they
   * are to be told is computed later; {@linkcode ZSpaceCoherenceSequencer.settled} waits for it.
   *
   * @param x Rows, `[..., dim]`.
   * @returns Rows, `[..., dim]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   * @throws {ZSpaceError} `EMPTY_INPUT` if there are no rows; `VOLUME_EXCEEDED` if there are too many.
   */
  override forward(x: Tensor): Tensor {
    const pass = this.#describe(x);
    if (this.stages.wants(FORWARD_KINDS) && !isTraced(x.node)) {
      void this.#tell(pass).catch(() => {
        // Whoever computes the result is told why it cannot be computed.
      });
    }
    return pass.outputs.output;
  }

  /**
   * Describes the smoothed rows, and what they come from. No plugin is told.
   *
   * @param x Rows, `[..., dim]`.
   * @returns The result, weights, and rows on the way.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   * @throws {ZSpaceError} `EMPTY_INPUT` if there are no rows; `VOLUME_EXCEEDED` if there are too many.
   */
  forwardWithCoherence(x: Tensor): SequencerOutputs {
    return this.#describe(x).outputs;
  }

  /**
   * Computes the smoothed rows and says what the pass was like. Plugins have been told by then.
   *
   * @param x Rows, `[..., dim]`.
   * @returns The result and weights, computed, and the diagnostics.
   * @throws {TensorError} `NON_FINITE_VALUE` if a value is not finite.
   */
  async forwardWithDiagnostics(x: Tensor): Promise<ComputedPass> {
    return await this.#tell(this.#describe(x));
  }

  /**
   * Computes the smoothed rows, and reads their columns as tokens: what those mean, and what a bridge adds.
   * Plugins have been told by then, of the pass first.
   *
   * @param x Rows, `[..., dim]`.
   * @param semantics What tokens mean.
   * @param bridge What the pass's pulse hints at.
   * @returns The result and weights, computed, the diagnostics, and what the pass says.
   * @throws {OptionError} `INVALID_OPTION` if one of both is none.
   * @throws {TensorError} `NON_FINITE_VALUE` if a value is not finite.
   */
  async forwardWithLanguageBridges(
    x: Tensor,
    semantics: SemanticBridge,
    bridge: MaxwellBridge,
  ): Promise<ReadPass> {
    assertBridges(semantics, bridge);
    const pass = this.#describe(x);
    return await this.stages.enqueue(async () => {
      const computed = await this.#tellNow(pass);
      const given = { ...computed, semantics, bridge };
      return { ...computed, language: await this.#passes.read(pass, given) };
    });
  }

  /**
   * Says what a pass would be like. No plugin is told.
   *
   * @param x Rows, `[..., dim]`.
   * @param options Whether rows are measured inside the ball.
   * @returns The diagnostics.
   */
  async diagnostics(
    x: Tensor,
    options?: MeasureOptions,
  ): Promise<CoherenceDiagnostics> {
    const pass = this.#describe(x);
    const measured = this.#weigh(x, options);
    const coherence = pass.policy?.apply(measured) ?? measured;
    const outputs = { ...pass.outputs, measured, coherence };
    const { diagnostics } = await this.#passes.describe({ ...pass, outputs });
    return diagnostics;
  }

  /**
   * Tells which profile makes each channel count most, and its weight.
   *
   * @param x Rows, `[..., dim]`.
   * @param options Whether rows are measured inside the ball.
   * @returns A report for each channel.
   */
  async describeChannels(
    x: Tensor,
    options?: MeasureOptions,
  ): Promise<ChannelReport[]> {
    const weights = await this.#passes.meanWeights(this.#weigh(x, options));
    const reports = this.#engine.describeChannels(weights);
    await this.stages.announce(
      "ChannelsDescribed",
      () => ({ kind: "ChannelsDescribed", reports }),
    );
    return reports;
  }

  /**
   * Tells how the weights of the channels lie.
   *
   * @param x Rows, `[..., dim]`.
   * @param options Whether rows are measured inside the ball.
   * @returns The contour.
   */
  async emitLinguisticContour(
    x: Tensor,
    options?: MeasureOptions,
  ): Promise<LinguisticContour> {
    const weights = await this.#passes.meanWeights(this.#weigh(x, options));
    const contour = contourOf(weights, this.settings.curvature);
    await this.stages.announce(
      "LinguisticContourEmitted",
      () => ({
        kind: "LinguisticContourEmitted",
        coherence: tensor(weights),
        contour,
      }),
    );
    return contour;
  }

  /**
   * Makes some channels count more from the next pass on.
   *
   * @param profile How much each counts.
   * @throws {ZSpaceError} `NON_POSITIVE_WEIGHT` if its emphasis or a bias is not above 0.
   */
  registerLinguisticProfile(profile: LinguisticProfile): void {
    this.#engine.registerLinguisticProfile(profile);
    void this.stages.announce(
      "LinguisticProfileRegistered",
      () => ({ kind: "LinguisticProfileRegistered", profile }),
    );
  }

  /** Forgets all profiles. */
  clearLinguisticProfiles(): void {
    const count = this.#engine.clearLinguisticProfiles();
    void this.stages.announce(
      "LinguisticProfilesCleared",
      () => ({ kind: "LinguisticProfilesCleared", count }),
    );
  }

  /**
   * Chooses where the sequencer computes what it computes itself: diagnostics, and what plugins are
   * told. What is merely described is computed wherever its user wants it.
   *
   * @param name Name of the backend.
   * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name; `BACKEND_UNAVAILABLE` if this
   * machine cannot run it.
   */
  async setBackend(name: BackendName): Promise<void> {
    await this.#passes.setBackend(name);
    await this.stages.announce(
      "BackendConfigured",
      () => ({ kind: "BackendConfigured", backend: name }),
    );
  }

  /**
   * Tells plugins of a pass that a compiled function has computed. The journal and a regulator take note
   * of its discard too.
   *
   * @param computed The rows, and what {@linkcode ZSpaceCoherenceSequencer.forwardWithCoherence} described,
   * computed.
   * @returns When they have been told.
   * @throws {OptionError} `INVALID_OPTION` if something is missing.
   */
  async deliverStages(
    computed: SequencerOutputs & { readonly input: Tensor },
  ): Promise<void> {
    const { input, ...outputs } = optionsOf("deliverStages", computed);
    assertTensor(
      "deliverStages",
      input,
      ...STAGED.map((name) => outputs[name]),
    );
    const pass = this.#pass();
    if (!pass.policy && !this.stages.wants(FORWARD_KINDS)) return;
    await this.#tell({ ...pass, input, outputs });
  }

  /** Gives the memory of parameters back, and leaves the hub. */
  override dispose(): void {
    super.dispose();
    this.#tracked?.[Symbol.dispose]();
    this.#passes.dispose();
  }

  /** What a pass that begins now is described by. */
  #pass(): Pick<Pass, "policy" | "smoothing"> {
    const { policy } = this.#discards;
    return { policy, smoothing: this.#graph.smoothing(this.ownParameters()) };
  }

  #weigh(x: Tensor, options?: MeasureOptions): Tensor {
    return this.#graph.weigh(x, this.ownParameters(), options);
  }

  #describe(input: Tensor): Pass {
    const { policy, smoothing } = this.#pass();
    const parameters = this.ownParameters();
    const outputs = this.#graph.describe(input, { parameters, policy });
    return { input, outputs, policy, smoothing };
  }

  /** Computes a pass in its turn, and tells plugins of it. */
  async #tell(pass: Pass): Promise<ComputedPass> {
    return await this.stages.enqueue(() => this.#tellNow(pass));
  }

  async #tellNow(pass: Pass): Promise<ComputedPass> {
    const { diagnostics, discard } = await this.#passes.tell(pass);
    if (discard) this.#discards.record(discard);
    const { output, coherence } = pass.outputs;
    return { output, coherence, diagnostics };
  }
}
