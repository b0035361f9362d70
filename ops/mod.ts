/**
 * Tensors that are described first and computed later, the operators that describe them, gradients,
 * and functions of tensors that are planned once and replayed.
 *
 * @module
 */

// For layers that know no backends, but let users choose one by name.
export {
  type Backend,
  type BackendName,
  createBackend,
} from "../kernels/mod.ts";
export { apply, type Operand } from "./apply.ts";
export { scaledDotProductAttention } from "./attention.ts";
export type { BatchStep } from "./batch/batch_nodes.ts";
export { BUILTIN_OPERATORS } from "./builtin/all.ts";
export type { UnaryName } from "./builtin/unary.ts";
export type {
  ConvSettings,
  ConvSteps,
  ConvTransposeSettings,
  PerAxis,
} from "./builtin/conv_settings.ts";
export { opcheck } from "./check/opcheck.ts";
export type { OpcheckOptions } from "./check/opcheck_options.ts";
export { printOpcheck } from "./check/print_report.ts";
export type {
  CaseKind,
  FailingInput,
  OpcheckFailure,
  OpcheckProperty,
  OpcheckReport,
  OpcheckResult,
} from "./check/report.ts";
export type {
  Differentiability,
  OperatorFacts,
  OperatorSample,
  SampleInput,
} from "./check/sample.ts";
export type { Domain } from "./check/domain.ts";
export {
  compile,
  type Compiled,
  type CompileOptions,
  compileStep,
} from "./compile.ts";
export {
  arange,
  type ArangeOptions,
  eye,
  type FillOptions,
  full,
  linspace,
  ones,
  tensor,
  type TensorData,
  type TensorOptions,
  where,
  zeros,
} from "./create.ts";
export {
  randomNormal,
  type RandomOptions,
  randomUniform,
} from "./create_random.ts";
export type { ValueSchema } from "./check_attributes.ts";
export type {
  AttributeSpec,
  CallableOperator,
  GradientCall,
  OperatorCalls,
  OperatorDefinition,
} from "./define/definition.ts";
export {
  elementwise,
  type ElementwiseForward,
  type ScalarFunction,
} from "./define/elementwise.ts";
export {
  type BackwardFunction,
  OperatorBuilder,
} from "./define/operator_builder.ts";
export { Scalar, type ScalarLike } from "./define/scalar.ts";
export type { DTypeRule, ShapeRule } from "./define/shape_rule.ts";
export { wasmKernel, type WasmKernelOptions } from "./define/wasm_kernel.ts";
export { wgslKernel, type WgslKernelOptions } from "./define/wgsl_kernel.ts";
export { defineOperator } from "./define_operator.ts";
export type {
  Dispatch,
  DispatchChoice,
  DispatchOptions,
} from "./dispatch/explain_dispatch.ts";
export {
  type BackendFallback,
  type FallbackMode,
  type FallbackObserver,
  observeFallbacks,
  setFallbackMode,
} from "./dispatch/fallbacks.ts";
export type {
  DispatchRejection,
  RejectionReason,
} from "./dispatch/rejection.ts";
export {
  ERROR_CODES,
  operatorNotFound,
  type OpsErrorCode,
  TensorError,
} from "./errors.ts";
export {
  celu,
  elu,
  type EluOptions,
  geluTanh,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  type HardtanhOptions,
  leakyRelu,
  type LeakyReluOptions,
  logSigmoid,
  mish,
  prelu,
  relu6,
  selu,
  type ShrinkOptions,
  softplus,
  type SoftplusOptions,
  softshrink,
  softsign,
  tanhshrink,
  threshold,
  type ThresholdOptions,
} from "./functions/activations.ts";
export {
  bitwiseAnd,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseOr,
  bitwiseRightShift,
  bitwiseXor,
  floorDivide,
  fmod,
  remainder,
} from "./functions/bits.ts";
export type {
  AxesFunction,
  AxisFunction,
  BinaryFunction,
  TunedFunction,
  UnaryFunction,
} from "./functions/call.ts";
export { fullLike, onesLike, zerosLike } from "./functions/creation.ts";
export {
  diag,
  diagEmbed,
  diagonal,
  type DiagonalOptions,
  type OffsetOptions,
  trace,
  type TriangleOptions,
  tril,
  triu,
} from "./functions/diagonals.ts";
export {
  digamma,
  lgamma,
  polygamma,
  type PolygammaOptions,
} from "./functions/gamma.ts";
export {
  cumulativeTrapezoid,
  diff,
  type DiffOptions,
  interp,
  trapezoid,
  type TrapezoidOptions,
} from "./functions/differences.ts";
export {
  affineGrid,
  type AffineGridOptions,
  gridSample,
  type GridSampleOptions,
} from "./functions/grids.ts";
export { guardFinite } from "./functions/guard.ts";
export {
  fold,
  type FoldOptions,
  interpolate,
  type InterpolateOptions,
  unfold,
  type UnfoldOptions,
} from "./functions/images.ts";
export {
  bincount,
  embedding,
  embeddingBag,
  type EmbeddingBagOptions,
  histogram,
  type HistogramOptions,
  type KnownSizeOptions,
  maskedFill,
  maskedSelect,
  nonzero,
  scatter,
  type ScatterFunction,
  scatterMax,
  scatterMin,
  searchsorted,
  type SearchsortedOptions,
  segmentSum,
  unique,
} from "./functions/indexing.ts";
export {
  allClose,
  isClose,
  type IsCloseOptions,
  isFinite,
  isInf,
  isNan,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  nanToNum,
  type NanToNumOptions,
} from "./functions/logic.ts";
export {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  cbrt,
  cosh,
  erfc,
  erfinv,
  exp2,
  expm1,
  frac,
  log10,
  log1p,
  log2,
  logit,
  reciprocal,
  sinc,
  sinh,
  square,
  tan,
  trunc,
} from "./functions/math.ts";
export {
  batchNorm,
  type BatchNormOptions,
  cdist,
  type CdistOptions,
  type ChannelOptions,
  cosineSimilarity,
  type CosineSimilarityOptions,
  glu,
  groupNorm,
  instanceNorm,
  normalize,
  type NormalizeOptions,
  pairwiseDistance,
  type PairwiseDistanceOptions,
  softmin,
} from "./functions/normalize.ts";
export {
  atan2,
  copysign,
  hypot,
  lerp,
  logAddExp,
  xlogy,
} from "./functions/pairs.ts";
export {
  cross,
  dot,
  einsum,
  inner,
  kron,
  outer,
  tensordot,
  type TensordotOptions,
  vdot,
} from "./functions/products.ts";
export {
  bernoulli,
  categorical,
  dropout,
  type DropoutOptions,
  exponential,
  gumbel,
  gumbelSoftmax,
  type GumbelSoftmaxOptions,
  permutation,
  randint,
  type RandintOptions,
  truncatedNormal,
  type TruncatedNormalOptions,
} from "./functions/random.ts";
export {
  broadcastTo,
  chunk,
  flatten,
  hstack,
  meshgrid,
  type MeshgridOptions,
  movedim,
  pixelShuffle,
  pixelUnshuffle,
  ravel,
  repeatInterleave,
  roll,
  rot90,
  type Rot90Options,
  swapaxes,
  takeAlongAxis,
  tile,
  unflatten,
  vstack,
} from "./functions/rearrange.ts";
export {
  average,
  type AverageOptions,
  correlation,
  covariance,
  type CovarianceOptions,
  nanMax,
  nanMin,
  nanVariance,
} from "./functions/spread.ts";
export {
  countNonzero,
  logCumSumExp,
  maxWithIndices,
  median,
  minWithIndices,
  nanMean,
  nanSum,
  norm,
  type NormOptions,
  quantile,
  std,
} from "./functions/statistics.ts";
export { convTranspose1d } from "./functions/lines.ts";
export { avgPool3d, conv3d, maxPool3d } from "./functions/volumes.ts";
export {
  quantizedMatmul,
  type QuantizedWeight,
  quantizeInt8,
  type QuantizeOptions,
} from "./quantize.ts";
export {
  gradients,
  type ValueAndGradients,
  valueAndGradients,
} from "./gradients.ts";
export {
  type ApplyNode,
  type AssembleLayout,
  type AttributeKind,
  type Attributes,
  type CompositeOperator,
  constant,
  type ConstantNode,
  type DataNode,
  type HostKernel,
  type HostOperator,
  inputsOf,
  type KernelTable,
  type LoweredCall,
  type Lowering,
  type Node,
  type Operator,
  type OperatorBase,
  type OperatorSchema,
  placeholder,
  type PlaceholderNode,
  type PrimitiveOperator,
  type Pullback,
  type ScanDescription,
  type SortDescription,
  type TensorType,
  UNKNOWN_TYPE,
  type ViewStep,
  type Vjp,
} from "./graph/node.ts";
export { concat, stack } from "./join_tensors.ts";
export {
  findNonFinite,
  type FindNonFiniteOptions,
  type NonFiniteNode,
} from "./inspect/find_non_finite.ts";
export { type KernelCost, kernelCost } from "./inspect/kernel_cost.ts";
export {
  type GraphLine,
  type GraphLines,
  graphLines,
  type PrintGraphOptions,
} from "./inspect/graph_lines.ts";
export {
  dotOfGraph,
  mermaidOfGraph,
  printGraph,
} from "./inspect/print_graph.ts";
export { printSchedule } from "./inspect/print_schedule.ts";
export { showGraph } from "./inspect/show_graph.ts";
export {
  type HostCallProfile,
  type KernelProfile,
  printProfile,
  type Profile,
  profile,
  type ProfileOptions,
} from "./inspect/profile.ts";
export * as fft from "./fft/mod.ts";
export * as linalg from "./linalg/mod.ts";
export type { PadOptions, PadWidth } from "./pad_widths.ts";
export type {
  AvgPoolOptions,
  MaxPoolOptions,
  PoolOptions,
  PoolSize,
} from "./pool_options.ts";
export {
  type CallObserver,
  observeCalls,
  type OperatorCall,
} from "./observe_calls.ts";
export type { HostCall, LowerOptions } from "./realize/lower.ts";
export type { Pause } from "./realize/pause.ts";
export { makePlan, type Plan, type PlanOptions } from "./realize/plan.ts";
export type { RealizeOptions } from "./realize/run.ts";
export type { Step } from "./recording.ts";
export { realize, realizeOn } from "./realize_tensors.ts";
export { optionsOf } from "../core/base/mod.ts";
export { type OperatorReference, parseReference } from "./operator_versions.ts";
export { OperatorRegistry } from "./registry.ts";
export type {
  FindByBackendOptions,
  OperatorChange,
  OperatorInfo,
  OperatorRegistryOptions,
  RegisterOperatorOptions,
} from "./registry_types.ts";
export type { SliceRange } from "./slice_ranges.ts";
export type { Lease } from "./buffer_lease.ts";
export { Storage } from "./storage.ts";
export {
  type AttentionOptions,
  type Axes,
  type ConvOptions,
  type ConvTransposeOptions,
  type LayerNormOptions,
  type NestedNumbers,
  type ReduceOptions,
  type ScanOptions,
  type SortOptions,
  Tensor,
  type TensorLike,
  type TopK,
  type TopKOptions,
  type VarianceOptions,
  type WindowsOptions,
} from "./tensor.ts";
export type { TensorTree } from "./tensor_tree.ts";
export { AttributeSymbol } from "./trace/attribute_symbol.ts";
export { dataNodesOf } from "./trace/data_nodes.ts";
export {
  encodeTrace,
  type EncodeTraceOptions,
  type TraceEnds,
} from "./trace/encode_trace.ts";
export {
  instantiateTrace,
  type OperatorLookup,
} from "./trace/instantiate_trace.ts";
export type {
  Trace,
  TraceInput,
  TraceNumber,
  TraceValue,
} from "./trace/trace.ts";
export type { TensorFunction } from "./transforms/call_fresh.ts";
export { checkpoint } from "./transforms/checkpoint.ts";
export {
  type CustomForward,
  type CustomVjp,
  customVjp,
} from "./transforms/custom_vjp.ts";
export { grad, type GradOptions } from "./transforms/grad.ts";
export { hvp } from "./transforms/hvp.ts";
export {
  hessian,
  jacfwd,
  type JacobianOptions,
  jacrev,
} from "./transforms/jacobian.ts";
export { jvp, type JvpResult } from "./transforms/jvp.ts";
export {
  mixedPrecision,
  type MixedPrecisionOptions,
} from "./transforms/mixed_precision.ts";
export { stopGradient } from "./transforms/stop_gradient.ts";
export { vjp, type VjpResult } from "./transforms/vjp.ts";
export { vmap, type VmapOptions, type Vmapped } from "./transforms/vmap.ts";
