/**
 * Operators of one input whose output element depends on the input element at the same place.
 *
 * A family is a table: one row an operator, one rule for all of them. **Shapes**: `x [...] -> y
 * [...]`. `abs`, `neg` and `sign` keep whole numbers, where `int8` becomes `int32`; the others have
 * fractions as results: of the input's dtype, or `float32` where it holds none. **Numerics**: what is
 * stored in a half type is computed in `float32`. **Source**: IEEE 754-2019, §9.2, for the functions
 * and their special values.
 *
 * @module
 */
import {
  type DType,
  dtypeMismatch,
  toFloatDType,
  valueDType,
} from "../../core/base/mod.ts";
import type { UnaryFn } from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import { NUMBER_DTYPES, promoteWhole } from "./number_dtypes.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/** The functions that are operators under their own name. */
export type UnaryName = Exclude<
  UnaryFn,
  "roundToBfloat16" | "roundToFloat16"
>;

const ROWS: Readonly<Record<UnaryName, readonly [Domain, string]>> = {
  abs: ["number", "Distance from 0."],
  atan: ["fraction", "Angle in radians whose tangent is x."],
  ceil: ["fraction", "Next whole number upwards."],
  cos: ["fraction", "Cosine of an angle in radians."],
  erf: [
    "fraction",
    "Gauss error function, 2/√π times the integral of exp(-t²).",
  ],
  exp: ["fraction", "e to the power of x."],
  expm1: ["fraction", "e to the power of x, minus 1; exact near 0."],
  floor: ["fraction", "Next whole number downwards."],
  log: ["fraction", "Natural logarithm; NaN below 0, -Infinity at 0."],
  log1p: ["fraction", "Natural logarithm of 1 + x; exact near 0."],
  neg: ["number", "x with the opposite sign."],
  not: ["truth", "Whether x is false."],
  round: ["fraction", "Nearest whole number, halves to the even one."],
  rsqrt: ["fraction", "1 / √x; Infinity at 0, NaN below."],
  sigmoid: ["fraction", "Logistic function, 1 / (1 + exp(-x))."],
  sign: ["number", "-1 below 0, 0 at 0, 1 above."],
  sin: ["fraction", "Sine of an angle in radians."],
  sqrt: ["fraction", "Square root; NaN below 0."],
  tanh: ["fraction", "Hyperbolic tangent."],
};

/** What a function takes: truth values, whole numbers too, or fractions. */
type Domain = "truth" | "number" | "fraction";

/** The operators by name. */
export const UNARY_OPERATORS: Readonly<Record<UnaryName, PrimitiveOperator>> =
  Object.fromEntries(
    Object.entries(ROWS).map(([name, [domain, description]]) => [
      name,
      unaryOperator(name as UnaryName, domain, description),
    ]),
  ) as Record<UnaryName, PrimitiveOperator>; // one entry for each row

function unaryOperator(
  name: UnaryName,
  domain: Domain,
  description: string,
): PrimitiveOperator {
  return {
    kind: "primitive",
    name,
    version: "1.0.0",
    description,
    schema: { inputs: ["x"], attributes: {} },
    infer(inputs) {
      const x = inputs[0]!;
      const dtype = outputDType(name, x.dtype);
      return dtype === x.dtype ? x : { shape: x.shape, dtype };
    },
    lowering: {
      kind: "elementwise",
      emit: (builder, [x], { output }) =>
        builder.unary(name, builder.hold(x!, valueDType(output.dtype))),
    },
  };

  function outputDType(name: UnaryName, dtype: DType): DType {
    switch (domain) {
      case "truth":
        if (dtype !== "bool") throw dtypeMismatch(name, dtype, ["bool"]);
        return dtype;
      case "number":
        if (dtype === "bool") {
          throw dtypeMismatch(name, dtype, NUMBER_DTYPES);
        }
        return promoteWhole(dtype);
      case "fraction":
        return toFloatDType(dtype);
      default:
        return domain satisfies never;
    }
  }
}

/**
 * Applies one of the functions of one input.
 *
 * @param name Name of the function.
 * @param x The input, `[...]`.
 * @returns The output, `[...]`.
 */
export function unary(name: UnaryName, x: Node): Node {
  return apply(UNARY_OPERATORS[name], [x]);
}
