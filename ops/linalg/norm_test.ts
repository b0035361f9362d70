import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import { matrixNorm, norm, vectorNorm } from "./norm.ts";

const X = tensor([[[1, -2, 2], [0, 3, -4]]]);

// Expected values: by hand, with the definitions of NumPy.
Deno.test.each<{ order: number; want: number[] }>([
  { order: 2, want: [3, 5] },
  { order: 1, want: [5, 7] },
  { order: 0, want: [3, 2] },
  { order: Infinity, want: [2, 4] },
  { order: -Infinity, want: [1, 0] },
  { order: 3, want: [17 ** (1 / 3), 91 ** (1 / 3)] },
  { order: 0.5, want: [(1 + 2 * Math.SQRT2) ** 2, (Math.sqrt(3) + 2) ** 2] },
])("vectorNorm() of order $order", async ({ order, want }) => {
  const y = vectorNorm(X, { order, axes: -1 });
  assertEquals(y.shape, [1, 2]);
  assertClose(await computeElements(y), want, { tolerance: 1e-12 });
  assertEquals(vectorNorm(X, { order, axes: -1, keepDims: true }).shape, [
    1,
    2,
    1,
  ]);
});

// Singular values of [[1, -2, 2], [0, 3, -4]]: x xᵀ has trace 34 and determinant 9 * 25 - 14².
const ROOT = Math.sqrt(34 ** 2 / 4 - (225 - 196));
const SINGULAR = [Math.sqrt(17 + ROOT), Math.sqrt(17 - ROOT)] as const;

Deno.test.each<{ order: "fro" | "nuc" | number; want: number }>([
  { order: "fro", want: Math.sqrt(34) },
  { order: "nuc", want: SINGULAR[0] + SINGULAR[1] },
  { order: 2, want: SINGULAR[0] },
  { order: -2, want: SINGULAR[1] },
  { order: 1, want: 6 },
  { order: -1, want: 1 },
  { order: Infinity, want: 7 },
  { order: -Infinity, want: 5 },
])("matrixNorm() of order $order", async ({ order, want }) => {
  const options = { tolerance: 1e-12 };
  for (const axes of [[1, 2], [-2, -1]] as const) {
    const y = matrixNorm(X, { order, axes });
    assertEquals(y.shape, [1]);
    assertClose(await computeElements(y), [want], options);
  }
  const kept = matrixNorm(X.squeeze(), { order, keepDims: true });
  assertEquals(kept.shape, [1, 1]);
  const turned = matrixNorm(X.transpose(), { order, axes: [1, 0] });
  assertClose(await computeElements(turned), [want], options);
});

Deno.test("norm() takes vectors or matrices as NumPy does", async () => {
  assertClose(await computeElements(norm(X)), [Math.sqrt(34)]);
  const matrix = X.squeeze();
  assertEquals(await norm(matrix, { order: 1 }).item(), 6);
  assertEquals(await norm(matrix, { order: 1, axes: 1 }).array(), [5, 7]);
  assertEquals(await norm(matrix, { axes: 1 }).array(), [3, 5]);
  assertEquals(await norm(X, { order: 1, axes: [1, 2] }).array(), [6]);
  assertEquals(await norm(tensor([3, -4]), { order: 1 }).item(), 7);
});

Deno.test("vectorNorm() has the derivatives of central differences, and 0 at 0", async () => {
  const x = tensor(randomArray(6, 1, { min: 0.5, max: 2 }), { shape: [2, 3] });
  for (const order of [1, 2, 3, Infinity]) {
    await assertGradients((x) => vectorNorm(x!, { order, axes: 1 }), [x]);
  }
  await assertGradients((x) => {
    const y = vectorNorm(x!, { axes: 1 });
    return gradients(y.mul(y).mul(y).sum(), [x!])[0]!;
  }, [x]);
  const origin = zeros([2]);
  const [gradient] = gradients(vectorNorm(origin), [origin]);
  assertEquals(await gradient!.array(), [0, 0]);
});

Deno.test("norms report orders and axes that there are not", () => {
  const codes = [
    () => vectorNorm(X, { order: NaN }),
    () => matrixNorm(X, { order: 3 }),
    () => matrixNorm(X, { axes: [1, 1] }),
    () => matrixNorm(X, JSON.parse('{ "axes": [1] }')),
    () => norm(X, { order: "fro" }),
    () => norm(X, { order: 3, axes: [0, 1] }),
  ].map((fn) => assertThrows(fn, OptionError).code);
  assertEquals(new Set(codes), new Set(["INVALID_OPTION"]));
  for (const fn of [vectorNorm, norm]) {
    assertThrows(() => fn(X, { axes: 3 }), ShapeError);
  }
  assertThrows(() => matrixNorm(X, { axes: [0, 3] }), ShapeError);
  assertThrows(() => matrixNorm(zeros([2])), ShapeError);
});
