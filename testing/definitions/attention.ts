/**
 * What attention and its gradients mean: softmax over a stored matrix of scores.
 *
 * @module
 */
import type { Shape } from "../../core/base/mod.ts";
import { type DenseArray, elementAt, fillPlaces } from "../dense_array.ts";
import type { DefinedCall, Definition } from "./definition.ts";

/** A batch of matrices, read as broadcasting does. */
type Matrix = (row: number, column: number) => number;

/** Definitions of the operators of attention, by name. */
export const ATTENTION_DEFINITIONS: Readonly<Record<string, Definition>> = {
  attentionGradients(call) {
    const [query, key, value, gradient, logSumExp, delta] = call.inputs as [
      DenseArray,
      DenseArray,
      DenseArray,
      DenseArray,
      DenseArray,
      DenseArray,
    ];
    const [queries, depth] = query.shape.slice(-2) as [number, number];
    const [keys, width] = value.shape.slice(-2) as [number, number];
    const scale = scaleOf(call);
    return fillPlaces(call.type.shape, (place) => {
      const batch = place.slice(0, -1);
      const score = scoresOf(call, batch);
      const [q, k, v, g] = [query, key, value, gradient].map((array) =>
        matrixOf(array, batch)
      ) as [Matrix, Matrix, Matrix, Matrix];
      function weight(i: number, j: number): number {
        const found = score(i, j);
        const total = elementAt(logSumExp, [...batch, i]);
        return found === -Infinity ? 0 : Math.exp(found - total);
      }
      function slope(i: number, j: number): number {
        const product = sum(width, (e) => g(i, e) * v(j, e));
        const centered = product - elementAt(delta, [...batch, i]);
        return scale * weight(i, j) * centered;
      }
      let index = place.at(-1)!;
      if (index < queries * depth) {
        const [i, e] = [Math.floor(index / depth), index % depth];
        return sum(keys, (j) => slope(i, j) * k(j, e));
      }
      index -= queries * depth;
      if (index < keys * depth) {
        const [j, e] = [Math.floor(index / depth), index % depth];
        return sum(queries, (i) => slope(i, j) * q(i, e));
      }
      index -= keys * depth;
      const [j, e] = [Math.floor(index / width), index % width];
      return sum(queries, (i) => weight(i, j) * g(i, e));
    });
  },
  attentionLogSumExp(call) {
    const keys = call.inputs[1]!.shape.at(-2)!;
    return fillPlaces(call.type.shape, (place) => {
      const score = scoresOf(call, place.slice(0, -1));
      return Math.log(sum(keys, (j) => Math.exp(score(place.at(-1)!, j))));
    });
  },
  attention(call) {
    const value = call.inputs[2]!;
    const keys = value.shape.at(-2)!;
    return fillPlaces(call.type.shape, (place) => {
      const [i, e] = place.slice(-2) as [number, number];
      const batch = place.slice(0, -2);
      const score = scoresOf(call, batch);
      const v = matrixOf(value, batch);
      let most = -Infinity;
      for (let j = 0; j < keys; j++) most = Math.max(most, score(i, j));
      if (most === -Infinity) return 0;
      const exponential = (j: number) => Math.exp(score(i, j) - most);
      return sum(keys, (j) => exponential(j) * v(j, e)) /
        sum(keys, exponential);
    });
  },
};

function sum(count: number, term: (index: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

function matrixOf(array: DenseArray, batch: Shape): Matrix {
  return (row, column) => elementAt(array, [...batch, row, column]);
}

function scaleOf({ inputs: [query], attributes }: DefinedCall): number {
  const depth = query!.shape.at(-1)!;
  return typeof attributes["scale"] === "number"
    ? attributes["scale"]
    : 1 / Math.sqrt(depth || 1);
}

/** What softmax is taken of: -Infinity where a query does not see a key. */
function scoresOf(call: DefinedCall, batch: Shape): Matrix {
  const [query, key] = call.inputs as [DenseArray, DenseArray];
  const mask = call.inputs.at(-1)!;
  const [q, k, m] = [query, key, mask].map((array) =>
    matrixOf(array, batch)
  ) as [Matrix, Matrix, Matrix];
  const depth = query.shape.at(-1)!;
  const scale = scaleOf(call);
  return (i, j) => {
    if (call.attributes["causal"] && j > i) return -Infinity;
    const score = scale * sum(depth, (e) => q(i, e) * k(j, e));
    if (mask.dtype !== "bool") return score + m(i, j);
    return m(i, j) === 0 ? -Infinity : score;
  };
}
