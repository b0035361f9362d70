/**
 * Checks that a row program stays inside its matrices, whatever elements it meets.
 *
 * Each loop variable lies between two numbers, and so does every index that is made of it. What
 * elements have computed is brought into range by backends, and says nothing about stretches.
 *
 * @module
 */
import { assertInvariant } from "../../core/base/mod.ts";
import {
  type MatrixElement,
  type MatrixRow,
  programOperandShape,
  type RowIndex,
  type RowProgram,
  type RowProgramKernel,
  type RowScalar,
  type RowStatement,
  type Stretch,
} from "./row_program.ts";

/** The smallest and the largest number that an index can be. */
type Range = readonly [min: number, max: number];

/** Loops around a statement. */
type Scope = ReadonlyMap<number, Range>;

/**
 * Checks a row program.
 *
 * @param kernel The kernel.
 * @throws {InvariantError} If it could leave its matrices, or names what it does not have.
 */
export function verifyRowProgram(
  { program, operands }: RowProgramKernel,
): void {
  assertInvariant(
    operands.every(({ dtype }, i) =>
      dtype === "float32" && programOperandShape(program, i) !== undefined
    ),
    "a row program reads each of its operands, which are float32",
  );
  assertInvariant(
    program.matrices.every(({ initial }) =>
      initial.kind !== "operand" || initial.operand < operands.length
    ) && program.output.matrix < program.matrices.length,
    "a row program has the operands and the output that it names",
  );
  assertInvariant(
    program.matrices.every(({ rows, columns }) => 8 * rows * columns < 2 ** 31),
    "a matrix of a row program has less than 2 GiB",
  );
  verifyBody(program, program.body, new Map());
}

function verifyBody(
  program: RowProgram,
  body: readonly RowStatement[],
  scope: Scope,
): void {
  for (const statement of body) verifyStatement(program, statement, scope);
}

function verifyStatement(
  program: RowProgram,
  statement: RowStatement,
  scope: Scope,
): void {
  const row = (row: MatrixRow) =>
    verifyStretch(program, row, { scope, at: stretchOf(statement) });
  const scalar = (value: RowScalar) => verifyScalar(program, value, scope);
  switch (statement.kind) {
    case "set":
      assertRegister(program, statement.register);
      return scalar(statement.value);
    case "store":
      verifyElement(program, statement.target, scope);
      return scalar(statement.value);
    case "addScaled":
      row(statement.target);
      row(statement.source);
      return scalar(statement.factor);
    case "scale":
      row(statement.target);
      return scalar(statement.factor);
    case "swap":
      row(statement.left);
      return row(statement.right);
    case "rotate":
      row(statement.left);
      row(statement.right);
      scalar(statement.cosine);
      return scalar(statement.sine);
    case "loop": {
      const { loop, from, to, body } = statement;
      assertInvariant(!scope.has(loop), "a loop has a number of its own");
      const [min] = rangeOf(from, scope);
      const [, end] = rangeOf(to, scope);
      // What never runs can do no harm.
      if (min >= end) return;
      const inner = new Map([...scope, [loop, [min, end - 1]]] as const);
      return verifyBody(program, body, inner);
    }
    case "repeat":
      assertRegister(program, statement.whileNotZero);
      return verifyBody(program, statement.body, scope);
    default:
      statement satisfies never;
  }
}

function stretchOf(statement: RowStatement): Stretch {
  return "from" in statement ? statement : { from: 0, to: 0 };
}

function verifyScalar(
  program: RowProgram,
  scalar: RowScalar,
  scope: Scope,
): void {
  if (typeof scalar === "number") return;
  switch (scalar.kind) {
    case "epsilon":
      return;
    case "register":
      return assertRegister(program, scalar.register);
    case "index":
      if (isHeld(scalar.index)) assertRegister(program, scalar.index.register);
      else rangeOf(scalar.index, scope);
      return;
    case "element":
      return verifyElement(program, scalar, scope);
    case "dot":
      verifyStretch(program, scalar.left, { scope, at: scalar });
      return verifyStretch(program, scalar.right, { scope, at: scalar });
    case "unary":
      return verifyScalar(program, scalar.x, scope);
    case "binary":
      verifyScalar(program, scalar.left, scope);
      return verifyScalar(program, scalar.right, scope);
    case "select":
      for (const part of ["condition", "whenTrue", "whenFalse"] as const) {
        verifyScalar(program, scalar[part], scope);
      }
      return;
    default:
      scalar satisfies never;
  }
}

function verifyElement(
  program: RowProgram,
  { matrix, row, column }: MatrixElement,
  scope: Scope,
): void {
  const { rows, columns } = matrixOf(program, matrix);
  assertWithin(program, row, { scope, size: rows });
  assertWithin(program, column, { scope, size: columns });
}

function verifyStretch(
  program: RowProgram,
  { matrix, row }: MatrixRow,
  { scope, at: { from, to } }: { readonly scope: Scope; readonly at: Stretch },
): void {
  const { rows, columns } = matrixOf(program, matrix);
  assertWithin(program, row, { scope, size: rows });
  assertInvariant(
    rangeOf(from, scope)[0] >= 0 && rangeOf(to, scope)[1] <= columns,
    "a stretch lies within its rows",
  );
}

function matrixOf(
  { matrices }: RowProgram,
  matrix: number,
): { readonly rows: number; readonly columns: number } {
  const found = matrices[matrix];
  assertInvariant(found, "a row program has the matrices that it names");
  return found;
}

function assertWithin(
  program: RowProgram,
  index: RowIndex,
  { scope, size }: { readonly scope: Scope; readonly size: number },
): void {
  if (isHeld(index)) return assertRegister(program, index.register);
  const [min, max] = rangeOf(index, scope);
  assertInvariant(
    min >= 0 && max < size,
    "an index of a row program lies within its matrix",
  );
}

function isHeld(
  index: RowIndex,
): index is Extract<RowIndex, { kind: "held" }> {
  return typeof index !== "number" && index.kind === "held";
}

function rangeOf(index: RowIndex, scope: Scope): Range {
  if (typeof index === "number") return [index, index];
  const range = index.kind === "loop" ? scope.get(index.loop) : undefined;
  assertInvariant(
    range && index.kind === "loop",
    "a loop, and what it counts to, is known before elements are",
  );
  return [range[0] + index.plus, range[1] + index.plus];
}

function assertRegister({ registers }: RowProgram, register: number): void {
  assertInvariant(
    Number.isInteger(register) && register >= 0 && register < registers,
    "a row program has the registers that it names",
  );
}
