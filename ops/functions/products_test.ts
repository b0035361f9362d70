import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError, sizeOf } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import {
  cross,
  dot,
  einsum,
  inner,
  kron,
  outer,
  tensordot,
  vdot,
} from "./products.ts";

function random(shape: readonly number[], seed: number): Tensor {
  return tensor(randomArray(sizeOf(shape), seed), { shape });
}

async function assertSame(got: Tensor, want: Tensor): Promise<void> {
  assertEquals(got.shape, want.shape);
  const options = { tolerance: 1e-12 };
  assertClose(
    await computeElements(got),
    await computeElements(want),
    options,
  );
}

const X = arange(1, 5).reshape([2, 2]);

// Expected values of this file: by hand, with NumPy's definitions; and einsum, which has an oracle of
// its own.
Deno.test("dot() of vectors, matrices, scalars and more axes", async () => {
  assertEquals(await dot(tensor([1, 2]), tensor([3, 4])).item(), 11);
  assertEquals(await X.dot(tensor([1, 1])).array(), [3, 7]);
  assertEquals(await dot(tensor([1, 1]), X).array(), [4, 6]);
  assertEquals(await dot(X, X).array(), [[7, 10], [15, 22]]);
  assertEquals(await dot(X, tensor(2)).array(), [[2, 4], [6, 8]]);
  const [a, b] = [random([2, 3, 4], 1), random([5, 4, 2], 2)];
  await assertSame(dot(a, b), einsum("abk,ckd->abcd", a, b));
});

Deno.test("tensordot() over the last and first axes, or over pairs", async () => {
  const [a, b] = [random([2, 3, 4], 1), random([3, 4, 5], 2)];
  await assertSame(tensordot(a, b), einsum("iab,abj->ij", a, b));
  const pairs = [[-1, 1], [1, 0]] as const;
  await assertSame(tensordot(a, b, { axes: pairs }), tensordot(a, b));
  await assertSame(tensordot(a, b, { axes: 0 }), einsum("abc,def", a, b));
  const one = tensordot(a, b, { axes: [[1], [0]] });
  await assertSame(one, einsum("iak,ajl->ikjl", a, b));
});

Deno.test("inner(), outer() and vdot()", async () => {
  assertEquals(await inner(X, X).array(), [[5, 11], [11, 25]]);
  assertEquals(await inner(X, tensor([1, 0])).array(), [1, 3]);
  assertEquals(await outer(tensor([1, 2]), X).array(), [
    [1, 2, 3, 4],
    [2, 4, 6, 8],
  ]);
  assertEquals(outer(zeros([0]), tensor([1])).shape, [0, 1]);
  assertEquals(await vdot(X, X.transpose()).item(), 1 + 6 + 6 + 16);
});

Deno.test("kron() lays copies of one tensor in another", async () => {
  assertEquals(await kron(tensor([1, 2]), tensor([1, 10])).array(), [
    1,
    10,
    2,
    20,
  ]);
  assertEquals(await kron(X, tensor([[0, 1]])).array(), [
    [0, 1, 0, 2],
    [0, 3, 0, 4],
  ]);
  assertEquals(kron(tensor([true]), tensor([true])).dtype, "int32");
  // The law of mixed products.
  const [a, b, c, d] = [1, 2, 3, 4].map((seed) => random([2, 2], seed));
  const [left, right] = [kron(a!, b!), kron(c!, d!)];
  await assertSame(left.matmul(right), kron(a!.matmul(c!), b!.matmul(d!)));
});

Deno.test.each([
  { name: "dot", fn: (a: Tensor, b: Tensor) => dot(a, b) },
  { name: "tensordot", fn: (a: Tensor, b: Tensor) => tensordot(a, b) },
  { name: "inner", fn: (a: Tensor, b: Tensor) => inner(a, b) },
  { name: "outer", fn: (a: Tensor, b: Tensor) => outer(a, b) },
  { name: "vdot", fn: (a: Tensor, b: Tensor) => vdot(a, b) },
  { name: "kron", fn: (a: Tensor, b: Tensor) => kron(a, b) },
])(
  "$name() has first and second derivatives of central differences",
  async ({ fn }) => {
    const inputs = [random([2, 2], 1), random([2, 2], 2)];
    await assertGradients((a, b) => fn(a!, b!), inputs);
    await assertGradients((a, b) => {
      const y = fn(a!, b!);
      return gradients(y.mul(y).sum(), [a!, b!])[0]!;
    }, inputs);
  },
);

Deno.test("products report what does not fit, with its code", () => {
  const [x, y] = [zeros([2, 3]), zeros([2])];
  for (const product of [dot, inner, vdot]) {
    const error = assertThrows(() => product(x, y), ShapeError);
    assertEquals(error.code, "SHAPE_MISMATCH");
  }
  const codes = [[[0], [0, 1]], [[0, 0], [0, 0]]].map(([left, right]) =>
    assertThrows(
      () => tensordot(x, x, { axes: [left!, right!] }),
      TensorError,
    ).code
  );
  assertEquals(codes, ["ATTRIBUTE_INVALID", "ATTRIBUTE_INVALID"]);
  assertThrows(
    () => tensordot(x, y, { axes: [[1], [0]] }),
    ShapeError,
    "axes 1 and 0, which are summed, must be equal",
  );
  const range = assertThrows(() => tensordot(x, y), ShapeError);
  assertEquals(range.code, "AXIS_RANGE");
  for (const axes of [-1, 1.5, NaN, 64]) {
    const error = assertThrows(() => tensordot(x, y, { axes }), OptionError);
    assertEquals(error.code, "INVALID_OPTION");
  }
  assertEquals(
    assertThrows(() => inner(tensor(1), x), ShapeError).code,
    "AXIS_RANGE",
  );
  const large = zeros([2 ** 16]);
  assertEquals(
    assertThrows(() => kron(large, large), ShapeError).code,
    "SHAPE_INVALID",
  );
});

// Oracle: NumPy 2.4, numpy.cross.
Deno.test("cross() has the values of NumPy, and the gradient of central differences", async () => {
  const [a, b] = [tensor([[1, 2, 3], [4, 5, 6]]), tensor([[7, 1, -2]])];
  assertEquals(await cross(a, b).array(), [[-7, 23, -13], [-16, 50, -31]]);
  const along = cross(a.transpose(), b.transpose(), 0);
  assertEquals(await along.array(), [[-7, -16], [23, 50], [-13, -31]]);
  await assertGradients((a, b) => cross(a!, b!).exp(), [
    tensor([0.1, 0.2, 0.3]),
    tensor([0.5, -0.4, 0.2]),
  ]);
  for (const other of [tensor([1, 2]), tensor([[1], [2], [3]])]) {
    assertThrows(() => cross(a, other), ShapeError, "sizes must be 3");
  }
});
