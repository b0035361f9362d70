import type { Value } from "./value.ts";

/**
 * Replaces each row along the last axis.
 *
 * @param value The rows.
 * @param change What happens to each.
 * @returns A changed copy.
 */
export function mapRows(
  { shape, data }: Value,
  change: (row: Float64Array) => void,
): Float64Array {
  const result = data.slice();
  const length = shape.at(-1)!;
  for (let at = 0; at < result.length; at += length) {
    change(result.subarray(at, at + length));
  }
  return result;
}

/**
 * Turns a row into shares.
 *
 * @param row The row, which is changed.
 */
export function softmax(row: Float64Array): void {
  let most = -Infinity;
  for (const x of row) most = Math.max(most, x);
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    sum += row[i] = Math.exp(row[i]! - most);
  }
  for (let i = 0; i < row.length; i++) row[i]! /= sum;
}
