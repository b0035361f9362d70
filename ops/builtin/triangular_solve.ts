import { broadcastShapes, shapeMismatch } from "../../core/base/mod.ts";
import {
  type RowIndex,
  type RowProgram,
  RowProgramBuilder,
} from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import type { Attributes, Node, PrimitiveOperator } from "../graph/node.ts";
import { matrixType, squareType } from "./matrix_types.ts";

/** Settings of {@linkcode triangularSolve}. */
export interface TriangularSolveAttributes {
  /** Whether the lower triangle of `a` is read, rather than the upper. */
  readonly lower: boolean;
  /** Whether `aᵀ x = b` is solved. */
  readonly transpose: boolean;
  /** Whether the diagonal is taken for ones, and not read. */
  readonly unit: boolean;
}

/**
 * The solution `x` of `a x = b`, or `aᵀ x = b`, where `a` is triangular.
 *
 * **Shapes**: `a [..., n, n], b [..., n, m] -> x [..., n, m]`; leading axes broadcast.
 *
 * **Numerics**: in `float64` where the backend has it. A 0 on the diagonal gives infinities and `NaN`.
 *
 * **Cost**: `n² m` operations.
 *
 * **Source**: Golub, Van Loan, "Matrix computations" (4th edition), §3.1.
 */
export const triangularSolveOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "triangularSolve",
  version: "1.0.0",
  description: "The solution of equations with a triangular matrix.",
  schema: {
    inputs: ["a", "b"],
    attributes: { lower: "boolean", transpose: "boolean", unit: "boolean" },
  },
  infer([a, b]) {
    const { batch, rows } = squareType("triangularSolve", a!);
    const right = matrixType("triangularSolve", b!);
    if (right.rows !== rows) {
      throw shapeMismatch("triangularSolve", a!.shape, b!.shape, {
        rule: "rows must be equal",
      });
    }
    const shape = [
      ...broadcastShapes("triangularSolve", batch, right.batch),
      rows,
      right.columns,
    ];
    return { dtype: "float32", shape };
  },
  lowering: {
    kind: "rowProgram",
    program: ({ output: { shape }, attributes }) =>
      solveProgram([shape.at(-2)!, shape.at(-1)!], attributes),
  },
};

/** The columns of `b` are rows here: each is solved for by products with rows of `a`. */
function solveProgram(
  [n, m]: readonly [number, number],
  { lower, transpose, unit }: Attributes,
): RowProgram {
  const p = new RowProgramBuilder();
  const isTransposed = transpose === true;
  const a = p.matrix(n, n, { kind: "operand", operand: 0, isTransposed });
  const x = p.matrix(m, n, {
    kind: "operand",
    operand: 1,
    isTransposed: true,
  });
  const isForward = lower !== transpose;
  const known = (i: RowIndex) =>
    isForward ? { from: 0, to: i } : { from: p.after(i), to: n };
  p.loop({ from: 0, to: n }, (i) => {
    p.loop({ from: 0, to: m }, (column) => {
      const place = x.at(column, i);
      const sum = p.dot(a.row(i), x.row(column), known(i));
      const rest = p.sub(p.element(place), sum);
      p.store(place, unit ? rest : p.div(rest, p.element(a.at(i, i))));
    });
  }, { isReverse: !isForward });
  return p.finish({
    name: "triangularSolve",
    output: x,
    isTransposed: true,
    flops: n * n * m,
  });
}

/**
 * Solves triangular equations; see {@linkcode triangularSolveOperator}.
 *
 * @param inputs The matrices `a`, and the right sides `b`.
 * @param attributes Which triangle, and how it is read.
 * @returns The solutions.
 */
export function triangularSolve(
  [a, b]: readonly [a: Node, b: Node],
  { lower, transpose, unit }: TriangularSolveAttributes,
): Node {
  return apply(triangularSolveOperator, [a, b], { lower, transpose, unit });
}
