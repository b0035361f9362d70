import {
  type RowIndex,
  type RowProgram,
  RowProgramBuilder,
} from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";
import { squareType } from "./matrix_types.ts";

/**
 * Cholesky factors: lower triangular `L` with `x = L Lᵀ`, for symmetric positive definite `x`, of which
 * the lower triangle is read.
 *
 * **Shapes**: `x [..., n, n] -> L [..., n, n]`, with zeros above the diagonal.
 *
 * **Numerics**: in `float64` where the backend has it. Where `x` is not positive definite, `L` is `NaN`
 * from the row on at which that shows.
 *
 * **Cost**: `n³ / 3` operations.
 *
 * **Source**: Golub, Van Loan, "Matrix computations" (4th edition), §4.2.5, row by row.
 */
export const choleskyOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "cholesky",
  version: "1.0.0",
  description: "Lower triangular factors of positive definite matrices.",
  schema: { inputs: ["x"], attributes: {} },
  infer([x]) {
    squareType("cholesky", x!);
    return x!;
  },
  lowering: {
    kind: "rowProgram",
    program: ({ output: { shape } }) => choleskyProgram(shape.at(-1)!),
  },
};

function choleskyProgram(n: number): RowProgram {
  const p = new RowProgramBuilder();
  const operand = { kind: "operand", operand: 0, isTransposed: false } as const;
  const x = p.matrix(n, n, operand);
  const l = p.matrix(n, n);
  const rest = (i: RowIndex, j: RowIndex) =>
    p.sub(p.element(x.at(i, j)), p.dot(l.row(i), l.row(j), { from: 0, to: j }));
  p.loop({ from: 0, to: n }, (i) => {
    p.loop({ from: 0, to: i }, (j) => {
      p.store(l.at(i, j), p.div(rest(i, j), p.element(l.at(j, j))));
    });
    p.store(l.at(i, i), p.sqrt(rest(i, i)));
  });
  return p.finish({ name: "cholesky", output: l, flops: n ** 3 / 3 });
}

/**
 * Factorizes positive definite matrices; see {@linkcode choleskyOperator}.
 *
 * @param x The matrices.
 * @returns Their factors.
 */
export function cholesky(x: Node): Node {
  return apply(choleskyOperator, [x]);
}
