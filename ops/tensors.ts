/**
 * Tensors and the ways to make them, for programs that compute something and are done: they are there
 * in half the time of `./ops`, since gradients, compiled functions, operators of one's own, registries
 * and traces are not loaded. What computes is loaded when a result is first asked for. Both doors lead
 * to the same tensors.
 *
 * @example A product
 * ```ts
 * import { tensor } from "@spiraltorch/spiraltorch/tensors";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * assertEquals([...await x.matmul(x).data()], [7, 10, 15, 22]);
 * ```
 *
 * @module
 */

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
export { TensorError } from "./errors.ts";
export { concat, stack } from "./join_tensors.ts";
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
