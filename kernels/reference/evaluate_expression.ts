import {
  assertInvariant,
  roundHalf,
  type ValueDType,
} from "../../core/base/mod.ts";
import type { BinaryFn, Expression, Instruction, UnaryFn } from "../ir/mod.ts";

/** What an expression can ask for while one element is computed. */
export interface Place {
  /** Where the element lies along each axis of the index space. */
  readonly coordinates: readonly number[];
  /** The combined value, in an epilogue. */
  readonly accumulator?: number;
  /** What values have been combined to over the element's row, by the place of the `fold`. */
  readonly folds?: readonly (number | undefined)[];
  /**
   * Reads an operand's element at the coordinates.
   *
   * @param operand Number of the operand.
   * @param shift How many elements further on to read.
   * @returns The element.
   */
  load(operand: number, shift: number): number;
}

/**
 * Computes one element. Floating point is `float64`; `int32` wraps around.
 *
 * @param expression How it is computed.
 * @param place What it depends on.
 * @returns The element; 0 or 1 for `bool`.
 */
export function evaluateExpression(
  expression: Expression,
  place: Place,
): number {
  const values: number[] = [];
  for (const instruction of expression) {
    values.push(evaluate(instruction, values, place));
  }
  const result = values.at(-1);
  assertInvariant(result !== undefined, "an expression has an instruction");
  return result;
}

function evaluate(
  instruction: Instruction,
  values: readonly number[],
  place: Place,
): number {
  switch (instruction.kind) {
    case "load":
      return place.load(instruction.operand, 0);
    case "gather": {
      const { operand, index, stride, size, dtype } = instruction;
      const wanted = values[index]!;
      const found = wanted < 0 ? wanted + size : wanted;
      if (found < 0 || found >= size) return dtype === "float32" ? NaN : 0;
      return place.load(operand, found * stride);
    }
    case "constant":
      return instruction.value;
    case "coordinate":
      return place.coordinates[instruction.axis]!;
    case "accumulator":
      assertInvariant(
        place.accumulator !== undefined,
        "only an epilogue has an accumulator",
      );
      return place.accumulator;
    case "fold": {
      const fold = place.folds?.[values.length];
      assertInvariant(
        fold !== undefined,
        "a value is combined over its row before the result is used",
      );
      return fold;
    }
    case "unary":
      return wrap(UNARY[instruction.fn](values[instruction.x]!), instruction);
    case "binary":
      return wrap(
        applyBinary(instruction, values),
        instruction,
      );
    case "select":
      return values[instruction.condition]!
        ? values[instruction.whenTrue]!
        : values[instruction.whenFalse]!;
    case "cast":
      return cast(values[instruction.x]!, instruction.dtype);
    default:
      return instruction satisfies never;
  }
}

/** Brings a result of whole-number arithmetic back into 32 bits. */
function wrap(value: number, { dtype }: Instruction): number {
  return dtype === "int32" ? value | 0 : value;
}

function applyBinary(
  { fn, left, right, dtype }: Instruction & { readonly kind: "binary" },
  values: readonly number[],
): number {
  const [a, b] = [values[left]!, values[right]!];
  // The exact product of two int32 does not fit float64's 53 bits.
  if (fn === "mul" && dtype === "int32") return Math.imul(a, b);
  return BINARY[fn](a, b);
}

function cast(value: number, dtype: ValueDType): number {
  switch (dtype) {
    case "bool":
      return value === 0 ? 0 : 1;
    case "int32":
      if (Number.isNaN(value)) return 0;
      return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value)));
    case "float32":
      return value;
    default:
      return dtype satisfies never;
  }
}

const UNARY: Readonly<Record<UnaryFn, (x: number) => number>> = {
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
  not: (x) => (x === 0 ? 1 : 0),
  round: roundHalfToEven,
  roundToBfloat16: (x) => roundHalf(x, "bfloat16"),
  roundToFloat16: (x) => roundHalf(x, "float16"),
  rsqrt: (x) => 1 / Math.sqrt(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  sign: Math.sign,
  sin: Math.sin,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
};

/** The binary functions, also used to combine values in reductions. */
export const BINARY: Readonly<
  Record<BinaryFn, (a: number, b: number) => number>
> = {
  add: (a, b) => a + b,
  and: (a, b) => a & b,
  bitwiseAnd: (a, b) => a & b,
  bitwiseLeftShift: (a, b) => a << b,
  bitwiseOr: (a, b) => a | b,
  bitwiseRightShift: (a, b) => a >> b,
  bitwiseXor: (a, b) => a ^ b,
  div: (a, b) => a / b,
  equal: (a, b) => Number(a === b),
  floorDivide: (a, b) => b === 0 ? 0 : Math.floor(a / b),
  less: (a, b) => Number(a < b),
  lessOrEqual: (a, b) => Number(a <= b),
  maximum: Math.max,
  minimum: Math.min,
  mul: (a, b) => a * b,
  or: (a, b) => a | b,
  pow: Math.pow,
  remainder,
  sub: (a, b) => a - b,
};

/** What is left of a, with the sign of b. */
function remainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && (rest < 0) !== (b < 0) ? rest + b : rest;
}

/** IEEE 754 roundTiesToEven, which `Math.round` is not. */
function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/**
 * The error function, in `float64`: the Taylor series near 0, the continued fraction of the
 * complement further out. Relative error below 1e-14.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.5 and 7.1.14.
 */
function erf(x: number): number {
  const z = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (z + fraction);
  const complement = Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction);
  return Math.sign(x) * (1 - complement);
}
