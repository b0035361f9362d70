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
export { type ForwardHook, onForward } from "./on_forward.ts";
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
  initialize,
  type InitializeOptions,
  type Initializer,
  type InitializerConfig,
  type InitializerName,
  type InitializerRule,
  INITIALIZERS,
  type InitialNumbers,
  isInitializerName,
} from "./initializers/initializer.ts";
export { INITIALIZER_DEFINITIONS } from "./initializers/definitions.ts";

export {
  AdaptiveAvgPool2d,
  adaptiveAvgPool2dDefinition,
  type AdaptiveAvgPoolConfig,
} from "./layers/adaptive_avg_pool2d.ts";
export type { AttentionCache } from "./layers/attention_cache.ts";
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
export { Concat, type ConcatOptions } from "./layers/concat.ts";
export { Conv1d, conv1dDefinition } from "./layers/conv1d.ts";
export { Conv2d, conv2dDefinition } from "./layers/conv2d.ts";
export { Conv3d, conv3dDefinition } from "./layers/conv3d.ts";
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
  type ConvSettings,
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
export { Gru, gruDefinition } from "./layers/gru.ts";
export {
  InstanceNorm,
  instanceNormDefinition,
} from "./layers/instance_norm.ts";
export { LayerNorm, layerNormDefinition } from "./layers/layer_norm.ts";
export {
  Linear,
  type LinearConfig,
  linearDefinition,
  type LinearOptions,
} from "./layers/linear.ts";
export {
  type LoraConfig,
  LoraLinear,
  type LoraLinearConfig,
  loraLinearDefinition,
  type LoraOptions,
} from "./layers/lora_linear.ts";
export { Lstm, lstmDefinition } from "./layers/lstm.ts";
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
export {
  type Gates,
  Recurrent,
  type RecurrentConfig,
  type RecurrentOptions,
  type RecurrentResult,
  type RecurrentState,
  type RecurrentVariant,
} from "./layers/recurrent.ts";
export { Relu, reluDefinition } from "./layers/relu.ts";
export { Residual } from "./layers/residual.ts";
export { RmsNorm, rmsNormDefinition } from "./layers/rms_norm.ts";
export { rotary, type RotaryOptions } from "./layers/rotary.ts";
export {
  type SeparableConfig,
  SeparableConv2d,
  separableConv2dDefinition,
  type SeparableOptions,
} from "./layers/separable_conv2d.ts";
export { Sequential, type SequentialOptions } from "./layers/sequential.ts";
export { Sigmoid, sigmoidDefinition } from "./layers/sigmoid.ts";
export { Silu, siluDefinition } from "./layers/silu.ts";
export {
  type SinusoidalConfig,
  SinusoidalPositions,
  sinusoidalPositionsDefinition,
} from "./layers/sinusoidal_positions.ts";
export {
  Softmax,
  type SoftmaxConfig,
  softmaxDefinition,
} from "./layers/softmax.ts";
export { Tanh, tanhDefinition } from "./layers/tanh.ts";
export { TiedLinear } from "./layers/tied_linear.ts";
export {
  type DecoderConfig,
  type DecoderOptions,
  TransformerDecoderLayer,
  transformerDecoderLayerDefinition,
} from "./layers/transformer_decoder_layer.ts";
export {
  type TransformerConfig,
  TransformerEncoderLayer,
  transformerEncoderLayerDefinition,
  type TransformerLayerOptions,
} from "./layers/transformer_encoder_layer.ts";
export {
  Unflatten,
  type UnflattenConfig,
  unflattenDefinition,
} from "./layers/unflatten.ts";

export {
  binaryCrossEntropyWithLogits,
  binaryCrossEntropyWithLogitsDefinition,
} from "./losses/binary_cross_entropy.ts";
export {
  crossEntropy,
  crossEntropyDefinition,
} from "./losses/cross_entropy.ts";
export {
  ctc,
  type CtcConfig,
  ctcDefinition,
  type CtcOptions,
} from "./losses/ctc.ts";
export {
  focal,
  type FocalConfig,
  focalDefinition,
  type FocalOptions,
} from "./losses/focal.ts";
export {
  infoNce,
  type InfoNceConfig,
  infoNceDefinition,
  type InfoNceOptions,
} from "./losses/info_nce.ts";
export type {
  Loss,
  LossConfig,
  LossOptions,
  Reduction,
} from "./losses/loss.ts";
export {
  huber,
  type HuberConfig,
  huberDefinition,
  type HuberOptions,
} from "./losses/huber.ts";
export {
  klDivergence,
  klDivergenceDefinition,
} from "./losses/kl_divergence.ts";
export { mae, maeDefinition } from "./losses/mae.ts";
export { mse, mseDefinition } from "./losses/mse.ts";
export {
  triplet,
  type TripletConfig,
  tripletDefinition,
  type TripletOptions,
} from "./losses/triplet.ts";

