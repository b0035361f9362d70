import { type RowProgram, RowProgramBuilder } from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";
import { squareType } from "./matrix_types.ts";

/**
 * LU factors with partial pivoting: `P x = L U`, packed into one array.
 *
 * **Shapes**: `x [..., n, n] -> y [..., n, n + 2]`. The first `n` columns have `U` on and above the
 * diagonal and `L` below it, whose diagonal is ones. Column `n` tells which row of `x` each row of `P x`
 * is; column `n + 1` is -1 where rows were swapped, else 1, so that its product is the sign of `P`.
 *
 * **Numerics**: in `float64` where the backend has it. Singular matrices give zeros on the diagonal, and
 * infinities or `NaN` after them.
 *
 * **Cost**: `2 n³ / 3` operations.
 *
 * **Source**: Golub, Van Loan, "Matrix computations" (4th edition), algorithm 3.4.1.
 */
export const luOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "lu",
  version: "1.0.0",
  description: "Triangular factors of matrices whose rows are put in order.",
  schema: { inputs: ["x"], attributes: {} },
  infer([x]) {
    const { batch, rows } = squareType("lu", x!);
    return { dtype: "float32", shape: [...batch, rows, rows + 2] };
  },
  lowering: {
    kind: "rowProgram",
    program: ({ output: { shape } }) => luProgram(shape.at(-2)!),
  },
};

function luProgram(n: number): RowProgram {
  const p = new RowProgramBuilder();
  const operand = { kind: "operand", operand: 0, isTransposed: false } as const;
  const x = p.matrix(n, n, operand);
  const y = p.matrix(n, n + 2);
  p.loop({ from: 0, to: n }, (i) => {
    const row = { factor: 1, from: 0, to: n };
    p.addScaled(y.row(i), x.row(i), row);
    p.store(y.at(i, n), p.index(i));
  });
  p.loop({ from: 0, to: n }, (k) => {
    const largest = p.register(p.abs(p.element(y.at(k, k))));
    const place = p.register(p.index(k));
    p.loop({ from: p.after(k), to: n }, (i) => {
      const size = p.register(p.abs(p.element(y.at(i, k))));
      const isLarger = p.register(p.less(largest, size));
      const choose = (whenTrue: typeof size, whenFalse: typeof size) =>
        p.select(isLarger, { whenTrue, whenFalse });
      const own = p.register(p.index(i));
      p.set(place, choose(own, place));
      p.set(largest, choose(size, largest));
    });
    const found = y.row(p.held(place));
    p.swap(y.row(k), found, { from: 0, to: n + 1 });
    const isStill = p.binary("equal", place, p.index(k));
    const turn = p.select(isStill, { whenTrue: 1, whenFalse: -1 });
    p.store(y.at(k, n + 1), turn);
    p.loop({ from: p.after(k), to: n }, (i) => {
      const pivot = p.element(y.at(k, k));
      const factor = p.register(p.div(p.element(y.at(i, k)), pivot));
      p.store(y.at(i, k), factor);
      const rest = { from: p.after(k), to: n };
      p.addScaled(y.row(i), y.row(k), { factor: p.neg(factor), ...rest });
    });
  });
  return p.finish({ name: "lu", output: y, flops: 2 * n ** 3 / 3 });
}

/**
 * Factorizes square matrices; see {@linkcode luOperator}.
 *
 * @param x The matrices.
 * @returns Their factors, packed.
 */
export function lu(x: Node): Node {
  return apply(luOperator, [x]);
}
