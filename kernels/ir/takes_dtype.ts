import type { ValueDType } from "../../core/base/mod.ts";
import type { BinaryFn, UnaryFn } from "./expression.ts";

/** What a function's values may be: truth, any numbers, fractions only, or whole numbers only. */
type Domain = "any" | "fraction" | "number" | "truth" | "whole";

const DOMAINS: Readonly<Record<UnaryFn | BinaryFn, Domain>> = {
  abs: "number",
  add: "number",
  and: "truth",
  atan: "fraction",
  bitwiseAnd: "whole",
  bitwiseLeftShift: "whole",
  bitwiseOr: "whole",
  bitwiseRightShift: "whole",
  bitwiseXor: "whole",
  ceil: "fraction",
  cos: "fraction",
  div: "fraction",
  equal: "any",
  erf: "fraction",
  exp: "fraction",
  expm1: "fraction",
  floor: "fraction",
  floorDivide: "whole",
  less: "any",
  lessOrEqual: "any",
  log: "fraction",
  log1p: "fraction",
  maximum: "number",
  minimum: "number",
  mul: "number",
  neg: "number",
  not: "truth",
  or: "truth",
  pow: "fraction",
  remainder: "fraction",
  round: "fraction",
  roundToBfloat16: "fraction",
  roundToFloat16: "fraction",
  rsqrt: "fraction",
  sigmoid: "fraction",
  sign: "number",
  sin: "fraction",
  sqrt: "fraction",
  sub: "number",
  tanh: "fraction",
};

/**
 * Tells whether a function takes values of a dtype. `not`, `and` and `or` take `bool` only,
 * comparisons take everything, arithmetic takes numbers, what has fractions as results takes `float32`
 * only, and what is about bits and whole quotients takes `int32` only.
 *
 * @param fn The function.
 * @param dtype The dtype of its values.
 * @returns Whether it takes them.
 */
export function takesDType(fn: UnaryFn | BinaryFn, dtype: ValueDType): boolean {
  const domain = DOMAINS[fn];
  switch (domain) {
    case "any":
      return true;
    case "fraction":
      return dtype === "float32";
    case "number":
      return dtype !== "bool";
    case "truth":
      return dtype === "bool";
    case "whole":
      return dtype === "int32";
    default:
      return domain satisfies never;
  }
}
