import type {
  MatrixElement,
  MatrixRow,
  ProgramMatrix,
  RowIndex,
  RowProgram,
  RowScalar,
  RowStatement,
  Stretch,
} from "./row_program.ts";

/**
 * Writes a row program as text: matrices, then a step a line. Two programs that do the same in the
 * same way have the same text, and no others.
 *
 * @param program The program.
 * @returns The lines.
 */
export function printRowProgram(program: RowProgram): string[] {
  const { matrix, isTransposed } = program.output;
  return [
    ...program.matrices.map((each, i) => `    ${printMatrix(each, i)}`),
    ...program.body.flatMap(printStatement).map((line) => `    ${line}`),
    `    give m${matrix}${isTransposed ? " transposed" : ""}`,
  ];
}

function printMatrix(
  { rows, columns, initial }: ProgramMatrix,
  index: number,
): string {
  const from = initial.kind === "operand"
    ? `@${initial.operand}${initial.isTransposed ? " transposed" : ""}`
    : initial.kind;
  return `m${index} ${rows}x${columns} from ${from}`;
}

function printStatement(statement: RowStatement): string[] {
  switch (statement.kind) {
    case "set":
      return [`r${statement.register} = ${printScalar(statement.value)}`];
    case "store": {
      const { target, value } = statement;
      return [`${printElement(target)} = ${printScalar(value)}`];
    }
    case "addScaled": {
      const { target, source, factor } = statement;
      const row = `${printRow(target)} += ${printScalar(factor)}`;
      return [`${row} ${printRow(source)}${printStretch(statement)}`];
    }
    case "scale": {
      const row = `${printRow(statement.target)} *= `;
      const factor = printScalar(statement.factor);
      return [`${row}${factor}${printStretch(statement)}`];
    }
    case "swap": {
      const rows = `${printRow(statement.left)}, ${printRow(statement.right)}`;
      return [`swap ${rows}${printStretch(statement)}`];
    }
    case "rotate": {
      const { left, right, cosine, sine } = statement;
      const rows = `${printRow(left)}, ${printRow(right)}`;
      const angle = `${printScalar(cosine)}, ${printScalar(sine)}`;
      return [`rotate ${rows} by ${angle}${printStretch(statement)}`];
    }
    case "loop": {
      const order = statement.isReverse ? "down" : "up";
      const range = `${printIndex(statement.from)}..${
        printIndex(statement.to)
      }`;
      return [
        `loop i${statement.loop} ${order} ${range}`,
        ...printBody(statement.body),
      ];
    }
    case "repeat":
      return [
        `repeat ${statement.times} while r${statement.whileNotZero}`,
        ...printBody(statement.body),
      ];
    default:
      return statement satisfies never;
  }
}

function printBody(body: readonly RowStatement[]): string[] {
  return body.flatMap(printStatement).map((line) => `  ${line}`);
}

function printScalar(scalar: RowScalar): string {
  if (typeof scalar === "number") {
    return Object.is(scalar, -0) ? "-0" : `${scalar}`;
  }
  switch (scalar.kind) {
    case "epsilon":
      return "epsilon";
    case "register":
      return `r${scalar.register}`;
    case "index":
      return printIndex(scalar.index);
    case "element":
      return printElement(scalar);
    case "dot": {
      const rows = `${printRow(scalar.left)} ${printRow(scalar.right)}`;
      return `dot(${rows}${printStretch(scalar)})`;
    }
    case "unary":
      return `${scalar.fn}(${printScalar(scalar.x)})`;
    case "binary": {
      const { fn, left, right } = scalar;
      return `${fn}(${printScalar(left)}, ${printScalar(right)})`;
    }
    case "select": {
      const { condition, whenTrue, whenFalse } = scalar;
      const parts = [condition, whenTrue, whenFalse].map(printScalar);
      return `select(${parts.join(", ")})`;
    }
    default:
      return scalar satisfies never;
  }
}

function printRow({ matrix, row }: MatrixRow): string {
  return `m${matrix}[${printIndex(row)}]`;
}

function printElement({ matrix, row, column }: MatrixElement): string {
  return `m${matrix}[${printIndex(row)},${printIndex(column)}]`;
}

function printStretch({ from, to }: Stretch): string {
  return ` over ${printIndex(from)}..${printIndex(to)}`;
}

function printIndex(index: RowIndex): string {
  if (typeof index === "number") return `${index}`;
  if (index.kind === "held") return `r${index.register}`;
  return index.plus === 0 ? `i${index.loop}` : `i${index.loop}+${index.plus}`;
}
