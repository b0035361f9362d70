import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { randomGraph, verifyProgram } from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";
import { randomNormal } from "../create_random.ts";
import { gradients } from "../gradients.ts";
import type { Node } from "../graph/node.ts";
import { concat, stack } from "../join_tensors.ts";
import type { Tensor } from "../tensor.ts";
import { lower } from "./lower.ts";
import { makePlan } from "./plan.ts";
import { schedule } from "./schedule.ts";

const X = tensor([[1, 2, 3], [4, 5, 6]]);
const W = tensor([[1, 2], [3, 4], [5, 6]]);
const B = tensor([1, 2]);

/** The kinds of the kernels that compute tensors, in order. */
function kindsOf(...tensors: Tensor[]): string[] {
  const roots = tensors.map(({ node }) => node);
  verifyProgram(makePlan(roots).program);
  return schedule(lower(roots)).map(({ kernel }) => kernel.kind);
}

Deno.test.each<{ name: string; y: Tensor; want: string[] }>([
  { name: "elementwise calls", y: X.exp().add(1).mul(X), want: ["map"] },
  { name: "broadcasting", y: X.add(tensor([[1], [2]])), want: ["map"] },
  {
    name: "views between elementwise calls",
    y: X.exp().transpose().add(tensor([1, 2])).reshape([3, 2, 1]).neg(),
    want: ["map"],
  },
  { name: "a constant", y: zeros([2]).exp(), want: ["map"] },
  { name: "counting", y: arange(0, 6).reshape([2, 3]).mul(X), want: ["map"] },
  { name: "a reduction", y: X.sum(1), want: ["reduce"] },
  {
    name: "what comes before and after a reduction",
    y: X.sub(1).mul(X).sum(1).sqrt().add(B),
    want: ["reduce"],
  },
  { name: "a mean", y: X.mean(), want: ["reduce"] },
  { name: "a mean along an axis", y: X.mean(0), want: ["reduce"] },
  {
    name: "a reduction of a transpose",
    y: X.transpose().max(0),
    want: ["reduce"],
  },
  { name: "a product", y: X.matmul(W), want: ["contract"] },
  {
    name: "bias and activation after a product",
    y: X.matmul(W).add(B).relu(),
    want: ["contract"],
  },
  {
    name: "bias and activation after a convolution in groups",
    y: X.reshape([1, 2, 3]).conv1d(W.reshape([2, 1, 3]), {
      groups: 2,
      bias: B,
    }).relu(),
    want: ["convolution"],
  },
  {
    name: "other sizes after a product, and what follows them",
    y: X.matmul(W).exp().reshape([4]).add(tensor([1, 2, 3, 4])).reshape([1, 4]),
    want: ["contract"],
  },
  {
    name: "other sizes after a reduction, and what follows them",
    y: X.sum(1).reshape([2, 1]).mul(tensor([[3], [4]])),
    want: ["reduce"],
  },
  {
    name: "other sizes after a product, and what cannot be seen over it",
    y: X.matmul(W).reshape([4, 1]).add(
      tensor([[1, 2, 3, 4], [5, 6, 7, 8]]).sum(0, { keepDims: true })
        .transpose(),
    ),
    want: ["reduce", "contract"],
  },
  {
    name: "a transposed array that cannot be seen over a product",
    y: X.matmul(W.matmul(X)).reshape([3, 2]).add(X.transpose()).exp(),
    want: ["contract", "contract", "map"],
  },
  {
    name: "a product of transposed matrices",
    y: W.transpose().matmul(X.transpose()),
    want: ["contract"],
  },
  {
    name: "a product with a vector",
    y: X.matmul(tensor([1, 2, 3])).tanh(),
    want: ["contract"],
  },
  {
    name: "what comes before a product",
    y: X.exp().matmul(W),
    want: ["map", "contract"],
  },
  {
    name: "one of two products that are added",
    y: X.matmul(W).add(X.matmul(W.neg())),
    want: ["contract", "map", "contract"],
  },
  {
    name: "a reduction of a product",
    y: X.matmul(W).sum(),
    want: ["contract", "reduce"],
  },
  {
    name: "picking with what is computed from it",
    y: X.take(tensor([1, 0], { dtype: "int32" }), 1).exp(),
    want: ["map"],
  },
  {
    name: "a part of a tensor, backwards, in what is computed from it",
    y: X.slice([null, [1]]).flip().exp(),
    want: ["map"],
  },
  {
    name: "a product of parts",
    y: X.slice([null, [0, 2]]).matmul(W.slice([[0, 2]])),
    want: ["contract"],
  },
  { name: "windows", y: X.windows(2).max(-1), want: ["reduce"] },
  {
    name: "a rectifier and pooling",
    y: X.relu().maxPool2d(2),
    want: ["reduce"],
  },
  {
    name: "the gradient of pooling",
    y: gradients(X.maxPool2d(2).mul(tensor([[3]])).sum(), [X])[0]!,
    want: ["scatterMax"],
  },
  {
    name: "the gradient of mean pooling",
    y: gradients(X.avgPool2d(2).mul(tensor([[3]])).sum(), [X])[0]!,
    want: ["assemble", "assemble"],
  },
  {
    name: "windows of what is dear to compute again",
    y: X.exp().sin().cos().neg().windows(2).max(-1),
    want: ["map", "reduce"],
  },
  {
    name: "windows side by side of what is dear",
    y: X.reshape([6]).exp().sin().cos().neg().windows(2, { stride: 2 }).max(-1),
    want: ["reduce"],
  },
  {
    name: "what is put together from computed parts",
    y: concat([X.exp(), X.neg().pad([[0, 1], 0])]),
    want: ["assemble", "assemble"],
  },
  {
    name: "the gradient of parts that are used apart",
    y: gradients(
      stack(X.unstack(1).map((x, i) => x.mul(i).sin())).sum(),
      [X],
    )[0]!,
    want: ["assemble"],
  },
  {
    name: "random numbers",
    y: randomNormal([3], { key: 1 }).mul(2),
    want: ["random", "map"],
  },
  { name: "softmax", y: X.softmax(), want: ["rows"] },
  { name: "logarithm of softmax", y: X.logSoftmax(), want: ["rows"] },
  {
    name: "softmax along another axis: maximum, exponentials, inverse, product",
    y: X.softmax(0),
    want: ["reduce", "map", "reduce", "map"],
  },
])("schedule() makes $want of $name", ({ y, want }) => {
  const kinds = kindsOf(y);
  assertEquals(kinds.toSorted(), want.toSorted());
  // Whatever the order of independent kernels, the last writes the root.
  assertEquals(kinds.at(-1), want.at(-1));
});

