/**
 * Derivatives of the factorizations of matrices, and of what is solved with them. `y` is the output,
 * `g` its gradient; `tril` and `triu` keep a triangle.
 *
 * **Source**: Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
 * differentiation" (2008); where another is named, that one.
 *
 * @module
 */
import { add, binary, div, mul, sub } from "../../builtin/binary.ts";
import { cast } from "../../builtin/cast.ts";
import { columnsOf } from "../../builtin/columns.ts";
import { concat } from "../../builtin/concat.ts";
import { expand } from "../../builtin/expand.ts";
import { matmul } from "../../builtin/matmul.ts";
import { swapLastAxes } from "../../builtin/permute.ts";
import { pseudoInverse } from "../../builtin/pseudo_inverse.ts";
import { reshape } from "../../builtin/reshape.ts";
import { scatterAdd } from "../../builtin/scatter_add.ts";
import { solve } from "../../builtin/solve.ts";
import { identity, lowerHalf, triangle } from "../../builtin/triangle.ts";
import { triangularSolve } from "../../builtin/triangular_solve.ts";
import { unary } from "../../builtin/unary.ts";
import { where } from "../../builtin/where.ts";
import type { Node, Pullback, Vjp } from "../../graph/node.ts";
import { unbroadcast } from "./elementwise.ts";

/** Gradients of linear algebra, by name. */
export const LINEAR_ALGEBRA_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  // s = L⁻ᵀ lowerHalf(Lᵀ g) L⁻¹, of which dx is the symmetric part (Murray, "Differentiation of the
  // Cholesky decomposition", 2016, §3.2); only the lower triangle of x is read.
  cholesky({ output: l, gradient }) {
    const inner = lowerHalf(matmul(swapLastAxes(l), gradient));
    const across = { lower: true, transpose: true, unit: false };
    const half = triangularSolve([l, inner], across);
    return [lowerOf(triangularSolve([l, swapLastAxes(half)], across))];
  },

  // a x = b: db = a⁻ᵀ g, da = -db xᵀ, as far as a is read.
  triangularSolve({ inputs, output: x, gradient }, attributes) {
    const [a, b] = inputs as [Node, Node];
    const [lower, transpose, unit] = ["lower", "transpose", "unit"].map((
      name,
    ) => attributes[name] === true) as [boolean, boolean, boolean];
    const across = { lower, transpose: !transpose, unit };
    const db = triangularSolve([a, gradient], across);
    const [left, right] = transpose ? [x, db] : [db, x];
    const product = unary("neg", matmul(left, swapLastAxes(right)));
    const part = lower
      ? unit ? "strictlyLower" : "lower"
      : unit
      ? "strictlyUpper"
      : "upper";
    return [unbroadcast(triangle(product, part), a), unbroadcast(db, b)];
  },

  // P x = L U: dx = Pᵀ L⁻ᵀ (tril₋₁(Lᵀ dL) + triu(dU Uᵀ)) U⁻ᵀ (PyTorch, lu_factor_ex).
  lu({ inputs: [x], output, gradient }) {
    const n = x!.type.shape.at(-1)!;
    const factors = columnsOf(output, 0, n);
    const g = columnsOf(gradient, 0, n);
    const l = add(triangle(factors, "strictlyLower"), identity(n));
    const u = triangle(factors, "upper");
    const dl = triangle(g, "strictlyLower");
    const du = triangle(g, "upper");
    const inner = add(
      triangle(matmul(swapLastAxes(l), dl), "strictlyLower"),
      triangle(matmul(du, swapLastAxes(u)), "upper"),
    );
    const half = triangularSolve(
      [factors, inner],
      { lower: true, transpose: true, unit: true },
    );
    const rows = swapLastAxes(triangularSolve(
      [factors, swapLastAxes(half)],
      { lower: false, transpose: false, unit: false },
    ));
    const order = cast(columnsOf(output, n, n + 1), "int32");
    const axis = rows.type.shape.length - 2;
    const index = expand(order, rows.type.shape);
    return [scatterAdd(rows, index, { axis, size: n })];
  },

  // a x = b: db = a⁻ᵀ g, da = -db xᵀ.
  solve({ inputs, output, gradient }) {
    const [a, b] = inputs as [Node, Node];
    const isVector = b.type.shape.length === 1;
    const asColumn = (x: Node) =>
      isVector ? reshape(x, [...x.type.shape, 1]) : x;
    const db = solve(swapLastAxes(a), asColumn(gradient));
    const da = unary("neg", matmul(db, swapLastAxes(asColumn(output))));
    const vector = isVector ? reshape(db, db.type.shape.slice(0, -1)) : db;
    return [unbroadcast(da, a), unbroadcast(vector, b)];
  },

  // x = Q R: dx = (dQ + Q copyltu(R dRᵀ - dQᵀ Q)) R⁻ᵀ (Walter, Lehmann, "Algorithmic differentiation of
  // linear algebra functions", 2018), for the first columns; those that are left are Q dR.
  qr(call) {
    const { inputs: [x], output } = call;
    const [m, n] = x!.type.shape.slice(-2) as [number, number];
    const q = columnsOf(output, 0, m);
    const [dq, dr] = [
      columnsOf(call.gradient, 0, m),
      triangle(columnsOf(call.gradient, m), "upper"),
    ];
    const r = columnsOf(output, m);
    if (m >= n) return [swapLastAxes(qrGradient({ q, r, dq, dr }))];
    const [v, dv] = [columnsOf(r, m), columnsOf(dr, m)];
    const first = qrGradient({
      q,
      r: columnsOf(r, 0, m),
      dq: add(dq, matmul(matmul(dv, swapLastAxes(v)), q)),
      dr: columnsOf(dr, 0, m),
    });
    const rest = matmul(swapLastAxes(q), dv);
    return [concat([swapLastAxes(first), rest], rest.type.shape.length - 1)];
  },

  // x V = V diag(l): dx = V (diag(dl) + F ∘ Vᵀ dV) Vᵀ with F_ij = 1 / (l_j - l_i), of which the
  // symmetric part counts.
  eigh({ output, gradient }) {
    const n = output.type.shape.at(-2)!;
    const [v, dv] = [columnsOf(output, 0, n), columnsOf(gradient, 0, n)];
    const values = columnsOf(output, n);
    const slopes = mul(columnsOf(gradient, n), identity(n));
    const turns = mul(inverseGaps(values), matmul(v, swapLastAxes(dv)));
    const inner = matmul(add(slopes, turns), v);
    return [lowerOf(matmul(swapLastAxes(v), inner))];
  },

  svd: (call) => [svdGradient(call)],

  // With y = x⁺ and g its gradient: dx = -yᵀ g yᵀ + (1 - x y) gᵀ y yᵀ + yᵀ y gᵀ (1 - y x) (Golub,
  // Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems", 1973).
  pseudoInverse({ inputs: [x], gradient: g }, { rcond }) {
    // As a call of its own, which second derivatives go through.
    const y = pseudoInverse(x!, rcond as number | null);
    const [m, n] = x!.type.shape.slice(-2) as [number, number];
    const [yt, gt] = [swapLastAxes(y), swapLastAxes(g)];
    const inside = matmul(matmul(yt, g), yt);
    const left = matmul(
      sub(identity(m), matmul(x!, y)),
      matmul(gt, matmul(y, yt)),
    );
    const right = matmul(
      matmul(matmul(yt, y), gt),
      sub(identity(n), matmul(y, x!)),
    );
    return [sub(add(left, right), inside)];
  },
};

