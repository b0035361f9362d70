/**
 * Models: modules and their parameters, losses and optimizers, data in batches, training, module
 * types by name, and models described as data.
 *
 * @module
 */

export { Parameter, type ParameterOptions } from "./parameter.ts";
export {
  type LoadReport,
  type LoadStateDictOptions,
  Module,
} from "./module.ts";
export { type Seed, seedKey } from "./seed.ts";
export {
  ERROR_CODES,
  NnError,
  type NnErrorCode,
  type StateDictDifference,
} from "./errors.ts";
export {
  printShape,
  type ShapeInference,
  type SymbolicShape,
  type SymbolicSize,
} from "./symbolic_shape.ts";

export {
  AdaptiveAvgPool2d,
  adaptiveAvgPool2dDefinition,
  type AdaptiveAvgPoolConfig,
} from "./layers/adaptive_avg_pool2d.ts";
export {
  AvgPool2d,
  avgPool2dDefinition,
  type AvgPoolConfig,
} from "./layers/avg_pool2d.ts";
export {
  BatchNorm,
  BatchNorm1d,
  batchNorm1dDefinition,
  BatchNorm2d,
  batchNorm2dDefinition,
  type BatchNormConfig,
} from "./layers/batch_norm.ts";
export { Conv1d, conv1dDefinition } from "./layers/conv1d.ts";
export { Conv2d, conv2dDefinition } from "./layers/conv2d.ts";
export {
  ConvTranspose2d,
  convTranspose2dDefinition,
  type ConvTransposeConfig,
  type ConvTransposeLayerOptions,
} from "./layers/conv_transpose2d.ts";
export {
  type ConvConfig,
  type ConvLayerOptions,
  Convolution,
} from "./layers/convolution.ts";
export {
  Dropout,
  type DropoutConfig,
  dropoutDefinition,
  type DropoutOptions,
} from "./layers/dropout.ts";
export {
  Embedding,
  type EmbeddingConfig,
  embeddingDefinition,
  type EmbeddingOptions,
} from "./layers/embedding.ts";
export { Flatten, flattenDefinition } from "./layers/flatten.ts";
export { Gelu, geluDefinition } from "./layers/gelu.ts";
export {
  GroupNorm,
  type GroupNormConfig,
  groupNormDefinition,
} from "./layers/group_norm.ts";
export { LayerNorm, layerNormDefinition } from "./layers/layer_norm.ts";
export {
  Linear,
  type LinearConfig,
  linearDefinition,
  type LinearOptions,
} from "./layers/linear.ts";
export {
  MaxPool2d,
  maxPool2dDefinition,
  type MaxPoolConfig,
} from "./layers/max_pool2d.ts";
export {
  type AttentionConfig,
  type AttentionContext,
  type AttentionLayerOptions,
  MultiheadAttention,
  multiheadAttentionDefinition,
} from "./layers/multihead_attention.ts";
export type { NormConfig } from "./layers/norm_config.ts";
export {
  type Merge,
  Parallel,
  type ParallelOptions,
} from "./layers/parallel.ts";
export { Relu, reluDefinition } from "./layers/relu.ts";
export { Residual } from "./layers/residual.ts";
export { RmsNorm, rmsNormDefinition } from "./layers/rms_norm.ts";
export { Sequential, type SequentialOptions } from "./layers/sequential.ts";
export { Sigmoid, sigmoidDefinition } from "./layers/sigmoid.ts";
export { Silu, siluDefinition } from "./layers/silu.ts";
export {
  Softmax,
  type SoftmaxConfig,
  softmaxDefinition,
} from "./layers/softmax.ts";
export { Tanh, tanhDefinition } from "./layers/tanh.ts";
export {
  type TransformerConfig,
  TransformerEncoderLayer,
  transformerEncoderLayerDefinition,
  type TransformerLayerOptions,
} from "./layers/transformer_encoder_layer.ts";

export {
  crossEntropy,
  crossEntropyDefinition,
} from "./losses/cross_entropy.ts";
export type {
  Loss,
  LossConfig,
  LossOptions,
  Reduction,
} from "./losses/loss.ts";
export { mse, mseDefinition } from "./losses/mse.ts";