Deno.test("schedule() needs no kernel for data", () => {
  assertEquals(kindsOf(X), []);
});

Deno.test("schedule() writes once what several kernels use, if it is dear", () => {
  const dear = X.exp().add(W.transpose()).mul(X).sin();
  assertEquals(kindsOf(dear.sum(0), dear.sum(1)), ["map", "reduce", "reduce"]);
  const cheap = X.mul(2);
  assertEquals(kindsOf(cheap.sum(0), cheap.sum(1)), ["reduce", "reduce"]);
});

Deno.test("schedule() writes once what is used through two views", () => {
  const dear = X.exp().add(W.transpose()).mul(X).sin();
  const view = dear.transpose();
  assertEquals(kindsOf(view.sum(0), view.sum(1)), ["map", "reduce", "reduce"]);
  const y = view.sum(0);
  assertEquals(kindsOf(y, dear.reshape([6]).max()), [
    "map",
    "reduce",
    "reduce",
  ]);
});

Deno.test("schedule() does not join a product to a call when both are wanted", () => {
  const product = X.matmul(W);
  assertEquals(kindsOf(product, product.add(B)), ["contract", "map"]);
});

Deno.test("schedule() does not join a reduction that has to be stretched to other rows", () => {
  assertEquals(kindsOf(X.div(X.sum(0, { keepDims: true }))), ["reduce", "map"]);
});

