import { type RowProgram, RowProgramBuilder } from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";
import { orthogonalizeRows, signOfRow, sortRows } from "./jacobi.ts";
import { squareType } from "./matrix_types.ts";

/**
 * Eigenvalues and eigenvectors of symmetric matrices, of which the lower triangle is read, packed into
 * one array.
 *
 * **Shapes**: `x [..., n, n] -> y [..., n, n + 1]`: a row for each eigenvalue, from the least to the
 * largest, with its eigenvector, of length 1, and then itself.
 *
 * **Numerics**: in `float64` where the backend has it: eigenvalues to rounding of the largest of them,
 * vectors to that divided by the gap to the next eigenvalue. The first element of a vector that is at
 * least half as large as any other is positive.
 *
 * **Cost**: about `25 n³` operations, on one thread for each matrix: for small matrices, some hundreds.
 *
 * **Source**: the matrix is moved so far from 0 that it is positive definite and well conditioned; then
 * rows that one-sided Jacobi rotations have made orthogonal are its eigenvectors, as long as their
 * eigenvalues.
 */
export const eighOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "eigh",
  version: "1.0.0",
  description: "Eigenvalues and eigenvectors of symmetric matrices.",
  schema: { inputs: ["x"], attributes: {} },
  infer([x]) {
    const { batch, rows } = squareType("eigh", x!);
    return { dtype: "float32", shape: [...batch, rows, rows + 1] };
  },
  lowering: {
    kind: "rowProgram",
    program: ({ output: { shape } }) => eighProgram(shape.at(-2)!),
  },
};

function eighProgram(n: number): RowProgram {
  const p = new RowProgramBuilder();
  const operand = { kind: "operand", operand: 0, isTransposed: false } as const;
  const x = p.matrix(n, n, operand);
  const y = p.matrix(n, n + 1);
  const whole = { from: 0, to: n };
  const squares = p.register(0);
  p.loop(whole, (i) => {
    p.loop({ from: 0, to: p.after(i) }, (j) => {
      const element = p.register(p.element(x.at(i, j)));
      p.store(y.at(i, j), element);
      p.store(y.at(j, i), element);
    });
  });
  p.loop(whole, (i) => {
    p.set(squares, p.add(squares, p.dot(y.row(i), y.row(i), whole)));
  });
  // No eigenvalue is further from 0 than the root of all squares.
  const isZero = p.binary("equal", squares, 0);
  const shift = p.register(
    p.select(isZero, { whenTrue: 1, whenFalse: p.mul(1.25, p.sqrt(squares)) }),
  );
  p.loop(whole, (i) => {
    p.store(y.at(i, i), p.add(p.element(y.at(i, i)), shift));
  });
  orthogonalizeRows(p, { rows: y, count: n, length: n, width: n });
  p.loop(whole, (i) => {
    const value = p.register(p.sqrt(p.dot(y.row(i), y.row(i), whole)));
    const sign = signOfRow(p, y, { row: i, length: n });
    p.scale(y.row(i), { factor: p.div(sign, value), ...whole });
    p.store(y.at(i, n), p.sub(value, shift));
  });
  const column = { column: n, isDescending: false };
  sortRows(p, { rows: y, count: n, width: n + 1, ...column });
  return p.finish({ name: "eigh", output: y, flops: 25 * n ** 3 });
}

/**
 * Finds eigenvalues and eigenvectors; see {@linkcode eighOperator}.
 *
 * @param x The symmetric matrices.
 * @returns Eigenvectors and eigenvalues, packed.
 */
export function eigh(x: Node): Node {
  return apply(eighOperator, [x]);
}
