import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  assertClose,
  computeElements,
  numericGradient,
  randomArray,
  randomGraph,
} from "../../testing/mod.ts";
import { createBackend } from "../../kernels/mod.ts";
import { apply } from "../apply.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { mul } from "../builtin/binary.ts";
import { tensor } from "../create.ts";
import { defineOperator } from "../define_operator.ts";
import { TensorError } from "../errors.ts";
import {
  type CompositeOperator,
  inputsOf,
  type Node,
  type PrimitiveOperator,
} from "../graph/node.ts";
import { Tensor } from "../tensor.ts";
import { unary } from "../builtin/unary.ts";
import { realize } from "../realize_tensors.ts";
import { pullBack } from "./pull_back.ts";
import { pushForward } from "./push_forward.ts";

function weights({ node: { type: { shape } }, size }: Tensor, seed: number) {
  return tensor(randomArray(size, seed, { min: 0.5, max: 1.5 }), { shape });
}

async function dot(a: Tensor | undefined, b: Tensor): Promise<number> {
  if (!a) return 0;
  const [found] = await computeElements(a.mul(b).sum());
  return found!;
}

function wrap(node: Node | undefined): Tensor | undefined {
  return node && new Tensor(node);
}

/** `u · J v` and `Jᵀ u · v`, with the outputs' weights for `u` and the leaves' for `v`. */
async function bothWays(
  outputs: readonly Tensor[],
  leaves: readonly Tensor[],
): Promise<readonly [forward: number, back: number]> {
  const u = outputs.map((x, i) => weights(x, i));
  const v = leaves.map((x, i) => weights(x, 100 + i));
  const forward = pushForward(
    outputs.map(({ node }) => node),
    new Map(leaves.map(({ node }, i) => [node, v[i]!.node])),
  );
  const back = pullBack(
    outputs.map(({ node }, i) => [node, u[i]!.node]),
    { targets: leaves.map(({ node }) => node), stops: new Set() },
  );
  let sums: readonly [number, number] = [0, 0];
  for (const [i, node] of forward.entries()) {
    sums = [sums[0] + await dot(wrap(node), u[i]!), sums[1]];
  }
  for (const [i, node] of back.entries()) {
    sums = [sums[0], sums[1] + await dot(wrap(node), v[i]!)];
  }
  return sums;
}

Deno.test("pushForward() agrees with pullBack() on any graph: u · J v = Jᵀ u · v", async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
      async (choices) => {
        let next = 0;
        const { tensors, leaves } = randomGraph(
          (count) => (choices[next++ % choices.length]! + next) % count,
          { sizes: [1, 2, 3, 2], sizeMax: 60 },
        );
        const outputs = tensors.filter(({ dtype, node }) =>
          dtype === "float32" && node.kind === "apply"
        );
        const [forward, back] = await bothWays(outputs, leaves);
        // What has no finite slope has none in either direction.
        if (!Number.isFinite(forward) || !Number.isFinite(back)) return;
        compared++;
        assertClose([forward], [back], { tolerance: 1e-9 });
      },
    ),
    { seed: 2, numRuns: 60 },
  );
  assert(compared > 40, `${compared} graphs compared`);
});

/** How fast the sum of a function's elements changes along a direction, by central differences. */
async function slopeAlong(
  fn: (x: Tensor) => Tensor,
  x: Tensor,
  direction: Tensor,
): Promise<number> {
  await using backend = createBackend("reference");
  const at = await computeElements(x, { backend });
  const along = await computeElements(direction, { backend });
  const [slope] = await numericGradient(async ([step]) => {
    const moved = at.map((value, i) => value + step! * along[i]!);
    const y = fn(tensor(moved, { shape: x.shape }));
    const [total] = await computeElements(y.sum(), { backend });
    return total!;
  }, Float64Array.of(0));
  return slope!;
}

