import type {
  Kernel,
  RowIndex,
  RowProgram,
  RowScalar,
  RowStatement,
} from "../../ir/mod.ts";
import { SOFTWARE_TURNS_MAX } from "../gpu_kernel.ts";

/**
 * Tells whether a row program is too long for a software device, which would end it early and say nothing.
 *
 * @param kernel The kernel.
 * @param isSoftware Whether the device is one.
 * @returns The reason why it is refused, or `undefined` if it is not.
 */
export function turnsRefusal(
  kernel: Kernel,
  isSoftware: boolean,
): string | undefined {
  if (!isSoftware || kernel.kind !== "rowProgram") return undefined;
  const turns = turnsOf(kernel.program);
  return turns > SOFTWARE_TURNS_MAX
    ? `its loops take up to ${turns} turns, and a software device ends a shader after ${SOFTWARE_TURNS_MAX}`
    : undefined;
}

/** Turns that loops take, at most; a stretch of a row counts as one turn for each part of it. */
function turnsOf({ body, matrices }: RowProgram): number {
  const width = Math.max(...matrices.map(({ columns }) => columns));
  const height = Math.max(...matrices.map(({ rows }) => rows));
  const stretch = Math.ceil(width / 64);
  const copies = matrices.length * Math.ceil(width * height / 64);
  return bodyTurns(body, { stretch, size: Math.max(width, height) }) +
    2 * copies;
}

interface Widths {
  /** Turns along one stretch. */
  readonly stretch: number;
  /** More than any index can be. */
  readonly size: number;
}

function bodyTurns(body: readonly RowStatement[], widths: Widths): number {
  return body.reduce((sum, each) => sum + statementTurns(each, widths), 0);
}

function statementTurns(statement: RowStatement, widths: Widths): number {
  switch (statement.kind) {
    case "set":
    case "store":
      return dotsIn(statement.value) * widths.stretch;
    case "addScaled":
    case "scale":
      return (1 + dotsIn(statement.factor)) * widths.stretch;
    case "swap":
    case "rotate":
      return widths.stretch;
    case "loop": {
      const { from, to, body } = statement;
      const count = largest(to, widths) - smallest(from);
      return Math.max(0, count) * (1 + bodyTurns(body, widths));
    }
    case "repeat":
      return statement.times * (1 + bodyTurns(statement.body, widths));
    default:
      return statement satisfies never;
  }
}

function largest(index: RowIndex, { size }: Widths): number {
  return typeof index === "number" ? index : size;
}

function smallest(index: RowIndex): number {
  return typeof index === "number" ? index : 0;
}

function dotsIn(scalar: RowScalar): number {
  if (typeof scalar === "number") return 0;
  switch (scalar.kind) {
    case "dot":
      return 1;
    case "unary":
      return dotsIn(scalar.x);
    case "binary":
      return dotsIn(scalar.left) + dotsIn(scalar.right);
    case "select":
      return dotsIn(scalar.condition) + dotsIn(scalar.whenTrue) +
        dotsIn(scalar.whenFalse);
    default:
      return 0;
  }
}
