import { sizeOf } from "../../core/base/mod.ts";
import {
  type MatrixRow,
  type ProgramMatrix,
  programShape,
  type RowIndex,
  type RowProgramKernel,
  type RowScalar,
  type RowStatement,
  type ScalarBinaryFn,
  type ScalarUnaryFn,
  type Stretch,
} from "../ir/mod.ts";
import { forEachPlace, offsetOf, type ReferenceArray } from "./places.ts";

const UNARY: Readonly<Record<ScalarUnaryFn, (x: number) => number>> = {
  abs: Math.abs,
  neg: (x) => -x,
  sqrt: Math.sqrt,
};

const BINARY: Readonly<
  Record<ScalarBinaryFn, (left: number, right: number) => number>
> = {
  add: (left, right) => left + right,
  div: (left, right) => left / right,
  equal: (left, right) => Number(left === right),
  less: (left, right) => Number(left < right),
  mul: (left, right) => left * right,
  sub: (left, right) => left - right,
};

/**
 * Runs a row program, statement by statement, in `float64`.
 *
 * @param kernel The kernel.
 * @param inputs One array an operand.
 * @param output Where the elements go.
 */
export function runRowProgram(
  kernel: RowProgramKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  const { batch, program } = kernel;
  const [rows, columns] = programShape(program);
  const { matrix, isTransposed } = program.output;
  forEachPlace(batch, (at, number) => {
    const run = new Run(kernel, { inputs, at });
    run.all(program.body);
    const result = run.matrices[matrix]!;
    forEachPlace([rows, columns], ([i, j], place) => {
      output[number * sizeOf([rows, columns]) + place] = isTransposed
        ? result[j!]![i!]!
        : result[i!]![j!]!;
    });
  });
}

/** One run, on one matrix of the batch. */
class Run {
  readonly matrices: readonly number[][][];
  readonly #sizes: readonly ProgramMatrix[];
  readonly #registers: number[];
  readonly #loops: number[] = [];

  constructor(
    { program, operands }: RowProgramKernel,
    { inputs, at }: {
      readonly inputs: readonly ReferenceArray[];
      readonly at: readonly number[];
    },
  ) {
    this.#registers = new Array<number>(program.registers).fill(0);
    this.matrices = program.matrices.map(({ rows, columns, initial }) =>
      Array.from(
        { length: rows },
        (_, i) =>
          Array.from({ length: columns }, (_, j) => {
            if (initial.kind === "zeros") return 0;
            if (initial.kind === "identity") return Number(i === j);
            const place = initial.isTransposed ? [j, i] : [i, j];
            const operand = operands[initial.operand]!;
            return inputs[initial.operand]![
              offsetOf(operand, [...at, ...place])
            ]!;
          }),
      )
    );
    this.#sizes = program.matrices;
  }

  all(body: readonly RowStatement[]): void {
    for (const statement of body) this.#step(statement);
  }

  #step(statement: RowStatement): void {
    switch (statement.kind) {
      case "set":
        this.#registers[statement.register] = this.#scalar(statement.value);
        return;
      case "store": {
        const { target, value } = statement;
        const column = this.#column(target.matrix, target.column);
        this.#row(target)[column] = this.#scalar(value);
        return;
      }
      case "addScaled": {
        const [target, source] = [
          this.#row(statement.target),
          this.#row(statement.source),
        ];
        const factor = this.#scalar(statement.factor);
        return this.#each(statement, (j) => target[j]! += factor * source[j]!);
      }
      case "scale": {
        const target = this.#row(statement.target);
        const factor = this.#scalar(statement.factor);
        return this.#each(statement, (j) => target[j]! *= factor);
      }
      case "swap": {
        const [left, right] = this.#rows(statement);
        return this.#each(
          statement,
          (j) => [left[j], right[j]] = [right[j]!, left[j]!],
        );
      }
      case "rotate": {
        const [left, right] = this.#rows(statement);
        const cosine = this.#scalar(statement.cosine);
        const sine = this.#scalar(statement.sine);
        if (sine === 0) return;
        return this.#each(statement, (j) => {
          const [x, y] = [left[j]!, right[j]!];
          left[j] = cosine * x - sine * y;
          right[j] = sine * x + cosine * y;
        });
      }
      case "loop":
        return this.#loop(statement);
      case "repeat":
        for (let time = 0; time < statement.times; time++) {
          this.all(statement.body);
          if (this.#registers[statement.whileNotZero] === 0) return;
        }
        return;
      default:
        return statement satisfies never;
    }
  }

  #loop(
    { loop, from, to, isReverse, body }: Extract<
      RowStatement,
      { kind: "loop" }
    >,
  ): void {
    const [first, end] = [this.#whole(from), this.#whole(to)];
    for (let i = first; i < end; i++) {
      this.#loops[loop] = isReverse ? end - 1 - (i - first) : i;
      this.all(body);
    }
  }

  #scalar(scalar: RowScalar): number {
    if (typeof scalar === "number") return scalar;
    switch (scalar.kind) {
      case "epsilon":
        return Number.EPSILON;
      case "register":
        return this.#registers[scalar.register]!;
      case "index":
        return this.#whole(scalar.index);
      case "element":
        return this.#row(scalar)[this.#column(scalar.matrix, scalar.column)]!;
      case "dot": {
        const [left, right] = this.#rows(scalar);
        let sum = 0;
        this.#each(scalar, (j) => sum += left[j]! * right[j]!);
        return sum;
      }
      case "unary":
        return UNARY[scalar.fn](this.#scalar(scalar.x));
      case "binary":
        return BINARY[scalar.fn](
          this.#scalar(scalar.left),
          this.#scalar(scalar.right),
        );
      case "select":
        return this.#scalar(scalar.condition) !== 0
          ? this.#scalar(scalar.whenTrue)
          : this.#scalar(scalar.whenFalse);
      default:
        return scalar satisfies never;
    }
  }

  #each({ from, to }: Stretch, visit: (column: number) => void): void {
    const end = this.#whole(to);
    for (let j = this.#whole(from); j < end; j++) visit(j);
  }

  #rows(
    { left, right }: { readonly left: MatrixRow; readonly right: MatrixRow },
  ): readonly [number[], number[]] {
    return [this.#row(left), this.#row(right)];
  }

  #row({ matrix, row }: MatrixRow): number[] {
    const last = this.#sizes[matrix]!.rows - 1;
    return this.matrices[matrix]![within(this.#whole(row), last)]!;
  }

  #column(matrix: number, column: RowIndex): number {
    return within(this.#whole(column), this.#sizes[matrix]!.columns - 1);
  }

  #whole(index: RowIndex): number {
    if (typeof index === "number") return index;
    return index.kind === "loop"
      ? this.#loops[index.loop]! + index.plus
      : Math.trunc(this.#registers[index.register]!) || 0;
  }
}

function within(index: number, last: number): number {
  return Math.max(0, Math.min(last, index));
}