Deno.test.each<{ name: string; fn: (x: Tensor) => Tensor }>([
  { name: "place by place, broadcast", fn: (x) => x.sin().mul(x.sum(0)) },
  { name: "a quotient of two shapes", fn: (x) => x.sum().div(x.exp()) },
  { name: "views", fn: (x) => x.transpose().reshape([3, 2]).flip(0).exp() },
  { name: "windows", fn: (x) => x.windows(2).mul(x.windows(2)).exp() },
  { name: "a largest element", fn: (x) => x.max(1).mul(x.min(0).sum()) },
  { name: "a product", fn: (x) => x.prod(1).mul(x.prod(0).sum()) },
  { name: "matrices", fn: (x) => x.matmul(x.transpose()).exp() },
  {
    name: "a convolution",
    fn: (x) =>
      x.reshape([1, 1, 6]).conv1d(
        x.reshape([3, 2]).slice([[0, 1]]).reshape([1, 1, 2]),
      ),
  },
  {
    name: "gathered and scattered",
    fn: (x) => {
      const index = tensor([[0, 2, 1], [1, 1, 9]], { dtype: "int32" });
      return x.gather(index.minimum(2), 1).scatterAdd(index, 1, 4).exp();
    },
  },
  { name: "pieces", fn: (x) => x.pad([[1, 0], [0, 2]], { value: 3 }).exp() },
  { name: "joined with a constant", fn: (x) => x.concat(tensor([[1, 2, 3]])) },
  { name: "running sums", fn: (x) => x.cumsum(1, { reverse: true }).exp() },
  { name: "running products", fn: (x) => x.cumprod(1).exp() },
  { name: "sorted", fn: (x) => x.sort(1).mul(tensor([1, 2, 3])) },
  { name: "softmax", fn: (x) => x.softmax().mul(x) },
  { name: "pooled", fn: (x) => x.maxPool2d([2, 2]).exp() },
  {
    name: "attention",
    fn: (x) => x.scaledDotProductAttention(x.sin(), x.cos()).exp(),
  },
])(
  "pushForward() has the slope of central differences: $name",
  async ({ fn }) => {
    const x = tensor([[0.3, -1.2, 0.7], [1.1, 0.4, -0.6]]);
    const direction = tensor([[1, -0.5, 0.25], [0.75, 2, -1]]);
    const [found] = pushForward(
      [fn(x).sum().node],
      new Map([[x.node, direction.node]]),
    );
    assertClose(
      await computeElements(new Tensor(found!)),
      [await slopeAlong(fn, x, direction)],
      { tolerance: 1e-6 },
    );
  },
);

Deno.test("pushForward() follows the gradient that an operator brings", async () => {
  // A gradient that is not that of its parts: twice as steep.
  const operator: CompositeOperator = {
    kind: "composite",
    name: "acme:steep",
    version: "1.0.0",
    description: "x, with a slope of 2.",
    schema: { inputs: ["x"], attributes: {} },
    infer: ([x]) => x!,
    decompose: ([x]) => x!,
    vjp: ({ gradient }) => [mul(gradient, 2)],
  };
  const x = tensor([3, 4]);
  const y = apply(operator, [x.node]);
  const [tangent] = pushForward([y], new Map([[x.node, tensor([1, 10]).node]]));
  assertEquals(await new Tensor(tangent!).array(), [2, 20]);
});

Deno.test("pushForward() takes a clipped gradient as it is near 0", async () => {
  const clipped = defineOperator({
    name: "acme:clipped",
    inputs: ["x"],
    forward: ([x]) => x!.mul(5),
    vjp: ({ gradient }) => [gradient.clamp(-1, 1)],
  });
  const x = tensor([3]);
  const y = clipped(x);
  const [tangent] = pushForward(
    [y.node],
    new Map([[x.node, tensor([7]).node]]),
  );
  assertEquals(await new Tensor(tangent!).array(), [7]);
});

Deno.test("pushForward() gives nothing where nothing changes", () => {
  const [x, y] = [tensor([1, 2]), tensor([3, 4])];
  const floor = x.floor();
  const whole = x.cast("int32");
  const outputs = [y.mul(2), floor, whole, whole.cast("float32")];
  const moving = new Map([[x.node, y.node]]);
  assertEquals(
    pushForward(outputs.map(({ node }) => node), moving),
    [undefined, undefined, undefined, undefined],
  );
});

Deno.test("pushForward() reports a primitive operator that has no gradient", () => {
  const abs = BUILTIN_OPERATORS.get("abs") as PrimitiveOperator;
  const x = tensor([1]).node;
  const y = apply({ ...abs, name: "acme:abs" }, [x]);
  assertThrows(
    () => pushForward([y], new Map([[x, x]])),
    TensorError,
    'Cannot differentiate operator "acme:abs": it has no gradient',
  );
});

Deno.test("pushForward() goes through what has been computed meanwhile", async () => {
  const x = tensor([3]);
  const square = x.mul(x);
  const y = square.mul(2);
  await square.data();
  await realize(square);
  const [tangent] = pushForward([y.node], new Map([[x.node, x.node]]));
  // 4 x · x.
  assertEquals(await new Tensor(tangent!).array(), [36]);
});

Deno.test("pushForward() follows a chain of any length", () => {
  const x = tensor([1]).node;
  let y: Node = x;
  for (let i = 0; i < 20_000; i++) y = unary("neg", y);
  const [tangent] = pushForward([y], new Map([[x, x]]));
  let length = 0;
  for (let node = tangent; node; node = inputsOf(node)[0]) length++;
  assertEquals(length, 20_001);
});