/** What the lower triangle receives when the symmetric part of a matrix is the gradient of all. */
function lowerOf(x: Node): Node {
  return lowerHalf(add(x, swapLastAxes(x)));
}

/** Transposed gradient of QR, of `Qᵀ` and square `R`. */
function qrGradient({ q, r, dq, dr }: {
  readonly q: Node;
  readonly r: Node;
  readonly dq: Node;
  readonly dr: Node;
}): Node {
  const inner = sub(
    matmul(r, swapLastAxes(dr)),
    matmul(dq, swapLastAxes(q)),
  );
  const copied = add(
    triangle(inner, "lower"),
    swapLastAxes(triangle(inner, "strictlyLower")),
  );
  return triangularSolve(
    [r, add(dq, matmul(copied, q))],
    { lower: false, transpose: false, unit: false },
  );
}

/** One over the difference of each two of some numbers, `[..., n, 1]`; 0 for a number and itself. */
function inverseGaps(values: Node): Node {
  const gaps = sub(swapLastAxes(values), values);
  const own = binary("equal", [identity(values.type.shape.at(-2)!), 1]);
  return where(own, [0, div(1, where(own, [1, gaps]))]);
}

/**
 * x = U S Vᵀ: dx = (U (F ∘ (Uᵀ dU - dUᵀ U)) S + (1 - U Uᵀ) dU S⁻¹ + U dS + U S (F ∘ (Vᵀ dV - dVᵀ V))) Vᵀ
 * with F_ij = 1 / (s_j² - s_i²). Source: Townsend, "Differentiating the singular value decomposition"
 * (2016), equation 38. Rows are the transposed columns of U and V here.
 */
function svdGradient({ inputs: [x], output, gradient }: Pullback): Node {
  const [m, n] = x!.type.shape.slice(-2) as [number, number];
  const [u, v, s] = partsOf(output, m, n);
  const [du, dv, ds] = partsOf(gradient, m, n);
  const gaps = inverseGaps(mul(s, s));
  const turn = (rows: Node, slopes: Node) => {
    const product = matmul(rows, swapLastAxes(slopes));
    return mul(gaps, sub(product, swapLastAxes(product)));
  };
  const columns = swapLastAxes(s);
  const inner = add(
    add(mul(turn(u, du), columns), mul(s, turn(v, dv))),
    mul(ds, identity(n)),
  );
  const scaled = div(du, s);
  const within = matmul(matmul(scaled, swapLastAxes(u)), u);
  const left = add(
    matmul(swapLastAxes(u), inner),
    swapLastAxes(sub(scaled, within)),
  );
  return matmul(left, v);
}

function partsOf(
  packed: Node,
  m: number,
  n: number,
): readonly [u: Node, v: Node, s: Node] {
  return [
    columnsOf(packed, 0, m),
    columnsOf(packed, m, m + n),
    columnsOf(packed, m + n),
  ];
}
