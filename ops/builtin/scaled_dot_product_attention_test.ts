import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  DTypeError,
  OptionError,
  type Shape,
  ShapeError,
  sizeOf,
} from "../../core/base/mod.ts";
import { createBackend } from "../../kernels/mod.ts";
import {
  assertClose,
  computeElements,
  evaluateTensors,
  randomArray,
  verifyProgram,
} from "../../testing/mod.ts";
import { scaledDotProductAttention } from "../attention.ts";
import { full, tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import { makePlan } from "../realize/plan.ts";
import type { AttentionOptions, Tensor } from "../tensor.ts";

function random(shape: Shape, seed: number): Tensor {
  return tensor(randomArray(sizeOf(shape), seed), { shape });
}

/** A mask that leaves out a third of the keys, and all keys of some queries. */
function truth(shape: Shape, seed: number): Tensor {
  return random(shape, seed).less(0.3);
}

const CASES: readonly {
  readonly name: string;
  readonly shapes: readonly [Shape, Shape, Shape];
  readonly options?: AttentionOptions;
}[] = [
  { name: "matrices", shapes: [[3, 2], [5, 2], [5, 4]] },
  { name: "a batch", shapes: [[2, 3, 2], [2, 5, 2], [2, 5, 4]] },
  { name: "shared keys", shapes: [[2, 3, 3, 2], [2, 1, 4, 2], [4, 1]] },
  { name: "shared queries", shapes: [[1, 2], [3, 2, 2], [3, 2, 1]] },
  {
    name: "later keys out of sight",
    shapes: [[3, 2], [5, 2], [5, 2]],
    options: { causal: true },
  },
  {
    name: "more queries than keys, causal",
    shapes: [[5, 2], [2, 2], [2, 3]],
    options: { causal: true },
  },
  {
    name: "a mask of truth",
    shapes: [[2, 3, 2], [2, 5, 2], [2, 5, 2]],
    options: { mask: truth([2, 3, 5], 8) },
  },
  {
    name: "a mask of one row",
    shapes: [[2, 3, 2], [2, 5, 2], [2, 5, 2]],
    options: { mask: truth([5], 8), scale: 0.7 },
  },
  {
    name: "a mask of numbers, causal",
    shapes: [[2, 3, 2], [2, 4, 2], [2, 4, 2]],
    options: { mask: random([3, 4], 8), causal: true },
  },
  { name: "no keys", shapes: [[3, 2], [0, 2], [0, 4]] },
  { name: "no queries", shapes: [[0, 2], [3, 2], [3, 4]] },
  { name: "keys of no numbers", shapes: [[3, 0], [2, 0], [2, 4]] },
  { name: "values of no numbers", shapes: [[3, 2], [2, 2], [2, 0]] },
  { name: "an empty batch", shapes: [[0, 3, 2], [2, 2], [2, 4]] },
];

Deno.test.each(CASES)(
  "scaledDotProductAttention() of $name is what its definition says",
  async ({ shapes, options }) => {
    const [q, k, v] = shapes.map((shape, i) => random(shape, i));
    const y = q!.scaledDotProductAttention(k!, v!, options);
    const targets = [q!, k!, v!];
    const all = [y, ...gradients(y.mul(y).sum(), targets)];
    const wanted = await evaluateTensors(all);
    await using wasm = createBackend("wasm");
    for (const [i, one] of all.entries()) {
      verifyProgram(makePlan([one.node]).program);
      const { elements } = wanted[i]!;
      assertEquals(one.shape, i === 0 ? y.shape : targets[i - 1]!.shape);
      const exact = await computeElements(one);
      assertClose(exact, elements, { tolerance: 1e-12 });
      const fast = await computeElements(one, { backend: wasm });
      assertClose(fast, elements, { tolerance: 1e-5 });
    }
  },
);

Deno.test("scaledDotProductAttention() is softmax between two products, whatever the sizes", async () => {
  await using wasm = createBackend("wasm");
  const size = fc.integer({ min: 1, max: 33 });
  const sizes = fc.record({ L: size, S: size, E: size, V: size });
  const property = fc.asyncProperty(sizes, async ({ L, S, E, V }) => {
    const [q, k, v] = [[2, L, E], [2, S, E], [2, S, V]].map(random);
    const y = q!.scaledDotProductAttention(k!, v!);
    const scores = q!.matmul(k!.transpose([0, 2, 1])).div(Math.sqrt(E));
    assertClose(
      await computeElements(y, { backend: wasm }),
      await computeElements(scores.softmax().matmul(v!)),
      { tolerance: 1e-5 },
    );
  });
  await fc.assert(property, { seed: 1, numRuns: 40 });
});

Deno.test("scaledDotProductAttention() of a query that sees nothing is 0, with gradients of 0", async () => {
  const inputs = [[2, 3], [4, 3], [4, 2]].map(random);
  const [q, k, v] = inputs as [Tensor, Tensor, Tensor];
  const nothing = tensor([[0, 0, 0, 0], [1, 1, 0, 1]], { dtype: "bool" });
  const masks = [nothing, nothing.where(0, -Infinity)];
  for (const name of ["reference", "wasm"] as const) {
    await using backend = createBackend(name);
    for (const mask of masks) {
      const y = q.scaledDotProductAttention(k, v, { mask });
      const elements = await computeElements(y, { backend });
      assertEquals([...elements.slice(0, 2)], [0, 0]);
      assert(elements.slice(2).every((x) => x !== 0 && Number.isFinite(x)));
      const [ofQuery, ofKey, ofValue] = gradients(y.sum(), inputs);
      const slopes = await computeElements(ofQuery!, { backend });
      assertEquals([...slopes.slice(0, 3)], [0, 0, 0]);
      for (const one of [ofKey!, ofValue!]) {
        assert(
          (await computeElements(one, { backend })).every(Number.isFinite),
        );
      }
    }
  }
});

Deno.test("scaledDotProductAttention() of large scores does not overflow", async () => {
  const [q, k] = [[5, 4], [50, 4]].map((shape, i) => random(shape, i).mul(1e3));
  const v = random([50, 3], 2);
  const y = q!.scaledDotProductAttention(k!, v);
  const loss = y.mul(y).sum();
  await using wasm = createBackend("wasm");
  for (const one of [y, ...gradients(loss, [v])]) {
    const want = await computeElements(one);
    assert(want.every(Number.isFinite));
    assertClose(await computeElements(one, { backend: wasm }), want, {
      tolerance: 1e-5,
    });
  }
});

Deno.test("scaledDotProductAttention() of scores far below 0 has its gradients", async () => {
  const inputs = [[3, 2], [5, 2], [5, 3]].map((shape, i) => random(shape, i));
  const [q, k, v] = inputs as [Tensor, Tensor, Tensor];
  // What is added to all scores of a query changes none of its weights.
  const far = q.scaledDotProductAttention(k, v, { mask: -1000 });
  const near = q.scaledDotProductAttention(k, v);
  const wanted = gradients(near.mul(1e3).sum(), inputs);
  await using wasm = createBackend("wasm");
  for (const [i, one] of gradients(far.mul(1e3).sum(), inputs).entries()) {
    assertClose(
      await computeElements(one, { backend: wasm }),
      await computeElements(wanted[i]!),
      { tolerance: 1e-1 },
    );
  }
});

Deno.test("scaledDotProductAttention() gives NaN where a score is none", async () => {
  const q = tensor([[NaN], [1]]);
  const [k, v] = [tensor([[1], [2]]), tensor([[3], [3]])];
  for (const name of ["reference", "wasm"] as const) {
    await using backend = createBackend(name);
    const y = q.scaledDotProductAttention(k, v);
    const elements = await computeElements(y, { backend });
    assert(Number.isNaN(elements[0]));
    assertClose(elements.slice(1), [3]);
  }
});

Deno.test("scaledDotProductAttention() reads heads out of one projection, without a copy", () => {
  const [batch, sequence, heads, depth] = [2, 7, 3, 4];
  const projected = random([batch, sequence, 3 * heads * depth], 1);
  const parts = projected.reshape([batch, sequence, 3, heads, depth])
    .transpose([2, 0, 3, 1, 4]);
  const x = random([batch, sequence, heads * depth], 2)
    .reshape([batch, sequence, heads, depth]).transpose([0, 2, 1, 3]);
  assertEquals(parts.shape, [3, batch, heads, sequence, depth]);
  const y = x.scaledDotProductAttention(x, x, { mask: 0 });
  assertEquals(makePlan([y.node]).program.steps.length, 1);
  const shared = x.scaledDotProductAttention(parts, parts);
  const { program } = makePlan([shared.node]);
  assertEquals(program.steps.map(({ kernel }) => kernel.kind), ["attention"]);
});

Deno.test("scaledDotProductAttention() keeps no scores between kernels, forward and backward", () => {
  const [length, depth] = [4096, 8];
  const inputs = [0, 1, 2].map((seed) => random([length, depth], seed));
  const [q, k, v] = inputs as [Tensor, Tensor, Tensor];
  const y = q.scaledDotProductAttention(k, v, { causal: true });
  const all = [y, ...gradients(y.mul(y).sum(), inputs)];
  const { temporaries } = makePlan(all.map(({ node }) => node)).program;
  const bytes = temporaries.reduce((sum, size) => sum + size, 0);
  // The scores alone would take 64 MiB.
  assert(bytes < 2 ** 20, `${bytes} bytes`);
});

Deno.test.each<{ name: string; shapes: readonly Shape[]; rule: string }>([
  {
    name: "queries and keys of different sizes",
    shapes: [[2, 3], [2, 4], [2, 3]],
    rule: "query and key must have equal last sizes",
  },
  {
    name: "more keys than values",
    shapes: [[2, 3], [4, 3], [2, 3]],
    rule: "there must be as many keys as values",
  },
  {
    name: "batches that do not broadcast",
    shapes: [[2, 2, 3], [3, 2, 3], [2, 3]],
    rule: "sizes must be equal or 1",
  },
  {
    name: "a mask of another size",
    shapes: [[2, 3], [2, 3], [2, 3], [3, 2]],
    rule: "sizes must be equal or 1",
  },
  {
    name: "a mask with more axes",
    shapes: [[2, 3], [2, 3], [2, 3], [5, 2, 2]],
    rule: "the mask must broadcast to the scores",
  },
])("scaledDotProductAttention() rejects $name", ({ shapes, rule }) => {
  const [q, k, v, mask = zeros([])] = shapes.map((shape) => zeros(shape));
  const error = assertThrows(
    () => q!.scaledDotProductAttention(k!, v!, { mask }),
    ShapeError,
    rule,
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("scaledDotProductAttention() rejects other dtypes, ranks and settings", () => {
  const x = zeros([2, 2]);
  const whole = zeros([2, 2], { dtype: "int32" });
  for (const inputs of [[whole, x, x], [x, whole, x], [x, x, whole]] as const) {
    assertThrows(() => scaledDotProductAttention(...inputs), DTypeError);
  }
  assertThrows(
    () => scaledDotProductAttention(x, x, x, { mask: whole }),
    DTypeError,
    'Cannot apply scaledDotProductAttention to "int32"',
  );
  const flat = assertThrows(
    () => scaledDotProductAttention(zeros([2]), x, x),
    ShapeError,
  );
  assertEquals(flat.code, "SHAPE_INVALID");
  for (const options of [{ scale: NaN }, { causal: 1 as never }]) {
    const error = assertThrows(
      () => scaledDotProductAttention(x, x, x, options),
      TensorError,
    );
    assertEquals(error.code, "ATTRIBUTE_INVALID");
  }
  const wrong = 3 as never;
  for (const [q, k, v] of [[wrong, x, x], [x, wrong, x], [x, x, wrong]]) {
    const error = assertThrows(
      () => scaledDotProductAttention(q!, k!, v!),
      OptionError,
    );
    assertEquals(error.code, "INVALID_OPTION");
  }
});

Deno.test("scaledDotProductAttention() takes a number as its mask", async () => {
  const [q, k, v] = [[2, 3], [4, 3], [4, 2]].map(random);
  const plain = await computeElements(q!.scaledDotProductAttention(k!, v!));
  // What is added to all scores of a query changes none of its weights.
  for (const mask of [0, 2, full([2, 4], 1), full([], 1, { dtype: "bool" })]) {
    const y = q!.scaledDotProductAttention(k!, v!, { mask });
    assertClose(await computeElements(y), plain, { tolerance: 1e-12 });
  }
});

Deno.test("scaledDotProductAttention() of half types gives a half type, computed in float32", async () => {
  const inputs = [[2, 3], [4, 3], [4, 2]].map(random);
  const [q, k, v] = inputs.map((x) => x.cast("float16"));
  const y = q!.scaledDotProductAttention(k!, v!);
  assertEquals(y.dtype, "float16");
  assertEquals(makePlan([y.node]).program.steps.length, 5);
  const [a, b, c] = [q!, k!, v!].map((x) => x.cast("float32"));
  const want = a!.scaledDotProductAttention(b!, c!).cast("float16");
  assertEquals(await computeElements(y), await computeElements(want));
  const mixed = q!.scaledDotProductAttention(k!, c!, {
    mask: random([2, 4], 9).cast("bfloat16"),
  });
  assertEquals(mixed.dtype, "float32");
});
