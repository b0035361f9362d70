import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  assertClose,
  assertGradients,
  computeElements,
  evaluateTensors,
  randomGraph,
} from "../../testing/mod.ts";
import { apply } from "../apply.ts";
import { add, mul } from "../builtin/binary.ts";
import { unary } from "../builtin/unary.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import {
  type CompositeOperator,
  constant,
  inputsOf,
  type Node,
  type PrimitiveOperator,
  type Vjp,
} from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { realizeOn } from "../realize_tensors.ts";
import { createBackend } from "../../kernels/mod.ts";
import { Tensor } from "../tensor.ts";
import { gradientsOf } from "./gradient.ts";

/** A composite of two inputs: `a * b + a`. */
const COMPOSITE: CompositeOperator = {
  kind: "composite",
  name: "test:composite",
  version: "1.0.0",
  description: "A product and a sum.",
  schema: { inputs: ["a", "b"], attributes: {} },
  infer: ([a]) => a!,
  decompose: ([a, b]) => add(mul(a!, b!), a!),
};

function withVjp(vjp: Vjp): CompositeOperator {
  return { ...COMPOSITE, name: "test:vjp", vjp };
}

function call(operator: CompositeOperator, a: Tensor, b: Tensor): Tensor {
  return new Tensor(apply(operator, [a.node, b.node]));
}

async function slopesOf(loss: Tensor, targets: Tensor[]): Promise<number[][]> {
  return await Promise.all(
    gradients(loss, targets).map(async (slope) => [
      ...await computeElements(slope),
    ]),
  );
}

Deno.test("gradientsOf() adds up what reaches a node on several ways", async () => {
  const x = tensor([3]);
  const y = x.mul(x);
  // x² + x² + x: 4x + 1.
  assertEquals(await slopesOf(y.add(y).add(x), [x]), [[13]]);
});

Deno.test("gradientsOf() differentiates a composite through what it is made of", async () => {
  const [a, b] = [tensor([3, -1]), tensor([5, 2])];
  assertEquals(await slopesOf(call(COMPOSITE, a, b).sum(), [a, b]), [[6, 3], [
    3,
    -1,
  ]]);
  await assertGradients((a, b) => call(COMPOSITE, a!, b!), [a, b]);
});

Deno.test("gradientsOf() counts a node once that goes into a composite twice", async () => {
  const x = tensor([3]);
  // x² + x: 2x + 1.
  assertEquals(await slopesOf(call(COMPOSITE, x, x), [x]), [[7]]);
});

Deno.test("gradientsOf() follows inputs of a composite that depend on each other", async () => {
  const x = tensor([3]);
  const double = x.mul(2);
  // 2x · x + 2x: 4x + 2, and x · 2x + x: 4x + 1.
  assertEquals(await slopesOf(call(COMPOSITE, double, x), [x]), [[14]]);
  assertEquals(await slopesOf(call(COMPOSITE, x, double), [x]), [[13]]);
});

Deno.test("gradientsOf() prefers the gradient that an operator brings", async () => {
  const [a, b] = [tensor([3]), tensor([5])];
  const operator = withVjp(({ gradient }) => [mul(gradient, 100), undefined]);
  assertEquals(await slopesOf(call(operator, a, b), [a, b]), [[100], [0]]);
});

Deno.test("gradientsOf() gives a gradient rule what went in and what came out", async () => {
  const [a, b] = [tensor([3]), tensor([5])];
  const operator = withVjp(({ inputs: [x], output, gradient }) => [
    mul(gradient, output),
    mul(gradient, x!),
  ]);
  // The output is 3 · 5 + 3; the gradient that arrives is 2.
  assertEquals(await slopesOf(call(operator, a, b).mul(2), [a, b]), [[36], [
    6,
  ]]);
});

