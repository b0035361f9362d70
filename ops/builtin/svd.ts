import { shapeMismatch } from "../../core/base/mod.ts";
import { type RowProgram, RowProgramBuilder } from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";
import { orthogonalizeRows, signOfRow, sortRows } from "./jacobi.ts";
import { matrixType } from "./matrix_types.ts";

/**
 * Singular values and vectors, `x = U S Vᵀ`, of matrices with at least as many rows as columns, packed
 * into one array.
 *
 * **Shapes**: `x [..., m, n], m ≥ n -> y [..., n, m + n + 1]`: a row for each singular value, from the
 * largest to the least, with its column of `U`, its column of `V`, and then itself.
 *
 * **Numerics**: in `float64` where the backend has it; each singular value to rounding of itself, as far
 * as the elements determine it. The first element of a column of `U` that is at least half as large as any
 * other is positive. Where a singular value is 0, its column of `U` is 0.
 *
 * **Cost**: about `25 m n²` operations, on one thread for each matrix: for small matrices, some hundreds.
 *
 * **Source**: one-sided Jacobi rotations of the columns; their lengths are the singular values then.
 */
export const svdOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "svd",
  version: "1.0.0",
  description: "Singular values and vectors of matrices.",
  schema: { inputs: ["x"], attributes: {} },
  infer([x]) {
    const { batch, rows, columns } = matrixType("svd", x!);
    if (rows < columns) {
      throw shapeMismatch("svd", [rows], [columns], {
        rule: "matrices must have at least as many rows as columns",
      });
    }
    return { dtype: "float32", shape: [...batch, columns, rows + columns + 1] };
  },
  lowering: {
    kind: "rowProgram",
    program: ({ inputs: [x] }) =>
      svdProgram(x!.shape.at(-2)!, x!.shape.at(-1)!),
  },
};

/** Columns of `x` are rows here, with those of a unit matrix behind them, which become `V`. */
function svdProgram(m: number, n: number): RowProgram {
  const p = new RowProgramBuilder();
  const operand = { kind: "operand", operand: 0, isTransposed: true } as const;
  const x = p.matrix(n, m, operand);
  const y = p.matrix(n, m + n + 1);
  const column = { from: 0, to: m };
  p.loop({ from: 0, to: n }, (i) => {
    p.addScaled(y.row(i), x.row(i), { factor: 1, ...column });
    p.store(y.at(i, p.after(i, m)), 1);
  });
  orthogonalizeRows(p, { rows: y, count: n, length: m, width: m + n });
  p.loop({ from: 0, to: n }, (i) => {
    const value = p.register(p.sqrt(p.dot(y.row(i), y.row(i), column)));
    const isZero = p.binary("equal", value, 0);
    const sign = p.register(signOfRow(p, y, { row: i, length: m }));
    const parts = { whenTrue: 0, whenFalse: p.div(sign, value) };
    p.scale(y.row(i), { factor: p.select(isZero, parts), ...column });
    p.scale(y.row(i), { factor: sign, from: m, to: m + n });
    p.store(y.at(i, m + n), value);
  });
  const order = { column: m + n, isDescending: true };
  sortRows(p, { rows: y, count: n, width: m + n + 1, ...order });
  return p.finish({ name: "svd", output: y, flops: 25 * m * n * n });
}

/**
 * Finds singular values and vectors; see {@linkcode svdOperator}.
 *
 * @param x The matrices.
 * @returns Singular vectors and values, packed.
 */
export function svd(x: Node): Node {
  return apply(svdOperator, [x]);
}
