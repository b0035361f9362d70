import { type RowProgram, RowProgramBuilder } from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";
import { matrixType } from "./matrix_types.ts";

/**
 * Reduced QR factors: `x = Q R` with orthonormal columns of `Q` and upper triangular `R`, packed into
 * one array. The diagonal of `R` has the signs that LAPACK gives it.
 *
 * **Shapes**: `x [..., m, n] -> y [..., k, m + n]` with `k = min(m, n)`: `Qᵀ`, then `R`.
 *
 * **Numerics**: in `float64` where the backend has it; `Q` is orthogonal to rounding whatever the rank.
 *
 * **Cost**: `4 m n k` operations, about.
 *
 * **Source**: Householder; Golub, Van Loan, "Matrix computations" (4th edition), §5.2.2.
 */
export const qrOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "qr",
  version: "1.0.0",
  description: "Orthonormal and triangular factors of matrices.",
  schema: { inputs: ["x"], attributes: {} },
  infer([x]) {
    const { batch, rows, columns } = matrixType("qr", x!);
    const shape = [...batch, Math.min(rows, columns), rows + columns];
    return { dtype: "float32", shape };
  },
  lowering: {
    kind: "rowProgram",
    program: ({ inputs: [x] }) => qrProgram(x!.shape.at(-2)!, x!.shape.at(-1)!),
  },
};

/** Columns of `x` are rows here. Below the diagonal they come to hold the reflections. */
function qrProgram(m: number, n: number): RowProgram {
  const p = new RowProgramBuilder();
  const k = Math.min(m, n);
  const operand = { kind: "operand", operand: 0, isTransposed: true } as const;
  const x = p.matrix(n, m, operand);
  const y = p.matrix(k, m + n);
  const weights = p.matrix(1, k);
  p.loop({ from: 0, to: k }, (j) => {
    const below = { from: p.after(j), to: m };
    const rest = p.register(p.dot(x.row(j), x.row(j), below));
    const first = p.register(p.element(x.at(j, j)));
    const norm = p.register(p.sqrt(p.add(p.mul(first, first), rest)));
    const isDone = p.register(p.binary("equal", rest, 0));
    const away = p.select(p.less(first, 0), {
      whenTrue: norm,
      whenFalse: p.neg(norm),
    });
    // Nothing is left to reflect: LAPACK leaves the sign as it is then.
    const diagonal = p.register(
      p.select(isDone, { whenTrue: first, whenFalse: away }),
    );
    p.store(x.at(j, j), p.sub(first, diagonal));
    const length = p.mul(diagonal, p.sub(diagonal, first));
    const weight = p.register(
      p.select(isDone, { whenTrue: 0, whenFalse: p.div(1, length) }),
    );
    p.store(weights.at(0, j), weight);
    const reached = { from: j, to: m };
    p.loop({ from: p.after(j), to: n }, (column) => {
      const sum = p.dot(x.row(j), x.row(column), reached);
      const factor = p.neg(p.mul(weight, sum));
      p.addScaled(x.row(column), x.row(j), { factor, ...reached });
    });
    p.loop({ from: p.after(j), to: n }, (column) => {
      // Columns of R begin after the m of Q.
      p.store(
        y.at(j, p.after(column, m)),
        p.element(x.at(column, j)),
      );
    });
    p.store(y.at(j, p.after(j, m)), diagonal);
    p.store(y.at(j, j), 1);
  });
  p.loop({ from: 0, to: k }, (j) => {
    const reached = { from: j, to: m };
    p.loop({ from: j, to: k }, (row) => {
      const sum = p.dot(x.row(j), y.row(row), reached);
      const factor = p.neg(p.mul(p.element(weights.at(0, j)), sum));
      p.addScaled(y.row(row), x.row(j), { factor, ...reached });
    });
  }, { isReverse: true });
  return p.finish({ name: "qr", output: y, flops: 4 * m * n * k });
}

/**
 * Factorizes matrices; see {@linkcode qrOperator}.
 *
 * @param x The matrices.
 * @returns Their factors, packed.
 */
export function qr(x: Node): Node {
  return apply(qrOperator, [x]);
}
