import type { AttentionKernel, Operand } from "../ir/mod.ts";
import { attentionSpaces } from "../ir/mod.ts";
import { forEachPlace, offsetOf, type ReferenceArray } from "./places.ts";

/** Reads an element of an operand. */
type Read = (...place: readonly number[]) => number;

/**
 * Computes an attention by its formulas, all scores of a query at a time.
 *
 * Numerics: `float64`; what a query does not see is left out, whatever it holds.
 *
 * @param kernel The kernel.
 * @param inputs One array an operand.
 * @param output Where the elements go.
 */
export function runAttention(
  kernel: AttentionKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  const { role, batch, queries, keys, depth, width } = kernel;
  forEachPlace(batch, (at, index) => {
    const reads = kernel.operands.map((operand, i) =>
      readerOf(operand, inputs[i]!, at)
    );
    switch (role) {
      case "output":
        return output.set(
          outputOf(kernel, reads),
          index * queries * width,
        );
      case "logSumExp":
        return output.set(logSumExpOf(kernel, reads), index * queries);
      case "gradients":
        return output.set(
          gradientsOf(kernel, reads),
          index * (queries * depth + keys * (depth + width)),
        );
      default:
        return role satisfies never;
    }
  });
}

function readerOf(
  operand: Operand,
  elements: ReferenceArray,
  batch: readonly number[],
): Read {
  return (...place) => elements[offsetOf(operand, [...batch, ...place])]!;
}

/** Scores of one query: -Infinity where it does not see a key. */
function scoresOf(
  kernel: AttentionKernel,
  reads: readonly Read[],
  query: number,
): Float64Array {
  const { keys, depth, scale, isCausal, operands } = kernel;
  const [q, k] = reads as [Read, Read];
  const place = attentionSpaces(kernel).length - 1;
  const mask = reads[place];
  const isTruth = operands[place]?.dtype === "bool";
  return new Float64Array(keys).map((_, key) => {
    const bias = mask ? mask(query, key) : 0;
    const isSeen = isTruth ? bias !== 0 : bias !== -Infinity;
    if (!isSeen || (isCausal && key > query)) return -Infinity;
    let product = 0;
    for (let e = 0; e < depth; e++) product += q(query, e) * k(key, e);
    return scale * product + (isTruth ? 0 : bias);
  });
}

/** Logarithm of the sum of exponentials; -Infinity for none. */
function logSumExp(scores: Float64Array): number {
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  if (most === -Infinity) return -Infinity;
  const sum = scores.reduce((sum, score) => sum + Math.exp(score - most), 0);
  return most + Math.log(sum);
}

/** The share of each key; zeros where none is seen. */
function weightsOf(scores: Float64Array, logarithm: number): Float64Array {
  return scores.map((score) =>
    score === -Infinity ? 0 : Math.exp(score - logarithm)
  );
}

function logSumExpOf(
  kernel: AttentionKernel,
  reads: readonly Read[],
): Float64Array {
  return new Float64Array(kernel.queries).map((_, query) =>
    logSumExp(scoresOf(kernel, reads, query))
  );
}

function outputOf(
  kernel: AttentionKernel,
  reads: readonly Read[],
): Float64Array {
  const { queries, width } = kernel;
  const v = reads[2]!;
  const output = new Float64Array(queries * width);
  for (let query = 0; query < queries; query++) {
    const scores = scoresOf(kernel, reads, query);
    const weights = weightsOf(scores, logSumExp(scores));
    for (let e = 0; e < width; e++) {
      output[query * width + e] = sumSeen(weights, (key) => v(key, e));
    }
  }
  return output;
}

/** A weighted sum, in which what is not seen does not count even if it is no number. */
function sumSeen(
  weights: Float64Array,
  value: (key: number) => number,
): number {
  return weights.reduce(
    (sum, weight, key) => weight === 0 ? sum : sum + weight * value(key),
    0,
  );
}

function gradientsOf(
  kernel: AttentionKernel,
  reads: readonly Read[],
): Float64Array {
  const { queries, keys, depth, width, scale } = kernel;
  const [q, k, v, g, logarithm, delta] = reads as [
    Read,
    Read,
    Read,
    Read,
    Read,
    Read,
  ];
  const gradients = new Float64Array(queries * depth + keys * (depth + width));
  const ofQuery = gradients.subarray(0, queries * depth);
  const ofKey = gradients.subarray(queries * depth).subarray(0, keys * depth);
  const ofValue = gradients.subarray((queries + keys) * depth);
  for (let i = 0; i < queries; i++) {
    const weights = weightsOf(scoresOf(kernel, reads, i), logarithm(i));
    weights.forEach((weight, j) => {
      if (weight === 0) return;
      let product = -delta(i);
      for (let e = 0; e < width; e++) product += g(i, e) * v(j, e);
      for (let e = 0; e < width; e++) {
        ofValue[j * width + e]! += weight * g(i, e);
      }
      const slope = scale * weight * product;
      for (let e = 0; e < depth; e++) {
        ofQuery[i * depth + e]! += slope * k(j, e);
        ofKey[j * depth + e]! += slope * q(i, e);
      }
    });
  }
  return gradients;
}