export {
  type AccumulateConfig,
  accumulateGradients,
  accumulateGradientsDefinition,
} from "./optimizers/accumulate_gradients.ts";
export { Adam, adamDefinition } from "./optimizers/adam.ts";
export {
  type AdamOptions,
  AdamRule,
  type AdamVariant,
} from "./optimizers/adam_rule.ts";
export { AdamW, adamWDefinition } from "./optimizers/adam_w.ts";
export {
  averageWeights,
  averageWeightsDefinition,
  type AverageWeightsOptions,
  type AveragingOptimizer,
} from "./optimizers/average_weights.ts";
export {
  clipGradients,
  clipGradientsDefinition,
  type ClipOptions,
} from "./optimizers/clip_gradients.ts";
export { Lion, lionDefinition, type LionOptions } from "./optimizers/lion.ts";
export { Muon, muonDefinition, type MuonOptions } from "./optimizers/muon.ts";
export type {
  Optimizer,
  OptimizerStep,
  OptimizerWrapper,
} from "./optimizers/optimizer.ts";
export {
  type ParameterGroup,
  parameterGroups,
  type SelectParameter,
} from "./optimizers/parameter_groups.ts";
export {
  RmsProp,
  rmsPropDefinition,
  type RmsPropOptions,
} from "./optimizers/rms_prop.ts";
export { Sgd, sgdDefinition, type SgdOptions } from "./optimizers/sgd.ts";

export { constant, constantDefinition } from "./schedules/constant.ts";
export {
  cosine,
  cosineDefinition,
  type CosineOptions,
} from "./schedules/cosine.ts";
export {
  linearWarmup,
  linearWarmupDefinition,
  type WarmupConfig,
  type WarmupOptions,
} from "./schedules/linear_warmup.ts";
export {
  oneCycle,
  oneCycleDefinition,
  type OneCycleOptions,
} from "./schedules/one_cycle.ts";
export type { Schedule } from "./schedules/schedule.ts";
export { step, stepDefinition, type StepOptions } from "./schedules/step.ts";

export {
  ArrayDataset,
  type ArrayDatasetOptions,
  type Dataset,
} from "./data/array_dataset.ts";
export type { Augmentation } from "./data/augmentation.ts";
export {
  gaussianNoise,
  gaussianNoiseDefinition,
  inTurn,
  randomFlip,
  randomFlipDefinition,
  randomShift,
  randomShiftDefinition,
} from "./data/augment.ts";
export type { Batch, BatchSource } from "./data/batch.ts";
export { CharacterVocabulary } from "./data/character_vocabulary.ts";
export {
  type CollateOptions,
  collateSamples,
  type PadOptions,
} from "./data/collate.ts";
export { DataLoader, type DataLoaderOptions } from "./data/data_loader.ts";
export { type IndexedSamples, indexedStream } from "./data/indexed_samples.ts";
export { prefetch } from "./data/prefetch.ts";
export type { Sample, SampleArray } from "./data/sample.ts";
export {
  SequenceDataset,
  type SequenceDatasetOptions,
} from "./data/sequence_dataset.ts";
export { shuffleStream } from "./data/shuffle_stream.ts";
export {
  type SampleStream,
  StreamLoader,
  type StreamLoaderOptions,
} from "./data/stream_loader.ts";

export {
  accuracy,
  confusionMatrix,
  type F1Options,
  f1Score,
  perplexity,
  topKAccuracy,
} from "./metrics/classification.ts";
export {
  meanMetric,
  type MeanMetricOptions,
  type Metric,
  type MetricValue,
} from "./metrics/metric.ts";
export {
  accuracyDefinition,
  confusionMatrixDefinition,
  f1ScoreDefinition,
  meanAbsoluteErrorDefinition,
  perplexityDefinition,
  rootMeanSquaredErrorDefinition,
  topKAccuracyDefinition,
  type TopKConfig,
} from "./metrics/metric_definitions.ts";

