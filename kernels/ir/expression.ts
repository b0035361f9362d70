/**
 * The scalar language: how one element of an output is computed.
 *
 * An expression is a list of instructions, each of which may use the values of those before it; the
 * last one is the result. A list rather than a tree, so that a value that is used twice stands once
 * and costs once. Values are held as `bool`, `int32` or `float32`, whatever they are stored as: loads
 * widen, stores round. Absent on purpose: loops, memory, names.
 *
 * @module
 */
import type { HalfDType, ValueDType } from "../../core/base/mod.ts";

/** Functions of one value, whose dtype they keep. See `takesDType` for the dtypes they take. */
export type UnaryFn =
  | "abs"
  | "atan"
  | "ceil"
  | "cos"
  | "erf"
  | "exp"
  | "expm1"
  | "floor"
  | "log"
  | "log1p"
  | "neg"
  | "not"
  | "round"
  | "roundToBfloat16"
  | "roundToFloat16"
  | "rsqrt"
  | "sigmoid"
  | "sign"
  | "sin"
  | "sqrt"
  | "tanh";

/** For each half type, the function that rounds a value to one that it holds. */
export const ROUND_TO_HALF: Readonly<Record<HalfDType, UnaryFn>> = {
  bfloat16: "roundToBfloat16",
  float16: "roundToFloat16",
};

/**
 * Functions of two values of one dtype that give that dtype. Of the count of a shift five bits count;
 * a whole number over 0 is 0; a remainder has the sign of the divisor.
 */
export type ArithmeticFn =
  | "add"
  | "and"
  | "bitwiseAnd"
  | "bitwiseLeftShift"
  | "bitwiseOr"
  | "bitwiseRightShift"
  | "bitwiseXor"
  | "div"
  | "floorDivide"
  | "maximum"
  | "minimum"
  | "mul"
  | "or"
  | "pow"
  | "remainder"
  | "sub";

/** Functions of two values of one dtype that give `bool`. */
export type ComparisonFn = "equal" | "less" | "lessOrEqual";

/** Functions of two values. */
export type BinaryFn = ArithmeticFn | ComparisonFn;

/** Ways to combine two values into one. All are associative and commutative. */
export type CombineFn = "add" | "and" | "maximum" | "minimum" | "mul" | "or";

/** One step of an expression. Numbers named `x`, `left` … are places of earlier instructions. */
export type Instruction =
  /** The element of an operand that the index space points at, in the dtype that holds its values. */
  | {
    readonly kind: "load";
    readonly operand: number;
    readonly dtype: ValueDType;
  }
  /**
   * As `load`, but moved by `stride` times a computed index, which counts from the end where it is
   * negative. An index outside `[-size, size)` reads nothing and gives `NaN`, or 0 for dtypes that
   * have no `NaN`.
   */
  | {
    readonly kind: "gather";
    readonly operand: number;
    readonly index: number;
    readonly stride: number;
    readonly size: number;
    readonly dtype: ValueDType;
  }
  /** The same number everywhere. */
  | {
    readonly kind: "constant";
    readonly value: number;
    readonly dtype: ValueDType;
  }
  /** Where along an axis of the index space the element lies. */
  | {
    readonly kind: "coordinate";
    readonly axis: number;
    readonly dtype: "int32";
  }
  /** What a reduction or contraction has arrived at; in epilogues only. */
  | { readonly kind: "accumulator"; readonly dtype: ValueDType }
  /** A value combined over the row that the element lies in; in kernels of whole rows only. */
  | {
    readonly kind: "fold";
    readonly combine: CombineFn;
    readonly x: number;
    readonly dtype: ValueDType;
  }
  /** A function of one value. */
  | {
    readonly kind: "unary";
    readonly fn: UnaryFn;
    readonly x: number;
    readonly dtype: ValueDType;
  }
  /** A function of two values of the same dtype. */
  | {
    readonly kind: "binary";
    readonly fn: BinaryFn;
    readonly left: number;
    readonly right: number;
    readonly dtype: ValueDType;
  }
  /** One value where a `bool` is true, else another of the same dtype. */
  | {
    readonly kind: "select";
    readonly condition: number;
    readonly whenTrue: number;
    readonly whenFalse: number;
    readonly dtype: ValueDType;
  }
  /**
   * The same number in another dtype. A fraction is cut towards zero, and clamped to the range of
   * `int32` (`NaN` gives 0); `bool` is whether the number is not 0.
   */
  | {
    readonly kind: "cast";
    readonly x: number;
    readonly dtype: ValueDType;
  };

/** How one element is computed: instructions in order, the last of which is the result. */
export type Expression = readonly Instruction[];

/**
 * Tells which earlier instructions an instruction uses.
 *
 * @param instruction The instruction.
 * @returns Their places, in the order of its fields.
 */
export function usesOf(instruction: Instruction): readonly number[] {
  switch (instruction.kind) {
    case "load":
    case "constant":
    case "coordinate":
    case "accumulator":
      return [];
    case "gather":
      return [instruction.index];
    case "fold":
    case "unary":
    case "cast":
      return [instruction.x];
    case "binary":
      return [instruction.left, instruction.right];
    case "select":
      return [
        instruction.condition,
        instruction.whenTrue,
        instruction.whenFalse,
      ];
    default:
      return instruction satisfies never;
  }
}
