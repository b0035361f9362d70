import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DTypeError, OptionError, ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { eye, tensor, zeros } from "../create.ts";
import { randomNormal } from "../create_random.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import * as linalg from "./mod.ts";

function random(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(randomArray(size, seed), { shape });
}

function turned(x: Tensor): Tensor {
  const axes = [...x.shape.keys()];
  return x.permute([...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
}

/** Positive definite, and not near anything that is not. */
function definite(shape: readonly number[], seed: number): Tensor {
  const x = random([...shape, shape.at(-1)!], seed);
  return x.matmul(turned(x)).add(eye(shape.at(-1)!));
}

async function assertSame(
  got: Tensor,
  want: Tensor,
  tolerance = 1e-9,
): Promise<void> {
  assertEquals(got.shape, want.shape);
  const options = { tolerance };
  assertClose(
    await computeElements(got),
    await computeElements(want),
    options,
  );
}

const SHAPES = fc.record({
  batch: fc.constantFrom([], [2], [2, 1], [0]),
  m: fc.integer({ min: 0, max: 6 }),
  n: fc.integer({ min: 0, max: 6 }),
  seed: fc.nat(1000),
});
const RUNS = { seed: 1, numRuns: 40 };

// Oracle: the identities that define the factors.
Deno.test("linalg.cholesky() gives a lower triangle with L Lᵀ = x", async () => {
  await fc.assert(
    fc.asyncProperty(SHAPES, async ({ batch, n, seed }) => {
      const x = definite([...batch, n], seed);
      const l = linalg.cholesky(x);
      await assertSame(l.matmul(turned(l)), x);
      const above = [...await computeElements(l)].filter((_, i) =>
        i % n > Math.floor(i / n) % n
      );
      assert(above.every((element) => element === 0));
    }),
    RUNS,
  );
});

Deno.test("linalg.qr() gives orthonormal columns and a triangle with Q R = x", async () => {
  await fc.assert(
    fc.asyncProperty(SHAPES, async ({ batch, m, n, seed }) => {
      const x = random([...batch, m, n], seed);
      const { q, r } = linalg.qr(x);
      await assertSame(q.matmul(r), x);
      const k = Math.min(m, n);
      await assertSame(turned(q).matmul(q), eye(k).expand([...batch, k, k]));
      const below = [...await computeElements(r)].filter((_, i) =>
        Math.floor(i / n) % k > i % n
      );
      assert(below.every((element) => element === 0));
    }),
    RUNS,
  );
});

Deno.test("linalg.eigh() gives orthonormal vectors with x V = V diag(values), in order", async () => {
  await fc.assert(
    fc.asyncProperty(SHAPES, async ({ batch, n, seed }) => {
      const half = random([...batch, n, n], seed);
      const x = half.add(turned(half));
      const { values, vectors } = linalg.eigh(x);
      await assertSame(x.matmul(vectors), vectors.mul(values.unsqueeze(-2)));
      const unit = eye(n).expand([...batch, n, n]);
      await assertSame(turned(vectors).matmul(vectors), unit);
      await assertSame(values, values.sort(-1), 0);
    }),
    RUNS,
  );
});

Deno.test("linalg.svd() gives orthonormal factors with U diag(s) Vᵀ = x, in order", async () => {
  await fc.assert(
    fc.asyncProperty(SHAPES, async ({ batch, m, n, seed }) => {
      const x = random([...batch, m, n], seed);
      const { u, s, vt } = linalg.svd(x);
      await assertSame(u.mul(s.unsqueeze(-2)).matmul(vt), x);
      const k = Math.min(m, n);
      const unit = eye(k).expand([...batch, k, k]);
      await assertSame(turned(u).matmul(u), unit);
      await assertSame(vt.matmul(turned(vt)), unit);
      await assertSame(s, s.sort(-1, { descending: true }), 0);
    }),
    RUNS,
  );
});

// Expected values: by hand; equal and opposite eigenvalues, and a matrix of rank 1.
Deno.test("linalg.eigh() and linalg.svd() of special matrices", async () => {
  const opposite = linalg.eigh(tensor([[0, 1], [1, 0]]));
  assertClose(await computeElements(opposite.values), [-1, 1]);
  const equal = linalg.eigh(eye(3).mul(-2));
  assertClose(await computeElements(equal.values), [-2, -2, -2]);
  assertClose(await computeElements(linalg.eigh(zeros([2, 2])).values), [0, 0]);
  const { u, s, vt } = linalg.svd(tensor([[3, 0], [4, 0]]));
  assertClose(await computeElements(s), [5, 0]);
  await assertSame(u.mul(s).matmul(vt), tensor([[3, 0], [4, 0]]));
});

// Expected values: eigenvalues of the second difference matrix, 2 - 2 cos(π k / (n + 1)).
Deno.test("linalg.eigh() of a string of masses, on the default backend", async () => {
  const n = 40;
  const next = eye(n).slice([[1], null]).pad([[0, 1], 0]);
  const x = eye(n).mul(2).sub(next).sub(next.transpose());
  const { values } = linalg.eigh(x);
  const want = Array.from(
    { length: n },
    (_, k) => 2 - 2 * Math.cos(Math.PI * (k + 1) / (n + 1)),
  );
  assertClose(await values.data(), want, { tolerance: 1e-6 });
});

Deno.test("linalg.solve(), inv(), det() and slogdet() fit together", async () => {
  await fc.assert(
    fc.asyncProperty(SHAPES, async ({ batch, n, m, seed }) => {
      const a = random([...batch, n, n], seed).add(eye(n).mul(0.5));
      const b = random([n, m], seed + 1);
      const x = linalg.solve(a, b);
      await assertSame(a.matmul(x), b.expand([...batch, n, m]), 1e-6);
      await assertSame(linalg.inv(a).matmul(b), x, 1e-6);
      const vector = random([n], seed + 2);
      const one = linalg.solve(a, vector);
      const product = a.matmul(one.unsqueeze(-1)).squeeze(-1);
      await assertSame(product, vector.expand([...batch, n]), 1e-6);
      const { sign, logAbs } = linalg.slogdet(a);
      await assertSame(sign.mul(logAbs.exp()), linalg.det(a));
    }),
    RUNS,
  );
});

// Expected values: by hand.
Deno.test("linalg.det() knows signs of orders, and slogdet() of nothing", async () => {
  const swap = tensor([[0, 1, 0], [0, 0, 1], [1, 0, 0]]);
  assertEquals(await linalg.det(swap).item(), 1);
  assertEquals(await linalg.det(swap.slice([[0, 2], [1]])).item(), 1);
  assertEquals(await linalg.det(tensor([[0, 2], [3, 0]])).item(), -6);
  assertEquals(await linalg.det(zeros([0, 0])).item(), 1);
  const { sign, logAbs } = linalg.slogdet(tensor([[1, 2], [2, 4]]));
  assertEquals([await sign.item(), await logAbs.item()], [0, -Infinity]);
});

Deno.test.each(
  [true, false].flatMap((lower) =>
    [true, false].flatMap((transpose) =>
      [true, false].flatMap((unitDiagonal) =>
        (["left", "right"] as const).map((side) => ({
          lower,
          transpose,
          unitDiagonal,
          side,
        }))
      )
    )
  ),
)(
  "linalg.solveTriangular() lower $lower, transpose $transpose, unit $unitDiagonal, $side",
  async (options) => {
    const { lower, transpose, unitDiagonal, side } = options;
    const n = 4;
    const full = random([2, n, n], 3).add(eye(n).mul(2));
    const place = tensor([0, 1, 2, 3]);
    const isKept = lower
      ? place.lessOrEqual(place.unsqueeze(-1))
      : place.greaterOrEqual(place.unsqueeze(-1));
    const diagonal = unitDiagonal ? eye(n) : full.mul(eye(n));
    const triangle = isKept.where(full, 0).mul(eye(n).sub(1).neg()).add(
      diagonal,
    );
    const a = transpose ? turned(triangle) : triangle;
    const b = random(side === "left" ? [n, 3] : [3, n], 5);
    // The rest of the matrix is not read.
    const x = linalg.solveTriangular(full, b, options);
    const product = side === "left" ? a.matmul(x) : x.matmul(a);
    await assertSame(product, b.expand([2, ...b.shape]));
    await assertGradients((a, b) => linalg.solveTriangular(a!, b!, options), [
      full,
      b,
    ], { tolerance: 1e-5 });
  },
);

Deno.test("linalg.matrixPower() multiplies, inverts, and knows 0", async () => {
  const x = random([2, 3, 3], 1).add(eye(3));
  const third = x.matmul(x).matmul(x);
  await assertSame(linalg.matrixPower(x, 3), third);
  await assertSame(
    linalg.matrixPower(x, -3).matmul(third),
    eye(3).expand([2, 3, 3]),
    1e-6,
  );
  await assertSame(linalg.matrixPower(x, 0), eye(3).expand([2, 3, 3]));
});

// Oracle: the four equations of Penrose.
Deno.test("linalg.pinv() solves the equations of Penrose, whatever the rank", async () => {
  for (const [m, n, rank] of [[4, 3, 3], [3, 4, 3], [4, 4, 2], [2, 3, 1]]) {
    const x = random([2, m!, rank!], m!).matmul(random([2, rank!, n!], n!));
    const y = linalg.pinv(x, { rcond: 1e-6 });
    const [left, right] = [x.matmul(y), y.matmul(x)];
    await assertSame(left.matmul(x), x, 1e-8);
    await assertSame(right.matmul(y), y, 1e-8);
    await assertSame(left, turned(left), 1e-8);
    await assertSame(right, turned(right), 1e-8);
  }
});

const GRADIENTS: readonly {
  name: string;
  fn: (x: Tensor) => Tensor;
}[] = [
  { name: "cholesky", fn: (x) => linalg.cholesky(x) },
  { name: "qr", fn: (x) => linalg.qr(x).q.mul(linalg.qr(x).r) },
  { name: "eigh", fn: (x) => linalg.eigh(x).values },
  {
    name: "eigh (vectors)",
    fn: (x) => linalg.eigh(x).vectors.slice([null, 0]).abs(),
  },
  { name: "svd", fn: (x) => linalg.svd(x).s },
  { name: "slogdet", fn: (x) => linalg.slogdet(x).logAbs },
  { name: "inv", fn: (x) => linalg.inv(x) },
  { name: "pinv", fn: (x) => linalg.pinv(x.slice([[0, 2]])) },
  { name: "matrixNorm nuc", fn: (x) => linalg.matrixNorm(x, { order: "nuc" }) },
];

Deno.test.each(GRADIENTS.map((row) => row))(
  "linalg.$name() has first and second derivatives of central differences",
  async ({ fn }) => {
    const x = await definite([3], 4).realize();
    await assertGradients((x) => fn(x!), [x]);
    await assertGradients(
      (x) => {
        const y = fn(x!);
        return gradients(y.mul(y).sum(), [x!])[0]!;
      },
      [x],
      { tolerance: 1e-5 },
    );
  },
);

Deno.test("linalg.cholesky() gives symmetric gradients", async () => {
  const x = await definite([3], 2).realize();
  const [gradient] = gradients(linalg.cholesky(x).sum(), [x]);
  await assertSame(gradient!, gradient!.transpose());
});

Deno.test("linalg: what fails for some elements gives NaN or infinities, in its own matrix only", async () => {
  const x = tensor([[[1, 2], [2, 1]], [[4, 0], [0, 9]]]);
  const l = await linalg.cholesky(x).data();
  assertEquals([...l], [1, 0, 2, NaN, 2, 0, 0, 3]);
  const singular = tensor([[[1, 1], [1, 1]], [[2, 0], [0, 4]]]);
  const inverse = await linalg.inv(singular).data();
  assert(
    [...inverse.slice(0, 4)].every((element) => !Number.isFinite(element)),
  );
  assertEquals([...inverse.slice(4)], [0.5, 0, 0, 0.25]);
});

Deno.test("linalg works at size 200 on the default backend", async () => {
  const n = 200;
  const x = await randomNormal([n, n], { key: 1 }).realize();
  const a = await x.matmul(x.transpose()).div(n).add(eye(n)).realize();
  const l = linalg.cholesky(a);
  const { q, r } = linalg.qr(x);
  const residuals = [
    l.matmul(l.transpose()).sub(a),
    q.matmul(r).sub(x),
    q.transpose().matmul(q).sub(eye(n)),
    a.matmul(linalg.solve(a, x)).sub(x),
  ];
  for (const residual of residuals) {
    assert(await residual.abs().max().item() < 5e-5);
  }
});

Deno.test("linalg reports what does not fit, with its code", () => {
  const [wide, square] = [zeros([2, 3]), zeros([3, 3])];
  const onlySquare = [
    linalg.cholesky,
    linalg.eigh,
    linalg.inv,
    linalg.det,
    linalg.slogdet,
    (x: Tensor) => linalg.matrixPower(x, 2),
    (x: Tensor) => linalg.solve(x, zeros([2, 1])),
  ];
  for (const fn of onlySquare) {
    const error = assertThrows(() => fn(wide), ShapeError, "must be square");
    assertEquals(error.code, "SHAPE_MISMATCH");
  }
  for (const fn of [...onlySquare, linalg.qr, linalg.svd, linalg.pinv]) {
    const vector = assertThrows(() => fn(zeros([3])), ShapeError);
    assertEquals(vector.code, "SHAPE_INVALID");
    const half = zeros([3, 3], { dtype: "float16" });
    const dtype = assertThrows(() => fn(half), DTypeError);
    assertEquals(dtype.code, "DTYPE_MISMATCH");
  }
  assertThrows(() => linalg.qr(zeros([8193, 1])), ShapeError);
  const rows = "rows must be equal";
  assertThrows(() => linalg.solve(square, wide), ShapeError, rows);
  assertThrows(() => linalg.solveTriangular(square, wide), ShapeError, rows);
  const side = { side: "top" as "left" };
  assertEquals(
    assertThrows(
      () => linalg.solveTriangular(square, square, side),
      OptionError,
    )
      .code,
    "INVALID_OPTION",
  );
  for (const power of [1.5, 2 ** 21]) {
    assertThrows(() => linalg.matrixPower(square, power), TensorError);
  }
  assertThrows(() => linalg.pinv(wide, { rcond: -1 }), TensorError);
});
