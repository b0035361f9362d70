import type { ValueDType } from "../../../core/base/mod.ts";
import type { CombineFn } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitBinary } from "../lanes/binary.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** How values are combined, and what they are. */
export interface Combination {
  /** The function. */
  readonly fn: CombineFn;
  /** The dtype of the values. */
  readonly dtype: ValueDType;
}

/** Whether a combination loses digits on the way, unless it is done in `f64`. */
export function isFloatSum({ fn, dtype }: Combination): boolean {
  return fn === "add" && dtype === "float32";
}

/**
 * Writes the combination of two values.
 *
 * @param code Where to write.
 * @param values The values.
 * @param combination How.
 * @returns The combined value.
 */
export function emitCombine(
  code: VectorCode,
  values: readonly [left: Local, right: Local],
  combination: Combination,
): Local {
  return emitBinary(code, values, combination);
}

/** Whether a combination picks one of two numbers, and has to look out for `NaN`. */
export function isFloatExtreme({ fn, dtype }: Combination): boolean {
  return (fn === "maximum" || fn === "minimum") && dtype === "float32";
}

/**
 * Writes the larger or smaller of two `f32` values in one instruction.
 *
 * @param code Where to write.
 * @param values The values. If the second is `NaN`, the first is taken.
 * @param fn Which of the two.
 * @returns The larger or smaller.
 */
export function emitLooseExtreme(
  { f }: VectorCode,
  [left, right]: readonly [left: Local, right: Local],
  fn: CombineFn,
): Local {
  return f.op(fn === "maximum" ? "f32x4.pmax" : "f32x4.pmin", left, right);
}

/**
 * Writes the combination of several values, neighbours first: rounding errors grow with the
 * logarithm of their number.
 *
 * @param code Where to write.
 * @param values The values, at least one.
 * @param combination How.
 * @returns The combined value.
 */
export function emitCombineAll(
  code: VectorCode,
  values: readonly Local[],
  combination: Combination,
): Local {
  const { f } = code;
  if (values.length === 1) return values[0]!;
  if (!isFloatExtreme(combination)) {
    return tree(values, (pair) => emitCombine(code, pair, combination));
  }
  // Looking for NaN apart takes three instructions a value, the instruction that heeds it about
  // eight.
  const unordered = values.map((value) => f.op("f32x4.ne", value, value));
  const extreme = tree(
    values,
    (pair) => emitLooseExtreme(code, pair, combination.fn),
  );
  return f.op(
    "v128.or",
    extreme,
    tree(unordered, ([left, right]) => f.op("v128.or", left, right)),
  );
}

function tree(
  values: readonly Local[],
  combine: (pair: readonly [left: Local, right: Local]) => Local,
): Local {
  if (values.length === 1) return values[0]!;
  const half = values.length >> 1;
  return combine([
    tree(values.slice(0, half), combine),
    tree(values.slice(half), combine),
  ]);
}

/**
 * Writes the value that changes nothing when it is combined.
 *
 * @param code Where to write.
 * @param combination How values are combined.
 * @returns Four times that value, not to be written to.
 */
export function emitNeutral(
  { f }: VectorCode,
  { fn, dtype }: Combination,
): Local {
  const isFloat = dtype === "float32";
  switch (fn) {
    case "add":
    case "or":
      return f.i32x4(0);
    case "and":
      return f.i32x4(-1);
    case "mul":
      return isFloat ? f.f32x4(1) : f.i32x4(1);
    case "maximum":
      return isFloat ? f.f32x4(-Infinity) : f.i32x4(-(2 ** 31));
    case "minimum":
      return isFloat ? f.f32x4(Infinity) : f.i32x4(2 ** 31 - 1);
    default:
      return fn satisfies never;
  }
}

/**
 * Writes the combination of a vector's four lanes.
 *
 * @param code Where to write.
 * @param vector The vector.
 * @param combination How.
 * @returns Four times the combined value.
 */
export function emitAcross(
  code: VectorCode,
  vector: Local,
  combination: Combination,
): Local {
  const { f } = code;
  const halves = emitCombine(
    code,
    [vector, f.shuffle(vector, vector, [2, 3, 0, 1])],
    combination,
  );
  return emitCombine(
    code,
    [halves, f.shuffle(halves, halves, [1, 0, 3, 2])],
    combination,
  );
}
