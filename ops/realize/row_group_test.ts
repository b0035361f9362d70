import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createBackend } from "../../kernels/mod.ts";
import {
  assertClose,
  evaluateTensors,
  verifyProgram,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { randomNormal } from "../create_random.ts";
import { gradients } from "../gradients.ts";
import { realizeOn } from "../realize_tensors.ts";
import type { Tensor } from "../tensor.ts";
import { lower } from "./lower.ts";
import { makePlan } from "./plan.ts";
import { schedule } from "./schedule.ts";

const X = await randomNormal([4, 6], { key: 1 }).realize();
const G = await randomNormal([4, 6], { key: 2 }).realize();
const W = await randomNormal([6], { key: 3 }).realize();
const B = await randomNormal([6], { key: 4 }).realize();

const INT32 = { dtype: "int32" } as const;

/** The kinds of the kernels that compute tensors, in order. */
function kindsOf(...tensors: Tensor[]): string[] {
  const roots = tensors.map(({ node }) => node);
  verifyProgram(makePlan(roots).program);
  return schedule(lower(roots)).map(({ kernel }) => kernel.kind);
}

function slopes(y: Tensor, ...of: Tensor[]): Tensor[] {
  return gradients(y.mul(G).sum(), of);
}

Deno.test.each<{ name: string; of: readonly Tensor[]; want: string[] }>([
  { name: "softmax", of: [X.softmax()], want: ["rows"] },
  { name: "its gradient", of: slopes(X.softmax(), X), want: ["rows"] },
  { name: "logSoftmax", of: [X.logSoftmax()], want: ["rows"] },
  {
    name: "logSoftmax and its gradient, which needs the result only",
    of: [X.logSoftmax(), ...slopes(X.logSoftmax(), X)],
    want: ["rows", "rows"],
  },
  {
    name: "logarithm of the sum of exponentials",
    of: [
      X.sub(X.max(1, { keepDims: true })).exp().sum(1).log().add(X.max(1)),
    ],
    want: ["rows"],
  },
  { name: "variance", of: [X.variance(1)], want: ["rows"] },
  {
    name: "layerNorm with gain and bias",
    of: [X.layerNorm(-1).mul(W).add(B)],
    want: ["rows"],
  },
  {
    name:
      "layerNorm and its gradients: the output, the slope of the input, and two sums of columns, one of a product with the norm",
    of: (() => {
      const y = X.layerNorm(-1).mul(W).add(B);
      return [y, ...slopes(y, X, W, B)];
    })(),
    want: ["rows", "rows", "rows", "reduce", "reduce"],
  },
  {
    name: "two norms of the same rows, whose mean is taken twice",
    of: [X.layerNorm(-1), X.sub(X.mean(1, { keepDims: true })).abs()],
    want: ["rows", "rows"],
  },
  {
    name: "a norm that is used in columns too: it is cheap to repeat",
    of: [X.layerNorm(-1).mul(W), X.layerNorm(-1).mul(G).sum(0)],
    want: ["rows", "rows", "reduce"],
  },
  {
    name: "powers that two kernels need: they are dear, and written",
    of: (() => {
      const powers = X.sub(X.max(1, { keepDims: true })).exp();
      return [powers.mul(W), powers.sum(0)];
    })(),
    want: ["rows", "map", "reduce"],
  },
  {
    name: "a norm that a product needs in memory, and what is made of it",
    of: [
      X.layerNorm(-1).mul(W),
      X.layerNorm(-1).matmul(X.transpose()),
    ],
    want: ["rows", "map", "contract"],
  },
  {
    name: "a norm of several axes, reshaped",
    of: [X.reshape([2, 2, 2, 3]).layerNorm([2, 3]).reshape([4, 6])],
    want: ["rows"],
  },
  {
    name: "softmax of scaled and masked products",
    of: [X.matmul(X.transpose()).mul(0.5).add(tensor([0, 0, -9, 0])).softmax()],
    want: ["contract", "rows"],
  },
  {
    name: "a sum that others need too",
    of: [X.div(X.sum(1, { keepDims: true })), X.sum(1, { keepDims: true })],
    want: ["reduce", "map"],
  },
  {
    name: "rows that lie across memory",
    of: [X.transpose().softmax()],
    want: ["reduce", "map", "reduce", "map"],
  },
  { name: "one reduction", of: [X.exp().sum(1).log()], want: ["reduce"] },
])("schedule() makes $want of $name", ({ of, want }) => {
  assertEquals(kindsOf(...of).toSorted(), want.toSorted());
});

Deno.test("schedule() leaves rows that are too long for the caches to several kernels", () => {
  const long = tensor(new Float32Array(2 * 70_000), { shape: [2, 70_000] });
  assert(!kindsOf(long.softmax()).includes("rows"));
  const short = tensor(new Float32Array(2 * 60_000), { shape: [2, 60_000] });
  assertEquals(kindsOf(short.softmax()), ["rows"]);
});

Deno.test("schedule() leaves rows that need more arrays than can be bound to several kernels", () => {
  let y = X.sub(X.max(1, { keepDims: true }));
  for (let i = 0; i < 9; i++) y = y.mul(tensor([1, 2, 3, 4, 5, i]));
  const kernels = schedule(lower([y.softmax().node]));
  assert(kernels.every(({ inputs }) => inputs.length <= 7));
  verifyProgram(makePlan([y.softmax().node]).program);
});

Deno.test("schedule() does not repeat what doubles at each step of a row", () => {
  let y = X.sub(X.max(1, { keepDims: true }));
  for (let i = 0; i < 50; i++) y = y.add(y);
  assert(kindsOf(y.div(y.sum(1, { keepDims: true }))).length < 5);
});

// What reads an array as a whole reads a wanted view of the rows, not what the view looks at.
Deno.test.each<{ name: string; read: (rows: Tensor) => Tensor }>([
  { name: "gathered from", read: (x) => x.gather(tensor([[1]], INT32), 0) },
  { name: "sorted", read: (x) => x.sort(0) },
  {
    name: "scattered",
    read: (x) => x.scatterAdd(tensor([[1], [0]], INT32), 0, 2),
  },
  { name: "attended to", read: (x) => x.scaledDotProductAttention(x, x) },
  { name: "multiplied", read: (x) => x.matmul(tensor([[2]])) },
])("schedule() writes a view of rows that is wanted, and $name", ({ read }) => {
  const x = tensor([3, 4]);
  const rows = x.sub(x.max(0, { keepDims: true })).reshape([2, 1]);
  const roots = [rows, read(rows)].map(({ node }) => node);
  verifyProgram(makePlan(roots).program);
  assertEquals(schedule(lower(roots)).length, 2);
});

const STEPS: readonly ((x: Tensor, axis: number) => Tensor)[] = [
  (x, axis) => x.softmax(axis),
  (x, axis) => x.logSoftmax(axis),
  (x, axis) => x.layerNorm(axis),
  (x, axis) => x.sub(x.mean(axis, { keepDims: true })),
  (x, axis) => x.div(x.abs().sum(axis, { keepDims: true }).add(1)),
  (x, axis) => x.mul(x.greater(x.mean(axis, { keepDims: true }))),
  (x) => x.add(0.5).tanh(),
  (x) => x.mul(x),
  (x) => x.mul(tensor(2)).reshape([x.size]).reshape(x.shape),
  (x) => x.reshape([1, ...x.shape]).sigmoid().reshape(x.shape),
  (x) => x.reshape([x.size]).sub(x.max()).reshape(x.shape),
  (x, axis) => x.variance(axis, { keepDims: true }).add(x),
  (x) => x.add(x.transpose().transpose()),
];

// Oracle: the definitions of the operators, one call at a time in float64.
Deno.test.each<{ backend: "reference" | "wasm" }>([
  { backend: "reference" },
  { backend: "wasm" },
])(
  "schedule() keeps the values of any steps over rows, on $backend",
  async ({ backend: name }) => {
    await using backend = createBackend(name);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(1, 2, 3, 5, 8, 10, 17), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.array(fc.nat({ max: STEPS.length - 1 }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.boolean(),
        fc.nat({ max: 1000 }),
        async (shape, steps, isLast, key) => {
          const x = randomNormal(shape, { key });
          const axis = isLast ? -1 : 0;
          const ys = [x];
          for (const step of steps) ys.push(STEPS[step]!(ys.at(-1)!, axis));
          const loss = ys.at(-1)!.mul(randomNormal(shape, { key: key + 1 }));
          const all = [ys.at(-1)!, ...gradients(loss.sum(), [x])];
          verifyProgram(makePlan(all.map(({ node }) => node)).program);
          const want = await evaluateTensors(all);
          const got = await realizeOn(all, { backend });
          for (const [i, y] of got.entries()) {
            assertClose(await y.data(), want[i]!.elements, {
              tolerance: 1e-4,
              equalNaN: true,
            });
            y.dispose();
          }
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  },
);

// Expected values: NumPy's rules for infinities, worked by hand.
Deno.test("schedule() passes what is not finite on within its row", async () => {
  await using backend = createBackend("wasm");
  const inf = Infinity;
  const x = tensor([[-inf, -inf, -inf], [0, -inf, 0], [1, NaN, 2], [
    1,
    inf,
    2,
  ]]);
  const [y] = await realizeOn([x.softmax()], { backend });
  assertEquals([...await y!.data()], [
    ...[NaN, NaN, NaN],
    ...[0.5, 0, 0.5],
    ...[NaN, NaN, NaN],
    ...[NaN, NaN, NaN],
  ]);
});

// Oracle: the definitions, one call at a time.
Deno.test("schedule() tells a part of each row from the row", async () => {
  await using backend = createBackend("wasm");
  const dear = X.exp().sin();
  const folded = dear.sum(1).add(dear.max(1));
  const all = [
    dear.select(2, 1).mul(folded),
    dear.flip(1).mul(folded.unsqueeze(1)),
    dear.windows(6).squeeze().mul(folded.unsqueeze(1)),
  ];
  const want = await evaluateTensors(all);
  const got = await realizeOn(all, { backend });
  for (const [i, y] of got.entries()) {
    assertClose(await y.data(), want[i]!.elements, { tolerance: 1e-5 });
  }
});

Deno.test("schedule() folds whole numbers and truth over rows", async () => {
  await using backend = createBackend("wasm");
  const x = tensor([[1, -2, 3], [4, 5, -6]], { dtype: "int32" });
  const above = x.greater(0);
  const all = [
    x.sub(x.max(1, { keepDims: true })),
    x.mul(x.sum(1, { keepDims: true })),
    x.mul(above.sum(1, { keepDims: true })),
  ];
  assertEquals(kindsOf(...all), ["rows", "rows", "rows"]);
  const got = await realizeOn(all, { backend });
  assertEquals(await Promise.all(got.map(async (y) => [...await y.data()])), [
    [-2, -5, 0, -1, 0, -11],
    [2, -4, 6, 12, 15, -18],
    [2, -4, 6, 8, 10, -12],
  ]);
});

Deno.test("schedule() takes rows of nothing and no rows", async () => {
  await using backend = createBackend("wasm");
  for (const shape of [[0, 4], [4, 0], [0]]) {
    const x = tensor([], { shape });
    const [y] = await realizeOn([x.softmax()], { backend });
    assertEquals((await y!.data()).length, 0);
  }
});
