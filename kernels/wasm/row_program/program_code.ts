import type {
  MatrixElement,
  MatrixRow,
  RowIndex,
  RowProgram,
  RowScalar,
  RowStatement,
  ScalarBinaryFn,
  ScalarUnaryFn,
  Stretch,
} from "../../ir/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local, Value } from "../assembler/function_types.ts";
import type { PLAIN } from "../assembler/opcodes.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { dotHelper, stretchHelper } from "./stretches.ts";

const UNARY: Readonly<Record<ScalarUnaryFn, keyof typeof PLAIN>> = {
  abs: "f64x2.abs",
  neg: "f64x2.neg",
  sqrt: "f64x2.sqrt",
};

const BINARY: Readonly<Record<ScalarBinaryFn, keyof typeof PLAIN>> = {
  add: "f64x2.add",
  div: "f64x2.div",
  equal: "f64x2.eq",
  less: "f64x2.lt",
  mul: "f64x2.mul",
  sub: "f64x2.sub",
};

/** Writes the steps of a row program, whose matrices lie in memory as `float64`, row by row. */
export class ProgramCode {
  readonly #code: VectorCode;
  readonly #f: FunctionBuilder;
  readonly #program: RowProgram;
  readonly #matrices: readonly Local[];
  readonly #registers: readonly Local[];
  readonly #loops = new Map<number, Local>();

