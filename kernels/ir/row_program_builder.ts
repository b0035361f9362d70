import type {
  MatrixElement,
  MatrixRow,
  ProgramMatrix,
  RowIndex,
  RowProgram,
  RowScalar,
  RowStatement,
  ScalarBinaryFn,
  Stretch,
} from "./row_program.ts";

/** A matrix of a program that is being written. */
export interface MatrixHandle {
  /** Its number. */
  readonly matrix: number;
  /**
   * Names a row.
   *
   * @param row Which.
   * @returns The row.
   */
  row(row: RowIndex): MatrixRow;
  /**
   * Names an element.
   *
   * @param row Its row.
   * @param column Its column.
   * @returns The element.
   */
  at(row: RowIndex, column: RowIndex): MatrixElement;
}

/** A register of a program that is being written: a scalar that can be given another value. */
export interface RegisterScalar {
  /** Which arm of {@linkcode RowScalar} this is. */
  readonly kind: "register";
  /** Its number. */
  readonly register: number;
}

/** What can be said about a loop. */
export interface LoopOptions {
  /** Whether it counts down. */
  readonly isReverse?: boolean;
}

/** Writes row programs: methods add steps, and make the scalars that steps take. */
export class RowProgramBuilder {
  readonly #matrices: ProgramMatrix[] = [];
  #body: RowStatement[] = [];
  #registers = 0;
  #loops = 0;

  /**
   * Adds a matrix.
   *
   * @param rows How many rows.
   * @param columns How many columns.
   * @param initial What it holds at first; zeros if left out.
   * @returns The matrix.
   */
  matrix(
    rows: number,
    columns: number,
    initial: ProgramMatrix["initial"] = { kind: "zeros" },
  ): MatrixHandle {
    const matrix = this.#matrices.push({ rows, columns, initial }) - 1;
    return {
      matrix,
      row: (row) => ({ matrix, row }),
      at: (row, column) => ({ matrix, row, column }),
    };
  }

  /** Adds a register that holds a number from here on. */
  register(value: RowScalar): RegisterScalar {
    const register = this.#registers++;
    this.#body.push({ kind: "set", register, value });
    return { kind: "register", register };
  }

  /** Gives a register another number. */
  set({ register }: RegisterScalar, value: RowScalar): void {
    this.#body.push({ kind: "set", register, value });
  }

  /** Gives an element another number. */
  store(target: MatrixElement, value: RowScalar): void {
    this.#body.push({ kind: "store", target, value });
  }

  /** Adds a multiple of a row to another. */
  addScaled(
    target: MatrixRow,
    source: MatrixRow,
    { factor, from, to }: { readonly factor: RowScalar } & Stretch,
  ): void {
    this.#body.push({ kind: "addScaled", target, source, factor, from, to });
  }

  /** Multiplies a row. */
  scale(
    target: MatrixRow,
    { factor, from, to }: { readonly factor: RowScalar } & Stretch,
  ): void {
    this.#body.push({ kind: "scale", target, factor, from, to });
  }

  /** Swaps two rows. */
  swap(left: MatrixRow, right: MatrixRow, { from, to }: Stretch): void {
    this.#body.push({ kind: "swap", left, right, from, to });
  }

  /** Turns two rows in their plane. */
  rotate(
    left: MatrixRow,
    right: MatrixRow,
    { cosine, sine, from, to }: {
      readonly cosine: RowScalar;
      readonly sine: RowScalar;
    } & Stretch,
  ): void {
    this.#body.push({ kind: "rotate", left, right, cosine, sine, from, to });
  }

  /**
   * Adds a loop.
   *
   * @param range From where to where it counts.
   * @param body Writes its body, given its variable.
   * @param options Whether it counts down.
   */
  loop(
    { from, to }: Stretch,
    body: (index: RowIndex) => void,
    { isReverse = false }: LoopOptions = {},
  ): void {
    const loop = this.#loops++;
    const statements = this.#within(() =>
      body({ kind: "loop", loop, plus: 0 })
    );
    this.#body.push({
      kind: "loop",
      loop,
      from,
      to,
      isReverse,
      body: statements,
    });
  }

  /**
   * Adds a body that runs several times, as long as a register does not hold 0 after it.
   *
   * @param times How many times at most.
   * @param condition The register.
   * @param body Writes the body.
   */
  repeat(times: number, condition: RegisterScalar, body: () => void): void {
    const whileNotZero = condition.register;
    const statements = this.#within(body);
    this.#body.push({ kind: "repeat", times, whileNotZero, body: statements });
  }

  /** The next index, or one further on. */
  after(index: RowIndex, count = 1): RowIndex {
    if (typeof index === "number") return index + count;
    return index.kind === "loop"
      ? { ...index, plus: index.plus + count }
      : index;
  }

  /** An element as a scalar. */
  element(element: MatrixElement): RowScalar {
    return { kind: "element", ...element };
  }

  /** An index as a scalar. */
  index(index: RowIndex): RowScalar {
    return { kind: "index", index };
  }

  /** What a register holds as an index. */
  held({ register }: RegisterScalar): RowIndex {
    return { kind: "held", register };
  }

  /** The sum of products of two rows. */
  dot(left: MatrixRow, right: MatrixRow, { from, to }: Stretch): RowScalar {
    return { kind: "dot", left, right, from, to };
  }

  /** A function of two numbers. */
  binary(fn: ScalarBinaryFn, left: RowScalar, right: RowScalar): RowScalar {
    return { kind: "binary", fn, left, right };
  }

  /** The sum. */
  add(left: RowScalar, right: RowScalar): RowScalar {
    return this.binary("add", left, right);
  }

  /** The difference. */
  sub(left: RowScalar, right: RowScalar): RowScalar {
    return this.binary("sub", left, right);
  }

  /** The product. */
  mul(left: RowScalar, right: RowScalar): RowScalar {
    return this.binary("mul", left, right);
  }

  /** The quotient. */
  div(left: RowScalar, right: RowScalar): RowScalar {
    return this.binary("div", left, right);
  }

  /** 1 where the left is less, else 0. */
  less(left: RowScalar, right: RowScalar): RowScalar {
    return this.binary("less", left, right);
  }

  /** The square root. */
  sqrt(x: RowScalar): RowScalar {
    return { kind: "unary", fn: "sqrt", x };
  }

  /** The distance from 0. */
  abs(x: RowScalar): RowScalar {
    return { kind: "unary", fn: "abs", x };
  }

  /** The opposite number. */
  neg(x: RowScalar): RowScalar {
    return { kind: "unary", fn: "neg", x };
  }

  /** One number where a condition is not 0, another where it is. */
  select(
    condition: RowScalar,
    { whenTrue, whenFalse }: {
      readonly whenTrue: RowScalar;
      readonly whenFalse: RowScalar;
    },
  ): RowScalar {
    return { kind: "select", condition, whenTrue, whenFalse };
  }

  /**
   * Finishes the program.
   *
   * @param end Its name, what it gives back, and how many operations it takes, about.
   * @returns The program.
   */
  finish(
    { name, output, isTransposed = false, flops }: {
      readonly name: string;
      readonly output: MatrixHandle;
      readonly isTransposed?: boolean;
      readonly flops: number;
    },
  ): RowProgram {
    return {
      name,
      matrices: this.#matrices,
      registers: this.#registers,
      body: this.#body,
      output: { matrix: output.matrix, isTransposed },
      flops,
    };
  }

  #within(body: () => void): readonly RowStatement[] {
    const outer = this.#body;
    this.#body = [];
    body();
    const inner = this.#body;
    this.#body = outer;
    return inner;
  }
}
