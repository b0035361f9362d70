import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { assertClose, evaluate, randomGraph } from "../../testing/mod.ts";
import { apply } from "../apply.ts";
import { add, binary, mul } from "../builtin/binary.ts";
import { softmax } from "../builtin/softmax.ts";
import { unary } from "../builtin/unary.ts";
import { full, ones, tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import {
  type CompositeOperator,
  constant,
  type Node,
  placeholder,
} from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import type { Tensor } from "../tensor.ts";
import { lower } from "./lower.ts";

const X = tensor([[1, 2, 3], [4, 5, 6]]);

function lowered(x: Tensor): Node {
  return lower([x.node])[0]!;
}

/** Names of the operators that are called, inputs first. */
function namesIn(roots: readonly Node[]): string[] {
  return topologicalOrder(roots).flatMap((node) =>
    node.kind === "apply" ? [node.operator.name] : []
  );
}

Deno.test("lower() writes composites out, however deep they are nested", () => {
  const inner: CompositeOperator = {
    kind: "composite",
    name: "test:inner",
    version: "1.0.0",
    description: "Softmax of the negative.",
    schema: { inputs: ["x"], attributes: {} },
    infer: ([x]) => x!,
    decompose: ([x]) => softmax(unary("neg", x!), -1),
  };
  const outer: CompositeOperator = {
    ...inner,
    name: "test:outer",
    decompose: ([x]) => unary("exp", apply(inner, [x!])),
  };
  const [root] = lower([apply(outer, [X.node])]);
  assertEquals(
    namesIn([root!]),
    ["neg", "max", "sub", "exp", "sum", "div", "mul", "exp"],
  );
});

Deno.test("lower() lets a composite be one of its inputs", () => {
  const first: CompositeOperator = {
    kind: "composite",
    name: "test:first",
    version: "1.0.0",
    description: "The first input.",
    schema: { inputs: ["a", "b"], attributes: {} },
    infer: ([a]) => a!,
    decompose: ([a]) => a!,
  };
  const y = X.exp();
  const [root] = lower([apply(first, [y.node, X.node])]);
  assertEquals(namesIn([root!]), ["exp"]);
});

Deno.test("lower() rejects a composite that computes another type than it infers", () => {
  for (const decompose of [() => X.sum().node, () => X.cast("int32").node]) {
    const liar: CompositeOperator = {
      kind: "composite",
      name: "test:liar",
      version: "1.0.0",
      description: "Something else than it says.",
      schema: { inputs: ["x"], attributes: {} },
      infer: ([x]) => x!,
      decompose,
    };
    const error = assertThrows(
      () => lower([apply(liar, [X.node])]),
      TensorError,
      'Cannot define operator "test:liar": infer: Found float32[2,3], but what it computes is',
    );
    assertEquals(error.code, "OPERATOR_INVALID");
  }
});

Deno.test("lower() computes once what is written twice", () => {
  const [a, b] = [X.exp().sum(), X.exp().sum()];
  assert(a.node !== b.node);
  const roots = lower([a.node, b.node, a.mul(b).node]);
  assertStrictEquals(roots[0], roots[1]);
  assertEquals(namesIn(roots), ["exp", "sum", "mul"]);
});

Deno.test("lower() does not confuse what differs", () => {
  const [x, y] = [placeholder("x", X.node.type), placeholder("x", X.node.type)];
  const same = { dtype: "float32", shape: [] } as const;
  const different: readonly Node[] = [
    x,
    y,
    unary("exp", x),
    unary("exp", y),
    unary("log", x),
    binary("sub", [x, y]),
    binary("sub", [y, x]),
    X.sum(0).node,
    X.sum(1).node,
    X.sum(1, { keepDims: true }).node,
    X.cast("int32").node,
    X.cast("bool").node,
    constant(0, same),
    constant(-0, same),
    constant(NaN, same),
    constant(1, same),
    constant(1, { dtype: "int32", shape: [] }),
    constant(1, { dtype: "float32", shape: [1] }),
    tensor([1]).node,
    tensor([1]).node,
  ];
  assertEquals(new Set(lower(different)).size, different.length);
});

Deno.test("lower() knows data by its storage, and constants by their number", () => {
  const { node } = X;
  assert(node.kind === "data");
  const roots = lower([
    node,
    { ...node },
    zeros([2]).node,
    zeros([2]).node,
    full([], NaN).node,
    full([], NaN).node,
  ]);
  assertStrictEquals(roots[0], roots[1]);
  assertStrictEquals(roots[2], roots[3]);
  assertStrictEquals(roots[4], roots[5]);
  // The same memory seen in another shape is not the same.
  const flat = { ...node, type: { ...node.type, shape: [6] } };
  assertEquals(new Set(lower([node, flat])).size, 2);
});

Deno.test.each<{ name: string; y: Tensor }>([
  { name: "+ 0", y: X.add(0) },
  { name: "0 +", y: zeros([2, 3]).add(X) },
  { name: "− 0", y: X.sub(0) },
  { name: "× 1", y: X.mul(1) },
  { name: "1 ×", y: ones([3]).mul(X) },
  { name: "÷ 1", y: X.div(1) },
  { name: "cast to its own dtype", y: X.cast("float32") },
  { name: "reshape to its own shape", y: X.reshape([2, -1]) },
  { name: "expand to its own shape", y: X.expand([2, 3]) },
  { name: "permute to the order it has", y: X.permute([0, 1]) },
  { name: "several of them", y: X.add(0).mul(1).reshape([2, 3]).sub(0) },
])("lower() leaves out $name", ({ y }) => {
  assertStrictEquals(lowered(y), X.node);
});

Deno.test.each<{ name: string; y: Tensor; want: string[] }>([
  { name: "0 −", y: zeros([2, 3]).sub(X), want: ["sub"] },
  { name: "1 ÷", y: ones([2, 3]).div(X), want: ["div"] },
  { name: "− 1", y: X.sub(1), want: ["sub"] },
  { name: "× 0, which keeps NaN", y: X.mul(0), want: ["mul"] },
  { name: "+ 0 that broadcasts", y: X.add(zeros([4, 1, 1])), want: ["add"] },
  {
    name: "+ 0 that changes the dtype",
    y: X.cast("int32").add(zeros([])),
    want: ["cast", "add"],
  },
  {
    name: "÷ 1 of whole numbers",
    y: X.cast("int32").div(1),
    want: ["cast", "div"],
  },
  {
    name: "a permute to another order of equal sizes",
    y: tensor([[1, 2], [3, 4]]).permute([1, 0]),
    want: ["permute"],
  },
  { name: "a reversal", y: X.transpose(), want: ["permute"] },
])("lower() keeps $name", ({ y, want }) => {
  assertEquals(namesIn([lowered(y)]), want);
});

Deno.test("lower() sees a view of a constant as a constant", () => {
  const y = full([1, 3], 7).expand([2, 3]).transpose().reshape([6]);
  assertEquals(lowered(y), constant(7, { dtype: "float32", shape: [6] }));
});

Deno.test("lower() begins at what has been computed", async () => {
  const y = X.exp();
  const later = y.add(1).node;
  await y.realize();
  const [root] = lower([later]);
  assertEquals(namesIn([root!]), ["add"]);
});

Deno.test("lower() keeps dtype and shape of every root", () => {
  const roots = [X.mean(), X.softmax(0), X.argmax(1), X.relu(), X.add(0)];
  const types = lower(roots.map(({ node }) => node)).map(({ type }) => type);
  assertEquals(types, roots.map(({ node }) => node.type));
});

Deno.test("lower() lowers a chain of 20,000 calls", () => {
  let y = X.node;
  for (let i = 0; i < 20_000; i++) y = i % 2 ? add(y, 1) : mul(y, 2);
  const [root] = lower([y]);
  assertEquals(topologicalOrder([root!]).length, 20_003);
});

Deno.test("lower() keeps every value, and lowering twice changes nothing more", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
      async (choices) => {
        let next = 0;
        const { tensors } = randomGraph(
          (count) => (choices[next++ % choices.length]! + next) % count,
        );
        const written = tensors.slice(-4).map(({ node }) => node);
        const roots = lower(written);
        for (const node of topologicalOrder(roots)) {
          assert(node.kind !== "apply" || node.operator.kind === "primitive");
        }
        assertEquals(namesIn(lower(roots)), namesIn(roots));
        for (const [i, root] of roots.entries()) {
          const want = await evaluate(written[i]!);
          const got = await evaluate(root);
          assertEquals(got.shape, want.shape);
          assertEquals(got.dtype, want.dtype);
          const options = { tolerance: 0, equalNaN: true };
          assertClose(got.elements, want.elements, options);
        }
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});
