/**
 * The ball: its geometry, the coherence sequencer and those who watch it, layers, optimizers and traces.
 *
 * @module
 */

export {
  SequencerHub,
  type SequencerHubOptions,
} from "./bridge/sequencer_hub.ts";
export {
  type ChannelReport,
  CoherenceEngine,
  type CoherenceEngineOptions,
  type Pooling,
} from "./coherence/coherence_engine.ts";
export { contourOf, type LinguisticContour } from "./coherence/contour.ts";
export {
  type ControlInput,
  controlOf,
  type PartialGains,
  type PartialMetrics,
  partialMetricsOf,
  type SpectralControl,
} from "./coherence/control.ts";
export type {
  CoherenceDiagnostics,
  CoherencePulse,
} from "./coherence/diagnostics.ts";
export {
  type CoherenceLabel,
  isSwapInvariant,
  labelCoherence,
  type LabeledCoherence,
  type LabelOptions,
} from "./coherence/label.ts";
export type {
  LinguisticConcept,
  LinguisticProfile,
} from "./coherence/linguistic_profile.ts";
export {
  type PreDiscardOptions,
  type PreDiscardOutcome,
  PreDiscardPolicy,
  type PreDiscardTelemetry,
} from "./coherence/pre_discard.ts";
export {
  PreDiscardJournal,
  type PreDiscardSnapshot,
} from "./coherence/pre_discard_journal.ts";
export {
  type PreDiscardObservation,
  PreDiscardRegulator,
  type PreDiscardRegulatorState,
} from "./coherence/pre_discard_regulator.ts";
export type { PreDiscardRegulatorOptions } from "./coherence/pre_discard_regulator_options.ts";
export { type SimplexSummary, summarizeSimplex } from "./coherence/simplex.ts";
export {
  ERROR_CODES as ZSPACE_ERROR_CODES,
  ZSpaceError,
  type ZSpaceErrorCode,
} from "./errors.ts";
export type {
  DistanceOptions,
  Exp0Options,
  PoincareBallOptions,
  RandomPointsOptions,
} from "./geometry/ball_options.ts";
export type { ClassicBall, ClassicOptions } from "./geometry/classic_ball.ts";
export { LearnableCurvature } from "./geometry/learnable_curvature.ts";
export { PoincareBall } from "./geometry/poincare_ball.ts";
export { type Distortion, distortionOf } from "./hierarchy/distortion.ts";
export {
  type Reconstruction,
  reconstructionOf,
} from "./hierarchy/reconstruction.ts";
export type { Relation } from "./hierarchy/relation.ts";
export {
  RelationLoader,
  type RelationLoaderOptions,
} from "./hierarchy/relation_loader.ts";
export {
  stepsBetween,
  type StepsBetweenOptions,
} from "./hierarchy/steps_between.ts";
export {
  treeEmbedding,
  type TreeEmbeddingOptions,
} from "./hierarchy/tree_embedding.ts";
export type { LanguageBridging } from "./language/language_bridging.ts";
export {
  LanguageWaveEncoder,
  type LanguageWaveOptions,
} from "./language/language_wave_encoder.ts";
export {
  MaxwellBridge,
  type MaxwellBridgeOptions,
  type MaxwellChannel,
  type MaxwellEmission,
  type Narrative,
} from "./language/maxwell_bridge.ts";
export {
  SemanticBridge,
  type TokenWeight,
} from "./language/semantic_bridge.ts";
export type { BendConfig, BendOptions } from "./layers/bend.ts";
export {
  CoherenceScan,
  type CoherenceScanConfig,
  coherenceScanDefinition,
} from "./layers/coherence_scan.ts";
export {
  HyperbolicEmbedding,
  type HyperbolicEmbeddingConfig,
  hyperbolicEmbeddingDefinition,
  type HyperbolicEmbeddingOptions,
} from "./layers/hyperbolic_embedding.ts";
export {
  HyperbolicLinear,
  type HyperbolicLinearConfig,
  hyperbolicLinearDefinition,
  type HyperbolicLinearOptions,
} from "./layers/hyperbolic_linear.ts";
export {
  HyperbolicMlr,
  type HyperbolicMlrConfig,
  hyperbolicMlrDefinition,
  type HyperbolicMlrOptions,
} from "./layers/hyperbolic_mlr.ts";
export {
  type ResonatorConfig,
  type ResonatorOptions,
  ToposResonator,
  toposResonatorDefinition,
} from "./layers/topos_resonator.ts";
export {
  WaveGate,
  type WaveGateConfig,
  waveGateDefinition,
  type WaveGateOptions,
} from "./layers/wave_gate.ts";
export {
  ZSpaceLayerNorm,
  type ZSpaceLayerNormConfig,
  zspaceLayerNormDefinition,
} from "./layers/zspace_layer_norm.ts";
export { ZSpaceMixer, zspaceMixerDefinition } from "./layers/zspace_mixer.ts";
export {
  type ProjectorConfig,
  projectorDefinition,
  type ProjectorOptions,
  ZSpaceProjector,
} from "./layers/zspace_projector.ts";
export {
  ZSpaceSoftmax,
  type ZSpaceSoftmaxConfig,
  zspaceSoftmaxDefinition,
} from "./layers/zspace_softmax.ts";
export {
  type ClassicHypergradOptions,
  ClassicHypergradTape,
} from "./optimizers/classic_hypergrad_tape.ts";
export { ManifoldParameter } from "./optimizers/manifold_parameter.ts";
export {
  RiemannianAdam,
  riemannianAdamDefinition,
  type RiemannianAdamOptions,
} from "./optimizers/riemannian_adam.ts";
export {
  RiemannianSgd,
  riemannianSgdDefinition,
  type RiemannianSgdOptions,
} from "./optimizers/riemannian_sgd.ts";
export { sequencerDefinition } from "./sequencer/definition.ts";
export type { ComputedPass, ReadPass } from "./sequencer/pass.ts";
export { ZSpaceCoherenceSequencer } from "./sequencer/sequencer.ts";
export type {
  MeasureOptions,
  SequencerOutputs,
} from "./sequencer/sequencer_graph.ts";
export type {
  ResolvedSequencer,
  SequencerConfig,
  SequencerDiscardOptions,
  SequencerOptions,
  SequencerTracker,
} from "./sequencer/sequencer_options.ts";
export {
  FORWARD_KINDS,
  STAGE_KINDS,
  type StageDraft,
  type StageFailure,
  type StageKind,
  type StagePayloads,
  type StageReport,
  type ZSpaceSequencerPlugin,
  type ZSpaceSequencerStage,
} from "./sequencer/stage.ts";
export type {
  StageAudience,
  StageDispatcher,
  StageSource,
} from "./sequencer/stage_dispatcher.ts";
export { WatchedModule } from "./sequencer/watched_module.ts";
export {
  OpenCartesianTopos,
  type RewriteOptions,
  type ToposOptions,
} from "./topos/open_cartesian_topos.ts";
export { parseTraceRecord } from "./trace/parse_trace_record.ts";
export { traceToHtml } from "./trace/trace_page.ts";
export {
  TRACE_SCHEMA,
  TRACE_SCHEMA_VERSION,
  type TraceRecord,
  type TraceTensor,
} from "./trace/trace_record.ts";
export {
  type TraceRecorderOptions,
  ZSpaceTraceRecorder,
} from "./trace/trace_recorder.ts";
