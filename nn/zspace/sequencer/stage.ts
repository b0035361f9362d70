/**
 * What a sequencer tells those who watch it: one stage after another, in the order in which things
 * happen.
 *
 * @module
 */
import type { Tensor } from "../../../ops/mod.ts";
import type { ChannelReport } from "../coherence/coherence_engine.ts";
import type { LinguisticContour } from "../coherence/contour.ts";
import type { CoherenceDiagnostics } from "../coherence/diagnostics.ts";
import type { LinguisticProfile } from "../coherence/linguistic_profile.ts";
import type { PreDiscardTelemetry } from "../coherence/pre_discard.ts";
import type { LanguageBridging } from "../language/language_bridging.ts";
import type { TokenWeight } from "../language/semantic_bridge.ts";

/** Payloads of the stages, by kind. Tensors are computed and are not to be changed. */
export interface StagePayloads {
  /** Rows were bent into the ball. */
  readonly Projected: {
    readonly input: Tensor;
    readonly projected: Tensor;
    readonly curvature: number;
    readonly geometry: "exact" | "classic";
  };
  /** Channels were weighed. */
  readonly CoherenceMeasured: {
    readonly zSpace: Tensor;
    readonly coherence: Tensor;
  };
  /** Channels were left out. */
  readonly PreDiscardApplied: {
    readonly original: Tensor;
    readonly filtered: Tensor;
    readonly telemetry: PreDiscardTelemetry;
    readonly survivors: readonly number[];
    readonly discarded: readonly number[];
  };
  /** Rows were smoothed. */
  readonly Aggregated: {
    readonly aggregated: Tensor;
    readonly coherence: Tensor;
    readonly diagnostics: CoherenceDiagnostics;
  };
  /** Another backend was chosen. */
  readonly BackendConfigured: { readonly backend: string };
  /** A profile was added. */
  readonly LinguisticProfileRegistered: { readonly profile: LinguisticProfile };
  /** All profiles were forgotten. */
  readonly LinguisticProfilesCleared: { readonly count: number };
  /** The contour of weights was asked for. */
  readonly LinguisticContourEmitted: {
    readonly coherence: Tensor;
    readonly contour: LinguisticContour;
  };
  /** Reports of channels were asked for. */
  readonly ChannelsDescribed: { readonly reports: readonly ChannelReport[] };
  /** Columns were read as tokens. */
  readonly SemanticWindowDerived: Pick<LanguageBridging, "window" | "tokens">;
  /** Tokens were read as concepts. */
  readonly SemanticDistributionDerived: Pick<LanguageBridging, "distribution">;
  /** The concept that a bridge is asked about. */
  readonly CanonicalConceptSelected: Pick<
    LanguageBridging,
    "concept" | "label"
  >;
  /** A bridge has answered. */
  readonly MaxwellBridgeEmitted:
    & Pick<LanguageBridging, "pulse" | "narrative">
    & { readonly hint: readonly TokenWeight[] };
  /** What the answer means has been added to the concepts. */
  readonly SemanticWindowFused: { readonly window: readonly number[] };
  /** All of it. */
  readonly LanguageBridged: LanguageBridging;
}

/** Which stage it is. */
export type StageKind = keyof StagePayloads;

/** Every kind of stage. */
export const STAGE_KINDS: readonly StageKind[] = [
  "Projected",
  "CoherenceMeasured",
  "PreDiscardApplied",
  "Aggregated",
  "BackendConfigured",
  "LinguisticProfileRegistered",
  "LinguisticProfilesCleared",
  "LinguisticContourEmitted",
  "ChannelsDescribed",
  "SemanticWindowDerived",
  "SemanticDistributionDerived",
  "CanonicalConceptSelected",
  "MaxwellBridgeEmitted",
  "SemanticWindowFused",
  "LanguageBridged",
];

/** The kinds of stages of one forward pass, in order. */
export const FORWARD_KINDS: readonly StageKind[] = [
  "Projected",
  "CoherenceMeasured",
  "PreDiscardApplied",
  "Aggregated",
];

/** What happened: which stage, and its payload. */
export type StageDraft = {
  readonly [Kind in StageKind]:
    & {
      /** Which stage it is. */
      readonly kind: Kind;
    }
    & StagePayloads[Kind];
}[StageKind];

/** A stage: what happened, and which stage of which sequencer it is. Frozen. */
export type ZSpaceSequencerStage = StageDraft & {
  /** How many stages the sequencer has told by now, this one included. */
  readonly step: number;
  /** Name of the sequencer. */
  readonly sequencer: string;
};

/** What watches sequencers. An object of any class will do. */
export interface ZSpaceSequencerPlugin {
  /** Its name. */
  readonly name: string;
  /** Which stages it wants, asked when it is attached; all of them if left out. */
  readonly kinds?: readonly string[] | undefined;
  /**
   * Whether its stages are to be published as `ZSpaceTrace` events, all of them or some kinds, where it is
   * registered with an ecosystem and nothing else is said there.
   */
  readonly publishStages?: boolean | readonly string[] | undefined;
  /**
   * Is told of a stage. What it throws is counted and changes nothing.
   *
   * @param stage The stage; all plugins see the same object.
   * @returns Nothing, or a promise that is awaited before the next stage begins.
   */
  onStage(stage: ZSpaceSequencerStage): void | Promise<void>;
}

/** One failure of a plugin. */
export interface StageFailure {
  /** Name of the plugin. */
  readonly plugin: string;
  /** Which stage it was told of. */
  readonly kind: StageKind;
  /** Code of what it threw, where it has one. */
  readonly code?: string;
  /** What it said. */
  readonly message: string;
}

/** What became of the stages of a sequencer. */
export interface StageReport {
  /** How often a plugin was told of a stage and did not fail. */
  readonly delivered: number;
  /** The failures, oldest first; the last 64 of them. */
  readonly failures: readonly StageFailure[];
}