export type { TrainerCallback, TrainingControl } from "./train/callback.ts";
export type {
  CheckpointOptions,
  CheckpointStore,
} from "./train/checkpoint_store.ts";
export {
  EarlyStopping,
  type EarlyStoppingOptions,
} from "./train/early_stopping.ts";
export {
  bestEpoch,
  epochTable,
  type EpochTableOptions,
} from "./train/epoch_table.ts";
export type {
  TrainerEnd,
  TrainerEpoch,
  TrainerStep,
  TrainingEvent,
  TrainingEvents,
} from "./train/events.ts";
export type { FitResult } from "./train/fit_result.ts";
export {
  type CurvesTextOptions,
  learningCurvesSvg,
  learningCurvesText,
} from "./train/learning_curves.ts";
export { showCurves } from "./train/show_curves.ts";
export type { Measures } from "./train/metrics.ts";
export type { Precision } from "./train/precision.ts";
export type { EpochReport, TrainingProgress } from "./train/progress.ts";
export { ProgressBar, type TextSink } from "./train/progress_bar.ts";
export type { CallbackState } from "./train/run_state.ts";
export { Trainer } from "./train/trainer.ts";
export type { FitOptions, TrainerOptions } from "./train/trainer_options.ts";

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

export type { GgufReader, GgufTensor } from "./gguf/format.ts";
export { readGguf } from "./gguf/read_gguf.ts";
export type { GgufValue } from "./gguf/parse_header.ts";
export type { GgufType } from "./gguf/storing.ts";

export { fromPyTorch, toPyTorch } from "./pytorch/torch_state.ts";
export {
  encodeSafetensors,
  type EncodeSafetensorsOptions,
} from "./safetensors/encode_safetensors.ts";
export type { HostTensor, SafetensorsContent } from "./safetensors/format.ts";
export {
  hostTensors,
  tensorOf,
  tensorsOf,
} from "./safetensors/host_tensors.ts";
export { parseSafetensors } from "./safetensors/parse_safetensors.ts";
export type { ByteSource } from "./read_exactly.ts";
export {
  readSafetensors,
  type ReadTensorOptions,
  type SafetensorsReader,
  type StoredTensor,
} from "./safetensors/read_safetensors.ts";
export type { StoredDType } from "./safetensors/stored_dtypes.ts";

export { BUILTIN_MODULES } from "./discovery/builtin.ts";
export {
  type BuiltKind,
  builtKind,
  CATEGORIES,
  isCategory,
  type ModuleCategory,
} from "./discovery/category.ts";
export {
  type CheckedConfig,
  compileConfig,
  type CompiledConfig,
} from "./discovery/compile_config.ts";
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
export { ModuleDiscoveryRegistry } from "./discovery/registry.ts";
export type {
  CreateModuleOptions,
  DescribedModule,
  ModuleRegistryOptions,
  RegisterModuleOptions,
  RegistryChange,
} from "./discovery/registry_options.ts";

export {
  buildPipeline,
  type BuildPipelineOptions,
  type Pipeline,
} from "./pipelines/build_pipeline.ts";
export {
  type Block,
  type BranchItem,
  type GroupItem,
  type ModuleItem,
  type NamedItem,
  PIPELINE_VERSION,
  type PipelineDescription,
  type PipelineItem,
  type ResidualItem,
  type SequentialItem,
  type TypedConfig,
} from "./pipelines/description.ts";
export { parsePipeline } from "./pipelines/parse_pipeline.ts";
export {
  type BranchOptions,
  ModulePipelineBuilder,
  type PipelineEntryOptions,
} from "./pipelines/pipeline_builder.ts";
export { printConfig } from "./pipelines/print_config.ts";
export type { Includes } from "./pipelines/read_context.ts";
export type { ParsePipelineOptions } from "./pipelines/read_pipeline.ts";
export { toPipeline } from "./pipelines/to_pipeline.ts";

export * from "./zspace/mod.ts";
