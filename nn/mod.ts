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

export { Flatten, flattenDefinition } from "./layers/flatten.ts";
export {
  Linear,
  type LinearConfig,
  linearDefinition,
  type LinearOptions,
} from "./layers/linear.ts";
export { Relu, reluDefinition } from "./layers/relu.ts";
export { Sequential, type SequentialOptions } from "./layers/sequential.ts";
export { Sigmoid, sigmoidDefinition } from "./layers/sigmoid.ts";
export { Tanh, tanhDefinition } from "./layers/tanh.ts";

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
