import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import type { LineCursor } from "../loops/emit_line.ts";
import {
  type Combination,
  emitCombine,
  emitNeutral,
  isFloatSum,
} from "./combine.ts";

/**
 * The combined values of neighbouring columns, in scratch memory. Sums of `float32` are kept in
 * `float64`, two vectors for four columns.
 */
export class ColumnTotals {
  readonly #code: VectorCode;
  readonly #combination: Combination;
  readonly #scratch: Local;

  /**
   * Constructs a new instance.
   *
   * @param code Where to write.
   * @param combination How values are combined.
   * @param scratch Address of the memory.
   */
  constructor(code: VectorCode, combination: Combination, scratch: Local) {
    this.#code = code;
    this.#combination = combination;
    this.#scratch = scratch;
  }

  /**
   * Tells how much memory the totals need.
   *
   * @param columns Number of columns.
   * @returns Bytes.
   */
  static bytes(columns: number): number {
    return 8 * columns;
  }

  /** Bytes from one column's total to the next. */
  get #step(): number {
    return isFloatSum(this.#combination) ? 8 : 4;
  }

  /**
   * Makes a cursor at the first total.
   *
   * @returns The cursor.
   */
  cursor(): LineCursor {
    return {
      local: this.#code.f.variable("i32", this.#scratch),
      step: this.#step,
    };
  }

  /**
   * Writes the start of the combination.
   *
   * @param width Number of columns.
   */
  start(width: Local): void {
    const { f } = this.#code;
    const neutral = emitNeutral(this.#code, this.#combination);
    const { local } = this.cursor();
    const left = f.variable("i32", width);
    f.loop((next) => {
      f.store("v128.store", local, neutral);
      if (this.#step === 8) f.store("v128.store", local, neutral, 16);
      f.assign(local, "i32.add", local, 4 * this.#step);
      f.assign(left, "i32.sub", left, 4);
      f.branchIf(next, f.op("i32.gt_s", left, 0));
    });
  }

  /**
   * Writes the combination of four values with four totals.
   *
   * @param total Address of the totals.
   * @param value The values.
   */
  add(total: Local, value: Local): void {
    const { f } = this.#code;
    if (!isFloatSum(this.#combination)) {
      const known = f.load("v128.load", total);
      const combined = emitCombine(
        this.#code,
        [known, value],
        this.#combination,
      );
      f.store("v128.store", total, combined);
      return;
    }
    const halves = [value, f.shuffle(value, value, [2, 3, 2, 3])];
    halves.forEach((half, i) => {
      const sum = f.op(
        "f64x2.add",
        f.load("v128.load", total, 16 * i),
        f.op("f64x2.promote_low_f32x4", half),
      );
      f.store("v128.store", total, sum, 16 * i);
    });
  }

  /**
   * Writes the reading of four totals.
   *
   * @param total Their address.
   * @returns The totals.
   */
  read(total: Local): Local {
    const { f } = this.#code;
    const low = f.load("v128.load", total);
    if (!isFloatSum(this.#combination)) return low;
    return f.shuffle(
      f.op("f32x4.demote_f64x2_zero", low),
      f.op("f32x4.demote_f64x2_zero", f.load("v128.load", total, 16)),
      [0, 1, 4, 5],
    );
  }
}
