import { type AttentionOptions, Tensor, toNode } from "./tensor.ts";

/**
 * Attends: for each query, the mean of the values, weighted by `softmax(scale query key + mask)`.
 *
 * **Shapes**: `query [..., L, E], key [..., S, E], value [..., S, V] -> y [..., L, V]`. Leading axes
 * broadcast, so that heads may share keys and values.
 *
 * **Numerics**: a query that sees no key gives zeros.
 *
 * **Cost**: memory beside inputs and output does not grow with `L` or `S`, forward and backward.
 *
 * @example The value whose key fits the query
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { scaledDotProductAttention, tensor } from "@spiraltorch/spiraltorch";
 *
 * const query = tensor([[0, 50]]);
 * const key = tensor([[1, 0], [0, 1]]);
 * const value = tensor([[3], [5]]);
 * const y = scaledDotProductAttention(query, key, value);
 * assertAlmostEquals(await y.item(), 5, 1e-6);
 * ```
 *
 * @param query The queries.
 * @param key The keys.
 * @param value The values, as many as keys.
 * @param options Mask, whether later keys are out of sight, and scale.
 * @returns The weighted means.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the inputs do not fit together.
 * @throws {DTypeError} `DTYPE_MISMATCH` if they are not `float32`, or the mask is `int32`.
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options?: AttentionOptions,
): Tensor {
  return new Tensor(toNode("scaledDotProductAttention", query))
    .scaledDotProductAttention(key, value, options);
}
