/**
 * The kernel language that every backend compiles.
 *
 * @module
 */

export { attentionSpaces } from "./attention_spaces.ts";
export {
  arrayTooLarge,
  backendDisposed,
  BackendError,
  backendExists,
  backendFailed,
  backendRevoked,
  backendUnavailable,
  backendUnknown,
  type BroughtBackend,
  ERROR_CODES,
  kernelTrapped,
  type MemoryShortage,
  outOfMemory,
  wgslKernelInvalid,
} from "./errors.ts";
export {
  type ArithmeticFn,
  type BinaryFn,
  type CombineFn,
  type ComparisonFn,
  type Expression,
  type Instruction,
  ROUND_TO_HALF,
  type UnaryFn,
  usesOf,
} from "./expression.ts";
export type { ConvolutionAxis } from "./convolution_kernel.ts";
export { describeLaunch } from "./describe_launch.ts";
export { ExpressionBuilder } from "./expression_builder.ts";
export {
  type AssembleKernel,
  type AttentionKernel,
  type AttentionRole,
  type ContractKernel,
  type ConvolutionKernel,
  type Kernel,
  type KernelIn,
  type MapKernel,
  type OpaqueCode,
  type OpaqueKernel,
  type Operand,
  outputShape,
  type Piece,
  productDType,
  type RandomKernel,
  type ReduceKernel,
  type RowsKernel,
  type ScanFn,
  type ScanKernel,
  type ScatterKernel,
  type ScatterMaxKernel,
  type SortKernel,
  type WasmCode,
  type WgslCode,
} from "./kernel.ts";
export { inWasm } from "./opaque_kernel.ts";
export { mayOverwrite } from "./may_overwrite.ts";
export { type OperandSpace, operandSpaces } from "./operand_spaces.ts";
export { printKernel } from "./print_kernel.ts";
export {
  type MatrixElement,
  type MatrixRow,
  type ProgramMatrix,
  programOperandShape,
  programShape,
  type RowIndex,
  type RowProgram,
  type RowProgramKernel,
  type RowScalar,
  type RowStatement,
  type ScalarBinaryFn,
  type ScalarUnaryFn,
  type Stretch,
} from "./row_program.ts";
export {
  type LoopOptions,
  type MatrixHandle,
  type RegisterScalar,
  RowProgramBuilder,
} from "./row_program_builder.ts";
export { variesAlongRow } from "./row_values.ts";
export { takesDType } from "./takes_dtype.ts";
export { isSeenBy } from "./verify_opaque.ts";