export { Adam, adamDefinition, type AdamOptions } from "./optimizers/adam.ts";
export type { Optimizer, OptimizerStep } from "./optimizers/optimizer.ts";
export { Sgd, sgdDefinition, type SgdOptions } from "./optimizers/sgd.ts";

export { cosine, type CosineOptions } from "./schedules/cosine.ts";
export type { Schedule } from "./schedules/schedule.ts";

export {
  ArrayDataset,
  type ArrayDatasetOptions,
  type Dataset,
} from "./data/array_dataset.ts";
export type { Batch, BatchSource } from "./data/batch.ts";
export { DataLoader, type DataLoaderOptions } from "./data/data_loader.ts";

export type {
  TrainerStep,
  TrainingEvent,
  TrainingEvents,
} from "./train/events.ts";
export type { Measures } from "./train/metrics.ts";
export type { EpochReport, TrainingProgress } from "./train/progress.ts";
export { ProgressBar, type TextSink } from "./train/progress_bar.ts";
export { Trainer } from "./train/trainer.ts";
export type {
  FitOptions,
  FitResult,
  TrainerOptions,
} from "./train/trainer_options.ts";

export {
  encodeGraph,
  type EncodeGraphOptions,
} from "./graph_file/encode_graph.ts";
export type {
  GraphDocument,
  GraphFile,
  NamedType,
} from "./graph_file/format.ts";
export { GraphFunction } from "./graph_file/graph_function.ts";
export {
  parseGraph,
  type ParseGraphOptions,
} from "./graph_file/parse_graph.ts";

export {
  encodeSafetensors,
  type EncodeSafetensorsOptions,
} from "./safetensors/encode_safetensors.ts";
export type { HostTensor, SafetensorsContent } from "./safetensors/format.ts";
export { parseSafetensors } from "./safetensors/parse_safetensors.ts";

export { BUILTIN_MODULES } from "./discovery/builtin.ts";
export {
  CATEGORIES,
  isCategory,
  type ModuleCategory,
} from "./discovery/category.ts";
export type { CheckedConfig } from "./discovery/compile_config.ts";
export {
  createModuleRegistry,
  type CreateModuleRegistryOptions,
} from "./discovery/create_module_registry.ts";
export type {
  Built,
  ConfigSchema,
  FactoryOptions,
  ModuleDefinition,
  ModuleMetadata,
  ZodSchema,
} from "./discovery/definition.ts";
export {
  type CreateModuleOptions,
  type DescribedModule,
  ModuleDiscoveryRegistry,
  type ModuleRegistryOptions,
  type RegisterModuleOptions,
  type RegistryChange,
} from "./discovery/registry.ts";

export {
  buildPipeline,
  type BuildPipelineOptions,
  type Pipeline,
} from "./pipelines/build_pipeline.ts";
export {
  PIPELINE_VERSION,
  type PipelineDescription,
  type PipelineItem,
  type TypedConfig,
} from "./pipelines/description.ts";
export { parsePipeline } from "./pipelines/parse_pipeline.ts";
export {
  ModulePipelineBuilder,
  type PipelineEntryOptions,
} from "./pipelines/pipeline_builder.ts";

export {
  ERROR_CODES as ZSPACE_ERROR_CODES,
  ZSpaceError,
  type ZSpaceErrorCode,
} from "./zspace/errors.ts";
export type {
  DistanceOptions,
  Exp0Options,
  PoincareBallOptions,
  RandomPointsOptions,
} from "./zspace/geometry/ball_options.ts";
export type {
  ClassicBall,
  ClassicOptions,
} from "./zspace/geometry/classic_ball.ts";
export { LearnableCurvature } from "./zspace/geometry/learnable_curvature.ts";
export { PoincareBall } from "./zspace/geometry/poincare_ball.ts";