  /**
   * Constructs a new instance.
   *
   * @param code Where to write.
   * @param program The program.
   * @param matrices Addresses of its matrices.
   */
  constructor(
    code: VectorCode,
    program: RowProgram,
    matrices: readonly Local[],
  ) {
    this.#code = code;
    this.#f = code.f;
    this.#program = program;
    this.#matrices = matrices;
    this.#registers = Array.from(
      { length: program.registers },
      () => code.f.variable("v128", code.f.f64x2(0)),
    );
  }

  /**
   * Writes steps.
   *
   * @param body The steps.
   */
  emit(body: readonly RowStatement[]): void {
    for (const statement of body) {
      this.#f.scoped(() => this.#step(statement));
    }
  }

  #step(statement: RowStatement): void {
    const f = this.#f;
    switch (statement.kind) {
      case "set": {
        const register = this.#registers[statement.register]!;
        return f.copy(register, this.#scalar(statement.value));
      }
      case "store": {
        const value = this.#scalar(statement.value);
        const address = this.#address(statement.target);
        return f.storeLane("v128.store64_lane", value, { address, lane: 0 });
      }
      case "addScaled": {
        const { target, source, factor } = statement;
        return this.#change(statement, [target, source], [factor]);
      }
      case "scale":
        return this.#change(statement, [statement.target], [statement.factor]);
      case "swap":
        return this.#change(statement, [statement.left, statement.right], []);
      case "rotate": {
        const { left, right, cosine, sine } = statement;
        return this.#change(statement, [left, right], [cosine, sine]);
      }
      case "loop":
        return this.#loop(statement);
      case "repeat":
        return this.#repeat(statement);
      default:
        return statement satisfies never;
    }
  }

  #change(
    { kind, from, to }: Extract<
      RowStatement,
      { kind: "addScaled" | "rotate" | "scale" | "swap" }
    >,
    rows: readonly MatrixRow[],
    factors: readonly RowScalar[],
  ): void {
    const scalars = factors.map((factor) => this.#scalar(factor));
    const pointers = rows.map((row) => this.#address({ ...row, column: from }));
    const count = this.#count({ from, to });
    const helper = stretchHelper(this.#code, kind);
    this.#f.run(helper, ...pointers, ...scalars, count);
  }

  #loop(
    { loop, from, to, isReverse, body }: Extract<
      RowStatement,
      { kind: "loop" }
    >,
  ): void {
    const f = this.#f;
    const [first, end] = [this.#whole(from), this.#whole(to)];
    const i = f.variable("i32", first);
    if (isReverse) f.copy(i, f.op("i32.sub", end, 1));
    this.#loops.set(loop, i);
    f.block((done) => {
      f.loop((next) => {
        const isDone = isReverse
          ? f.op("i32.lt_s", i, first)
          : f.op("i32.ge_s", i, end);
        f.branchIf(done, isDone);
        this.emit(body);
        f.assign(i, "i32.add", i, isReverse ? -1 : 1);
        f.branch(next);
      });
    });
  }

  #repeat(
    { times, whileNotZero, body }: Extract<RowStatement, { kind: "repeat" }>,
  ): void {
    const f = this.#f;
    if (times === 0) return;
    const left = f.variable("i32", times);
    f.block((done) => {
      f.loop((next) => {
        this.emit(body);
        const isZero = f.op(
          "f64x2.eq",
          this.#registers[whileNotZero]!,
          f.f64x2(0),
        );
        f.branchIf(done, f.op("v128.any_true", isZero));
        f.assign(left, "i32.sub", left, 1);
        f.branchIf(next, left);
      });
    });
  }

  #scalar(scalar: RowScalar): Local {
    const f = this.#f;
    if (typeof scalar === "number") return f.f64x2(scalar);
    switch (scalar.kind) {
      case "epsilon":
        return f.f64x2(Number.EPSILON);
      case "register":
        return this.#registers[scalar.register]!;
      case "index": {
        const whole = f.variable("i32", this.#whole(scalar.index));
        const lanes = f.op("i32x4.splat", whole);
        return f.op("f64x2.convert_low_i32x4_s", lanes);
      }
      case "element":
        return f.load("v128.load64_splat", this.#address(scalar));
      case "dot": {
        const { left, right, from } = scalar;
        const pointers = [left, right].map((row) =>
          this.#address({ ...row, column: from })
        );
        const count = this.#count(scalar);
        return f.call(dotHelper(this.#code), ...pointers, count);
      }
      case "unary":
        return f.op(UNARY[scalar.fn], this.#scalar(scalar.x));
      case "binary": {
        const { fn, left, right } = scalar;
        const value = f.op(
          BINARY[fn],
          this.#scalar(left),
          this.#scalar(right),
        );
        const isTruth = fn === "less" || fn === "equal";
        return isTruth ? f.op("v128.and", value, f.f64x2(1)) : value;
      }
      case "select": {
        const [condition, whenTrue, whenFalse] = [
          scalar.condition,
          scalar.whenTrue,
          scalar.whenFalse,
        ].map((part) => this.#scalar(part));
        const isZero = f.op("f64x2.eq", condition!, f.f64x2(0));
        return this.#code.select(isZero, whenFalse!, whenTrue!);
      }
      default:
        return scalar satisfies never;
    }
  }

  /** How many columns a stretch has; a number below 0 where it has none. */
  #count({ from, to }: Stretch): Value {
    if (typeof from === "number" && typeof to === "number") return to - from;
    const [first, end] = [this.#whole(from), this.#whole(to)];
    return this.#f.op("i32.sub", end, first);
  }

  /** Where an element lies. */
  #address({ matrix, row, column }: MatrixElement): Local {
    const f = this.#f;
    const { rows, columns } = this.#program.matrices[matrix]!;
    const line = this.#within(row, rows);
    const place = this.#within(column, columns);
    const bytes = f.op(
      "i32.add",
      f.op("i32.mul", line, 8 * columns),
      f.op("i32.mul", place, 8),
    );
    return f.op("i32.add", this.#matrices[matrix]!, bytes);
  }

  /** An index that elements have computed is brought into range: it may be anything. */
  #within(index: RowIndex, size: number): Value {
    const whole = this.#whole(index);
    if (typeof index === "number" || index.kind === "loop") return whole;
    const f = this.#f;
    const last = size - 1;
    const low = f.op("i32.select", whole, 0, f.op("i32.gt_s", whole, 0));
    return f.op("i32.select", low, last, f.op("i32.lt_s", low, last));
  }

  #whole(index: RowIndex): Value {
    if (typeof index === "number") return index;
    const f = this.#f;
    if (index.kind === "loop") {
      const i = this.#loops.get(index.loop)!;
      return index.plus === 0 ? i : f.op("i32.add", i, index.plus);
    }
    const held = this.#registers[index.register]!;
    const whole = f.op("i32x4.trunc_sat_f64x2_s_zero", held);
    return f.lane("i32x4.extract_lane", 0, whole);
  }
}