Deno.test("gradientsOf() rejects a gradient of another shape, or too few", () => {
  const [a, b] = [tensor([3]), tensor([5])];
  const scalar = constant(1, { dtype: "float32", shape: [] });
  const wrongShape = withVjp(() => [undefined, scalar]);
  const error = assertThrows(
    () => gradients(call(wrongShape, a, b), [a, b]),
    TensorError,
    'Cannot differentiate test:vjp: the gradient of input "b" has shape [], wanted [1]',
  );
  assertEquals(error.code, "GRADIENT_SHAPE_MISMATCH");
  const tooFew = withVjp(({ gradient }) => [gradient]);
  const arity = assertThrows(
    () => gradients(call(tooFew, a, b), [a]),
    TensorError,
    "Cannot apply the gradient of test:vjp to 1 inputs: it takes 2 (a, b)",
  );
  assertEquals(arity.code, "OPERATOR_ARITY");
});

Deno.test("gradientsOf() does not look at gradients that nobody wants", () => {
  const [a, b] = [tensor([3]), tensor([5], { dtype: "int32" })];
  const scalar = constant(1, { dtype: "float32", shape: [] });
  const operator = withVjp(({ gradient }) => [gradient, scalar]);
  assertEquals(gradients(call(operator, a, b), [a]).length, 1);
});

Deno.test("gradientsOf() tells a gradient rule whose gradients are wanted", () => {
  const [a, b] = [tensor([3]), tensor([5])];
  let asked: readonly boolean[] | undefined;
  const operator = withVjp(({ gradient, wanted }) => {
    asked = wanted;
    return [gradient, gradient];
  });
  gradients(call(operator, a, b), [b]);
  assertEquals(asked, [false, true]);
});

Deno.test("gradientsOf() reports a primitive operator that has no gradient", () => {
  const abs = BUILTIN_OPERATORS.get("abs") as PrimitiveOperator;
  // The name alone does not make it the built-in one.
  for (const name of ["acme:abs", "abs"]) {
    const operator: PrimitiveOperator = { ...abs, name };
    const x = tensor([1]);
    const y = new Tensor(apply(operator, [x.node]));
    const error = assertThrows(
      () => gradients(y, [x]),
      TensorError,
      `Cannot differentiate operator "${name}": it has no gradient`,
    );
    assertEquals(error.code, "NOT_DIFFERENTIABLE");
    // Beside the way to the target it is not in the way.
    assertEquals(
      gradients(y.add(x.sum()).mul(0).add(x), [tensor([1])]).length,
      1,
    );
  }
});

Deno.test("gradientsOf() goes no further than to what has been computed", async () => {
  await using backend = createBackend("reference");
  const x = tensor([3]);
  const y = x.mul(2);
  const loss = y.mul(y);
  await realizeOn([y], { backend });
  assertEquals(await slopesOf(loss, [y]), [[12]]);
});

Deno.test("gradientsOf() follows a chain of any length", () => {
  const x = tensor([1]).node;
  let y: Node = x;
  for (let i = 0; i < 20_000; i++) y = unary("neg", y);
  const [slope] = gradientsOf(y, [x]);
  let length = 0;
  for (let node = slope; node; node = inputsOf(node)[0]) length++;
  assertEquals(length, 20_001);
});

Deno.test("gradientsOf() describes the same however a graph is computed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
      async (choices) => {
        let next = 0;
        const { tensors, leaves } = randomGraph(
          (count) => (choices[next++ % choices.length]! + next) % count,
        );
        const loss = tensors.filter(({ dtype }) => dtype === "float32")
          .map((x) => x.sum()).reduce((a, b) => a.add(b));
        const slopes = gradients(loss, leaves);
        const want = await evaluateTensors(slopes);
        for (const [i, slope] of slopes.entries()) {
          assertEquals(slope.shape, leaves[i]!.shape);
          assertClose(await computeElements(slope), want[i]!.elements, {
            tolerance: 1e-9,
            equalNaN: true,
          });
        }
      },
    ),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("gradientsOf() of a product of matrices is products of matrices, not brought into shape", () => {
  const a = tensor([[1, 2], [3, 4]]);
  const loss = a.matmul(tensor([[5, 6], [7, 8]])).sum();
  const [slope] = gradientsOf(loss.node, [a.node]);
  const names = topologicalOrder([slope!]).flatMap((node) =>
    node.kind === "apply" ? node.operator.name : []
  );
  assertEquals(names.filter((name) => name === "matmul").length, 1);
  assertEquals(names.filter((name) => name === "reshape").length, 1);
});
