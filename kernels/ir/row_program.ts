/**
 * Row programs: small programs over matrices, in which factorizations of linear algebra are written
 * once for every backend.
 *
 * A program works on matrices of its own. Loops count over whole numbers, scalars are computed one at a
 * time, and whatever takes time is done on stretches of rows: those are vectors to a processor and
 * shared work to a GPU. What always holds: how often loops run does not depend on elements, but for
 * `repeat`, which can end early. Absent on purpose: branches (there is `select`), columns (write the
 * transposed matrix), anything that is not a matrix.
 *
 * **Numerics**: scalars and matrices are `float64` where the backend has it, else `float32`; division
 * by 0 and roots of negative numbers give infinities and `NaN`, which run on.
 *
 * @module
 */
import type { Shape } from "../../core/base/mod.ts";
import type { Operand } from "./operand.ts";

/**
 * A whole number while the program runs: a constant, the variable of a loop and so much more, or what a
 * register holds, brought into the range of the rows or columns that it is used for.
 */
export type RowIndex =
  | number
  | { readonly kind: "loop"; readonly loop: number; readonly plus: number }
  | { readonly kind: "held"; readonly register: number };

/** A row of a matrix. */
export interface MatrixRow {
  /** Number of the matrix. */
  readonly matrix: number;
  /** Which row. */
  readonly row: RowIndex;
}

/** An element of a matrix. */
export interface MatrixElement extends MatrixRow {
  /** Which column. */
  readonly column: RowIndex;
}

/** Columns of rows that are worked on together: from one up to another, which may be the same. */
export interface Stretch {
  /** The first column. */
  readonly from: RowIndex;
  /** The one after the last. */
  readonly to: RowIndex;
}

/** Functions of one number. */
export type ScalarUnaryFn = "abs" | "neg" | "sqrt";
/** Functions of two numbers; `less` and `equal` give 1 or 0, and 0 for `NaN`. */
export type ScalarBinaryFn = "add" | "sub" | "mul" | "div" | "less" | "equal";

/** A number while the program runs. */
export type RowScalar =
  | number
  /** The gap between 1 and the next number, in whatever the backend computes with. */
  | { readonly kind: "epsilon" }
  | { readonly kind: "register"; readonly register: number }
  | { readonly kind: "index"; readonly index: RowIndex }
  | ({ readonly kind: "element" } & MatrixElement)
  /** The sum of products of two rows. */
  | ({
    readonly kind: "dot";
    readonly left: MatrixRow;
    readonly right: MatrixRow;
  } & Stretch)
  | {
    readonly kind: "unary";
    readonly fn: ScalarUnaryFn;
    readonly x: RowScalar;
  }
  | {
    readonly kind: "binary";
    readonly fn: ScalarBinaryFn;
    readonly left: RowScalar;
    readonly right: RowScalar;
  }
  /** One number where another is not 0, a third where it is. */
  | {
    readonly kind: "select";
    readonly condition: RowScalar;
    readonly whenTrue: RowScalar;
    readonly whenFalse: RowScalar;
  };

/** One step of a program. */
export type RowStatement =
  | {
    readonly kind: "set";
    readonly register: number;
    readonly value: RowScalar;
  }
  | {
    readonly kind: "store";
    readonly target: MatrixElement;
    readonly value: RowScalar;
  }
  /** `target += factor source`. */
  | ({
    readonly kind: "addScaled";
    readonly target: MatrixRow;
    readonly source: MatrixRow;
    readonly factor: RowScalar;
  } & Stretch)
  /** `target *= factor`. */
  | ({
    readonly kind: "scale";
    readonly target: MatrixRow;
    readonly factor: RowScalar;
  } & Stretch)
  | ({
    readonly kind: "swap";
    readonly left: MatrixRow;
    readonly right: MatrixRow;
  } & Stretch)
  /**
   * `left, right = cosine left - sine right, sine left + cosine right`: a turn by an angle. Where the
   * sine is 0, rows stay as they are.
   */
  | ({
    readonly kind: "rotate";
    readonly left: MatrixRow;
    readonly right: MatrixRow;
    readonly cosine: RowScalar;
    readonly sine: RowScalar;
  } & Stretch)
  /** Runs its body for each number from one up to another, or the other way round. */
  | ({
    readonly kind: "loop";
    /** Number of the loop, which no other loop has. */
    readonly loop: number;
    readonly isReverse: boolean;
    readonly body: readonly RowStatement[];
  } & Stretch)
  /** Runs its body so many times, or until a register holds 0 after it. */
  | {
    readonly kind: "repeat";
    readonly times: number;
    readonly whileNotZero: number;
    readonly body: readonly RowStatement[];
  };

/** A matrix that a program works on. */
export interface ProgramMatrix {
  /** How many rows. */
  readonly rows: number;
  /** How many columns. */
  readonly columns: number;
  /** What it holds at first: an operand, whose rows are these or, where it is transposed, columns. */
  readonly initial:
    | { readonly kind: "zeros" }
    | { readonly kind: "identity" }
    | {
      readonly kind: "operand";
      readonly operand: number;
      readonly isTransposed: boolean;
    };
}

/** What is done for each matrix of a batch. */
export interface RowProgram {
  /** What it is called, for whoever reads kernels. */
  readonly name: string;
  /** The matrices. */
  readonly matrices: readonly ProgramMatrix[];
  /** How many registers there are; each holds 0 at first. */
  readonly registers: number;
  /** The steps. */
  readonly body: readonly RowStatement[];
  /** The matrix that is given back, as it is or transposed. */
  readonly output: { readonly matrix: number; readonly isTransposed: boolean };
  /** Arithmetic operations that it takes, about. */
  readonly flops: number;
}

/** A row program for each matrix of a batch. */
export interface RowProgramKernel {
  /** Which arm of `Kernel` this is. */
  readonly kind: "rowProgram";
  /** Sizes of the batch axes. */
  readonly batch: Shape;
  /** The program. */
  readonly program: RowProgram;
  /** The inputs, over `[...batch, rows, columns]` as the program's matrices have them. */
  readonly operands: readonly Operand[];
  /** How the output is stored. */
  readonly dtype: "float32";
}

/**
 * Tells the shape of the matrices that a program gives back.
 *
 * @param program The program.
 * @returns Rows and columns.
 */
export function programShape(
  { matrices, output }: RowProgram,
): readonly [rows: number, columns: number] {
  const { rows, columns } = matrices[output.matrix]!;
  return output.isTransposed ? [columns, rows] : [rows, columns];
}

/**
 * Tells the shape of the matrices that a program reads as one of its operands.
 *
 * @param program The program.
 * @param operand Number of the operand.
 * @returns Rows and columns; `undefined` if it reads none of that number.
 */
export function programOperandShape(
  { matrices }: RowProgram,
  operand: number,
): readonly [rows: number, columns: number] | undefined {
  for (const { rows, columns, initial } of matrices) {
    if (initial.kind !== "operand" || initial.operand !== operand) continue;
    return initial.isTransposed ? [columns, rows] : [rows, columns];
  }
  return undefined;
}
