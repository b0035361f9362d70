import { softmax } from "./rows.ts";
import type { Value } from "./value.ts";

/**
 * Attends: for each query the mean of the values, weighted by how well their keys fit.
 *
 * @param query Queries `[..., length, features]`.
 * @param key Keys of the same shape.
 * @param value Elements of the values, of the same shape.
 * @returns As many rows as there are queries.
 */
export function attention(
  query: Value,
  key: Value,
  value: Float64Array,
): Float64Array {
  const [length, features] = query.shape.slice(-2) as [number, number];
  const scale = 1 / Math.sqrt(features);
  const result = new Float64Array(query.data.length);
  const shares = new Float64Array(length);
  for (let at = 0; at < result.length; at += features) {
    const head = at - at % (length * features);
    for (let other = 0; other < length; other++) {
      const from = head + other * features;
      let sum = 0;
      for (let k = 0; k < features; k++) {
        sum += query.data[at + k]! * key.data[from + k]!;
      }
      shares[other] = sum * scale;
    }
    softmax(shares);
    for (let other = 0; other < length; other++) {
      const from = head + other * features;
      for (let k = 0; k < features; k++) {
        result[at + k]! += shares[other]! * value[from + k]!;
      }
    }
  }
  return result;
}
