/**
 * What the elementwise operators mean, one element at a time, in `float64`.
 *
 * @module
 */
import type { DType } from "../../core/base/mod.ts";
import { elementAt, fillPlaces } from "../dense_array.ts";
import { castTo } from "./cast_to.ts";
import type { Definition } from "./definition.ts";

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  atan: Math.atan,
  ceil: Math.ceil,
  cos: Math.cos,
  erf,
  exp: Math.exp,
  expm1: Math.expm1,
  floor: Math.floor,
  log: Math.log,
  log1p: Math.log1p,
  neg: (x) => -x,
  not: (x) => 1 - x,
  round: roundToEven,
  rsqrt: (x) => 1 / Math.sqrt(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  sign: Math.sign,
  sin: Math.sin,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
};

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  and: (a, b) => a * b,
  bitwiseAnd: (a, b) => a & b,
  bitwiseLeftShift: (a, b) => a << b,
  bitwiseOr: (a, b) => a | b,
  bitwiseRightShift: (a, b) => a >> b,
  bitwiseXor: (a, b) => a ^ b,
  div: (a, b) => a / b,
  equal: (a, b) => Number(a === b),
  less: (a, b) => Number(a < b),
  lessOrEqual: (a, b) => Number(a <= b),
  maximum: Math.max,
  minimum: Math.min,
  or: (a, b) => Math.max(a, b),
  pow: Math.pow,
  sub: (a, b) => a - b,
};

/** Definitions of the elementwise operators, by name. */
export const ELEMENTWISE_DEFINITIONS: Readonly<Record<string, Definition>> = {
  ...Object.fromEntries(
    Object.entries(UNARY).map(([name, compute]): [string, Definition] => [
      name,
      ({ inputs: [x], type }) =>
        x!.elements.map((element) => wrap(compute(element), type.dtype)),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(BINARY).map(([name, compute]): [string, Definition] => [
      name,
      ({ inputs: [left, right], type }) =>
        fillPlaces(type.shape, (place) =>
          wrap(
            compute(elementAt(left!, place), elementAt(right!, place)),
            type.dtype,
          )),
    ]),
  ),
  cast: ({ inputs: [x], type }) =>
    x!.elements.map((element) => castTo(element, type.dtype)),
  floorDivide: ({ inputs: [left, right], type }) =>
    fillPlaces(type.shape, (place) => {
      const [a, b] = [elementAt(left!, place), elementAt(right!, place)];
      const isNothing = type.dtype === "int32" && b === 0;
      return isNothing ? 0 : wrap(Math.floor(a / b), type.dtype);
    }),
  mul: ({ inputs: [left, right], type }) =>
    fillPlaces(type.shape, (place) => {
      const [a, b] = [elementAt(left!, place), elementAt(right!, place)];
      // Products of two int32 have more digits than float64 holds.
      return type.dtype === "int32" ? Math.imul(a, b) : a * b;
    }),
  remainder: ({ inputs: [left, right], type }) =>
    fillPlaces(type.shape, (place) => {
      const [a, b] = [elementAt(left!, place), elementAt(right!, place)];
      // What is taken off a whole number over 0 is nothing.
      if (type.dtype === "int32" && b === 0) return a;
      const rest = a % b;
      return rest * b < 0 ? rest + b : rest;
    }),
  where: ({ inputs: [condition, whenTrue, whenFalse], type }) =>
    fillPlaces(
      type.shape,
      (place) =>
        elementAt(elementAt(condition!, place) ? whenTrue! : whenFalse!, place),
    ),
};

/** Whole-number arithmetic wraps around at 32 bits. */
function wrap(value: number, dtype: DType): number {
  return dtype === "int32" ? value | 0 : value;
}

/** The nearest whole number; of two, the even one. */
function roundToEven(x: number): number {
  const below = Math.floor(x);
  const fraction = x - below;
  if (fraction === 0.5) return below % 2 === 0 ? below : below + 1;
  return fraction < 0.5 ? below : below + 1;
}

/**
 * The error function, by a series whose terms all have one sign, so that nothing cancels.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6.
 */
function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  // What is missing to 1 is below 1e-17 from here on.
  if (Math.abs(x) >= 6) return Math.sign(x);
  let term = x;
  let sum = 0;
  for (let n = 0; sum + term !== sum; n++) {
    sum += term;
    term *= 2 * x * x / (2 * n + 3);
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}