Deno.test("schedule() brings elements into order where strides cannot", () => {
  assertEquals(kindsOf(X.transpose().reshape([6]).neg()), ["map", "map"]);
  // But not where it is the last step: a kernel writes its elements in any order.
  assertEquals(kindsOf(X.transpose().reshape([6])), ["map"]);
});

Deno.test("schedule() ends a kernel before it reads more than seven arrays", () => {
  const arrays = Array.from({ length: 20 }, (_, i) => tensor([i, i + 1]));
  const kernels = schedule(
    lower([arrays.reduce((sum, x) => sum.add(x)).node]),
  );
  assert(kernels.length > 1);
  for (const { kernel, inputs } of kernels) {
    assert(inputs.length <= 7, `${inputs.length}`);
    assertEquals(kernel.operands.length, inputs.length);
  }
});

Deno.test("schedule() ends a kernel before it grows without bound", () => {
  let y = X;
  for (let i = 0; i < 500; i++) y = y.sin().add(i);
  const kernels = schedule(lower([y.node]));
  assert(kernels.length > 5 && kernels.length < 100, `${kernels.length}`);
  for (const { kernel } of kernels) {
    assert(kernel.kind === "map" && kernel.body.length < 150);
  }
});

Deno.test("schedule() does not repeat what doubles at each step", () => {
  let y = X;
  for (let i = 0; i < 40; i++) y = y.mul(y.transpose().matmul(y).sum()).add(y);
  assert(schedule(lower([y.node])).length < 200);
});

Deno.test("schedule() takes a layer's training step in a few kernels", () => {
  const target = tensor([[1, 0], [0, 1]]);
  const loss = X.matmul(W).add(B).logSoftmax().mul(target).sum().neg();
  const [dW, dB] = gradients(loss, [W, B]);
  const kinds = kindsOf(loss, W.sub(dW!.mul(0.1)), B.sub(dB!.mul(0.1)));
  assertEquals(kinds.filter((kind) => kind === "contract").length, 2);
  assert(kinds.length <= 12, `${kinds}`);
});

Deno.test("schedule() orders kernels so that every value is written before it is read, in any graph", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
      (choices) => {
        let next = 0;
        const { tensors, leaves } = randomGraph(
          (count) => (choices[next++ % choices.length]! + next) % count,
          { calls: 20 },
        );
        const floats = tensors.filter(({ dtype }) => dtype === "float32");
        const loss = floats.map((x) => x.sum()).reduce((a, b) => a.add(b));
        const wanted = [...tensors, ...gradients(loss, leaves)];
        const roots = lower(wanted.map(({ node }) => node));
        const written = new Set<Node>();
        for (const { inputs, output, kernel } of schedule(roots)) {
          for (const input of inputs) {
            assert(input.kind === "data" || written.has(input));
          }
          assert(!written.has(output), "a value is written once");
          // A backend with few bindings puts arrays together piece by piece.
          assert(inputs.length <= 7 || kernel.kind === "assemble");
          assertEquals(kernel.operands.length, inputs.length);
          written.add(output);
        }
        for (const root of roots) {
          assert(root.kind === "data" || written.has(root));
        }
        verifyProgram(makePlan(wanted.map(({ node }) => node)).program);
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("schedule() writes what is seen through many views, now and then", () => {
  let x = tensor([[1, 2], [3, 4]]);
  for (let i = 0; i < 100; i++) x = i % 2 ? x.flip(0) : x.transpose();
  // After 32, 64 and 96 views, and the rest.
  assertEquals(kindsOf(x), ["map", "map", "map", "map"]);
});