export {
  type ChannelReport,
  CoherenceEngine,
  type CoherenceEngineOptions,
  type Pooling,
} from "./zspace/coherence/coherence_engine.ts";
export {
  contourOf,
  type LinguisticContour,
} from "./zspace/coherence/contour.ts";
export {
  type ControlInput,
  controlOf,
  type PartialGains,
  type PartialMetrics,
  partialMetricsOf,
  type SpectralControl,
} from "./zspace/coherence/control.ts";
export type {
  CoherenceDiagnostics,
  CoherencePulse,
} from "./zspace/coherence/diagnostics.ts";
export {
  type CoherenceLabel,
  isSwapInvariant,
  labelCoherence,
  type LabeledCoherence,
  type LabelOptions,
} from "./zspace/coherence/label.ts";
export type {
  LinguisticConcept,
  LinguisticProfile,
} from "./zspace/coherence/linguistic_profile.ts";
export {
  type PreDiscardOptions,
  type PreDiscardOutcome,
  PreDiscardPolicy,
  type PreDiscardTelemetry,
} from "./zspace/coherence/pre_discard.ts";
export {
  type SimplexSummary,
  summarizeSimplex,
} from "./zspace/coherence/simplex.ts";
export { sequencerDefinition } from "./zspace/sequencer/definition.ts";
export { ZSpaceCoherenceSequencer } from "./zspace/sequencer/sequencer.ts";
export type {
  MeasureOptions,
  SequencerOutputs,
} from "./zspace/sequencer/sequencer_graph.ts";
export type {
  ResolvedSequencer,
  SequencerConfig,
  SequencerOptions,
  SequencerTracker,
} from "./zspace/sequencer/sequencer_options.ts";
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
} from "./zspace/sequencer/stage.ts";
export type { StageAudience } from "./zspace/sequencer/stage_dispatcher.ts";
export {
  OpenCartesianTopos,
  type RewriteOptions,
  type ToposOptions,
} from "./zspace/topos/open_cartesian_topos.ts";

export {
  LanguageWaveEncoder,
  type LanguageWaveOptions,
} from "./zspace/language/language_wave_encoder.ts";
export type { BendConfig, BendOptions } from "./zspace/layers/bend.ts";
export {
  CoherenceScan,
  type CoherenceScanConfig,
  coherenceScanDefinition,
} from "./zspace/layers/coherence_scan.ts";
export {
  HyperbolicLinear,
  type HyperbolicLinearConfig,
  hyperbolicLinearDefinition,
  type HyperbolicLinearOptions,
} from "./zspace/layers/hyperbolic_linear.ts";
export {
  HyperbolicMlr,
  type HyperbolicMlrConfig,
  hyperbolicMlrDefinition,
  type HyperbolicMlrOptions,
} from "./zspace/layers/hyperbolic_mlr.ts";
export {
  type ResonatorConfig,
  type ResonatorOptions,
  ToposResonator,
  toposResonatorDefinition,
} from "./zspace/layers/topos_resonator.ts";
export {
  WaveGate,
  type WaveGateConfig,
  waveGateDefinition,
  type WaveGateOptions,
} from "./zspace/layers/wave_gate.ts";
export {
  ZSpaceLayerNorm,
  type ZSpaceLayerNormConfig,
  zspaceLayerNormDefinition,
} from "./zspace/layers/zspace_layer_norm.ts";
export {
  ZSpaceMixer,
  zspaceMixerDefinition,
} from "./zspace/layers/zspace_mixer.ts";
export {
  type ProjectorConfig,
  projectorDefinition,
  type ProjectorOptions,
  ZSpaceProjector,
} from "./zspace/layers/zspace_projector.ts";
export {
  ZSpaceSoftmax,
  type ZSpaceSoftmaxConfig,
  zspaceSoftmaxDefinition,
} from "./zspace/layers/zspace_softmax.ts";
export {
  type ClassicHypergradOptions,
  ClassicHypergradTape,
} from "./zspace/optimizers/classic_hypergrad_tape.ts";
export { ManifoldParameter } from "./zspace/optimizers/manifold_parameter.ts";
export {
  RiemannianAdam,
  riemannianAdamDefinition,
  type RiemannianAdamOptions,
} from "./zspace/optimizers/riemannian_adam.ts";
export {
  RiemannianSgd,
  riemannianSgdDefinition,
  type RiemannianSgdOptions,
} from "./zspace/optimizers/riemannian_sgd.ts";
