import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, ShapeError, sizeOf } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";

function random(shape: readonly number[], seed: number): Tensor {
  return tensor(randomArray(sizeOf(shape), seed), { shape });
}

// Expected shapes: NumPy's matmul.
const SHAPES: readonly { a: number[]; b: number[]; want: number[] }[] = [
  { a: [2, 3], b: [3, 4], want: [2, 4] },
  { a: [3], b: [3, 4], want: [4] },
  { a: [2, 3], b: [3], want: [2] },
  { a: [3], b: [3], want: [] },
  { a: [5, 2, 3], b: [3, 4], want: [5, 2, 4] },
  { a: [2, 3], b: [5, 3, 4], want: [5, 2, 4] },
  { a: [5, 1, 2, 3], b: [2, 3, 1], want: [5, 2, 2, 1] },
  { a: [3], b: [5, 3, 4], want: [5, 4] },
  { a: [5, 2, 3], b: [3], want: [5, 2] },
  { a: [1, 1], b: [1, 1], want: [1, 1] },
  { a: [0, 3], b: [3, 2], want: [0, 2] },
  { a: [2, 0], b: [0, 3], want: [2, 3] },
  { a: [0, 2, 3], b: [1, 3, 2], want: [0, 2, 2] },
];

Deno.test("matmul() of known matrices", async () => {
  const a = tensor([[1, 2], [3, 4]]);
  const b = tensor([[5, 6], [7, 8]]);
  assertEquals(await computeElements(a.matmul(b)), KNOWN);
});

const KNOWN = Float64Array.of(19, 22, 43, 50);

Deno.test.each(SHAPES.map((row) => row))(
  "matmul() [$a] by [$b] is [$want], as its definition computes it",
  async ({ a, b, want }) => {
    const seed = 3;
    const y = random(a, seed).matmul(random(b, 4));
    assertEquals(y.shape, want);
    assertEquals(y.dtype, "float32");
    const [elements] = await evaluateTensors([y]);
    const options = { tolerance: 1e-12, seed };
    assertClose(await computeElements(y), elements!.elements, options);
  },
);

Deno.test("matmul() over nothing gives zeros", async () => {
  const y = zeros([2, 0]).matmul(zeros([0, 2]));
  assertEquals([...await computeElements(y)], [0, 0, 0, 0]);
});

Deno.test("matmul() reads through views", async () => {
  const x = random([2, 3, 4], 5);
  const products = [
    x.matmul(x.transpose([0, 2, 1])),
    x.transpose().matmul(random([2, 5], 6)),
    x.reshape([6, 4]).transpose().matmul(x.reshape([6, 4])),
    x.reshape([4, 6]).transpose().reshape([8, 3]).matmul(random([3, 2], 7)),
    x.sum(0, { keepDims: true }).expand([2, 3, 4]).matmul(random([4, 2], 8)),
    x.exp().matmul(x.transpose([0, 2, 1]).tanh()),
  ];
  for (const y of products) {
    const [want] = await evaluateTensors([y]);
    const options = { tolerance: 1e-12 };
    assertClose(await computeElements(y), want!.elements, options);
  }
});

Deno.test.each([
  { a: [2, 3], b: [4, 3] },
  { a: [3], b: [4] },
  { a: [2, 3], b: [2] },
])("matmul() rejects [$a] by [$b]", ({ a, b }) => {
  const error = assertThrows(
    () => zeros(a).matmul(zeros(b)),
    ShapeError,
    `Cannot apply matmul to shapes [${a}] and [${b}]: columns of the left must equal rows of the right`,
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("matmul() rejects batches that do not broadcast, scalars and other dtypes", () => {
  const batch = assertThrows(
    () => zeros([2, 1, 3]).matmul(zeros([4, 3, 1])),
    ShapeError,
    "sizes must be equal or 1 at axis -1",
  );
  assertEquals(batch.code, "SHAPE_MISMATCH");
  for (const [a, b] of [[zeros([]), zeros([1])], [zeros([1]), zeros([])]]) {
    const scalar = assertThrows(() => a!.matmul(b!), ShapeError);
    assertEquals(scalar.code, "SHAPE_INVALID");
  }
  const whole = zeros([1, 1], { dtype: "int32" });
  for (const [a, b] of [[whole, zeros([1, 1])], [zeros([1, 1]), whole]]) {
    assertThrows(
      () => a!.matmul(b!),
      DTypeError,
      'Cannot apply matmul to "int32": the dtype must be "float16" or "bfloat16" or "float32"',
    );
  }
});

Deno.test.each(SHAPES.map((row) => row))(
  "matmul() [$a] by [$b] has the gradients of central differences",
  async ({ a, b }) => {
    const inputs = [random(a, 11), random(b, 12)];
    await assertGradients((a, b) => a!.matmul(b!), inputs);
  },
);

Deno.test("matmul() has the second derivatives of central differences", async () => {
  const inputs = [random([2, 2], 1), random([2], 2)];
  for (const i of [0, 1]) {
    await assertGradients((a, b) => {
      const y = a!.matmul(b!);
      return gradients(y.mul(y).sum(), [a!, b!])[i]!;
    }, inputs);
  }
});
