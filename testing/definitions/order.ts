/**
 * What the operators mean that run along an axis, and those that put it in order.
 *
 * @module
 */
import { type DType, type Shape, sizeOf } from "../../core/base/mod.ts";
import { type DenseArray, indexAt, placeOf } from "../dense_array.ts";
import { axisOf } from "./attributes.ts";
import type { DefinedCall, Definition } from "./definition.ts";
import { type Fold, FOLDS } from "./folds.ts";

/** Definitions of the operators that run along an axis or put it in order, by name. */
export const ORDER_DEFINITIONS: Readonly<Record<string, Definition>> = {
  argTopK: (call) =>
    orderDefinition(call, {
      isDescending: call.attributes["largest"] === true,
      resultOf: (_, place) => place,
    }),
  argsort: (call) =>
    orderDefinition(call, {
      isDescending: call.attributes["descending"] === true,
      resultOf: (_, place) => place,
    }),
  cummax: scanDefinition("max"),
  cummin: scanDefinition("min"),
  cumprod: scanDefinition("prod"),
  cumsum: scanDefinition("sum"),
  sort: (call) =>
    orderDefinition(call, {
      isDescending: call.attributes["descending"] === true,
      resultOf: (line, place) => line[place]!,
    }),
};

function scanDefinition(name: string): Definition {
  const fold = FOLDS[name]!;
  return ({ inputs: [x], attributes, type: { dtype, shape } }) =>
    mapLines(x!, { axis: axisOf(attributes, shape), shape }, (line) => {
      const order = attributes["reverse"] ? line.toReversed() : line;
      const results = running(order, { fold, dtype });
      const own = attributes["exclusive"]
        ? results.slice(0, -1)
        : results.slice(1);
      return attributes["reverse"] ? own.reverse() : own;
    });
}

/** All results of a fold, from that of no element on. */
function running(
  line: readonly number[],
  { fold, dtype }: { readonly fold: Fold; readonly dtype: DType },
): number[] {
  const results = [fold.start(dtype)];
  for (const element of line) {
    results.push(fold.step(results.at(-1)!, element, dtype));
  }
  return results;
}

function orderDefinition(
  { inputs: [x], attributes, type: { shape } }: DefinedCall,
  { isDescending, resultOf }: {
    readonly isDescending: boolean;
    readonly resultOf: (line: readonly number[], place: number) => number;
  },
): Float64Array {
  const axis = axisOf(attributes, shape);
  return mapLines(x!, { axis, shape }, (line) => {
    const places = [...line.keys()].sort((a, b) =>
      isDescending ? byRank(line[b]!, line[a]!) : byRank(line[a]!, line[b]!)
    );
    return places.slice(0, shape[axis]).map((place) => resultOf(line, place));
  });
}

/** The order of numbers, `NaN` behind all others. */
function byRank(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  if (Number.isNaN(b)) return -1;
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Computes each line along an axis as a whole. */
function mapLines(
  x: DenseArray,
  { axis, shape }: { readonly axis: number; readonly shape: Shape },
  compute: (line: readonly number[]) => readonly number[],
): Float64Array {
  const results = new Float64Array(sizeOf(shape));
  const starts = x.shape.with(axis, 1);
  for (let i = 0; i < sizeOf(starts); i++) {
    const place = placeOf(i, starts);
    const line = Array.from(
      { length: x.shape[axis]! },
      (_, at) => x.elements[indexAt(place.with(axis, at), x.shape)]!,
    );
    compute(line).forEach((result, at) => {
      results[indexAt(place.with(axis, at), shape)] = result;
    });
  }
  return results;
}
