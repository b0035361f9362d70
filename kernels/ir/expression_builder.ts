import {
  type DType,
  isHalfDType,
  type ValueDType,
  valueDType,
} from "../../core/base/mod.ts";
import {
  type ArithmeticFn,
  type BinaryFn,
  type CombineFn,
  type ComparisonFn,
  type Expression,
  type Instruction,
  ROUND_TO_HALF,
  type UnaryFn,
} from "./expression.ts";

const COMPARISONS: ReadonlySet<BinaryFn> = new Set<ComparisonFn>([
  "equal",
  "less",
  "lessOrEqual",
]);

/**
 * Writes an expression, one instruction at a time. An instruction that stands already is not written
 * again: its place is returned. Dtypes follow from the operands.
 */
export class ExpressionBuilder {
  readonly #instructions: Instruction[] = [];
  readonly #places = new Map<string, number>();

  /** What has been written so far. The result is the last instruction. */
  get expression(): Expression {
    return this.#instructions;
  }

  /**
   * Tells the dtype of an instruction's value.
   *
   * @param place Place of the instruction.
   * @returns Its dtype.
   */
  dtypeOf(place: number): ValueDType {
    return this.#instructions[place]!.dtype;
  }

  /**
   * Writes any instruction.
   *
   * @param instruction The instruction.
   * @returns Its place.
   */
  write(instruction: Instruction): number {
    // Object.values keeps the order of the literal; every arm writes its fields in one order.
    const key = Object.values(instruction).map((field) =>
      Object.is(field, -0) ? "-0" : String(field)
    ).join(" ");
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#instructions.push(instruction) - 1;
    this.#places.set(key, place);
    return place;
  }

  /**
   * Reads an operand.
   *
   * @param operand Its number.
   * @param dtype How its elements are stored.
   * @returns The instruction's place.
   */
  load(operand: number, dtype: DType): number {
    return this.write({ kind: "load", operand, dtype: valueDType(dtype) });
  }

  /**
   * Writes a number. It is not rounded.
   *
   * @param value The number.
   * @param dtype What it would be stored as.
   * @returns The instruction's place.
   */
  constant(value: number, dtype: DType): number {
    return this.write({ kind: "constant", value, dtype: valueDType(dtype) });
  }

  /**
   * Writes the value of the reduction or contraction, in an epilogue.
   *
   * @param dtype What it would be stored as.
   * @returns The instruction's place.
   */
  accumulator(dtype: DType): number {
    return this.write({ kind: "accumulator", dtype: valueDType(dtype) });
  }

  /**
   * Writes where along an axis the element lies.
   *
   * @param axis The axis.
   * @returns The instruction's place.
   */
  coordinate(axis: number): number {
    return this.write({ kind: "coordinate", axis, dtype: "int32" });
  }

  /**
   * Combines a value over the row.
   *
   * @param combine How.
   * @param x Place of the value.
   * @returns The instruction's place.
   */
  fold(combine: CombineFn, x: number): number {
    return this.write({ kind: "fold", combine, x, dtype: this.dtypeOf(x) });
  }

  /**
   * Applies a function of one value.
   *
   * @param fn The function.
   * @param x Place of the value.
   * @returns The instruction's place.
   */
  unary(fn: UnaryFn, x: number): number {
    return this.write({ kind: "unary", fn, x, dtype: this.dtypeOf(x) });
  }

  /**
   * Applies a function of two values.
   *
   * @param fn The function.
   * @param operands Places of the values.
   * @returns The instruction's place.
   */
  binary(
    fn: ArithmeticFn | ComparisonFn,
    [left, right]: readonly [left: number, right: number],
  ): number {
    const dtype = COMPARISONS.has(fn) ? "bool" : this.dtypeOf(left);
    return this.write({ kind: "binary", fn, left, right, dtype });
  }

  /**
   * Chooses between two values.
   *
   * @param condition Place of the `bool`.
   * @param values Places of the value where it is true, and of the other.
   * @returns The instruction's place.
   */
  select(
    condition: number,
    [whenTrue, whenFalse]: readonly [whenTrue: number, whenFalse: number],
  ): number {
    return this.write({
      kind: "select",
      condition,
      whenTrue,
      whenFalse,
      dtype: this.dtypeOf(whenTrue),
    });
  }

  /**
   * Holds a value as another dtype; a value of that dtype stays as it is.
   *
   * @param x Place of the value.
   * @param dtype The dtype wanted.
   * @returns The instruction's place.
   */
  hold(x: number, dtype: ValueDType): number {
    if (this.dtypeOf(x) === dtype) return x;
    return this.write({ kind: "cast", x, dtype });
  }

  /**
   * Converts a value to one that a dtype can store: rounded to a half type, clamped to the range of
   * `int8`.
   *
   * @param x Place of the value.
   * @param dtype The dtype.
   * @returns The instruction's place.
   */
  cast(x: number, dtype: DType): number {
    const held = this.hold(x, valueDType(dtype));
    if (isHalfDType(dtype)) return this.unary(ROUND_TO_HALF[dtype], held);
    if (dtype !== "int8" || this.dtypeOf(x) === "bool") return held;
    const low = this.binary("maximum", [held, this.constant(-128, dtype)]);
    return this.binary("minimum", [low, this.constant(127, dtype)]);
  }
}
