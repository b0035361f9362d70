import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  assertClose,
  computeElements,
  randomArray,
  randomGraph,
} from "../../testing/mod.ts";
import { isFloatDType, sizeOf } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { concat } from "../builtin/concat.ts";
import { reshape } from "../builtin/reshape.ts";
import { drawSample } from "../check/draw_sample.ts";
import { BUILTIN_FACTS } from "../check/samples/all.ts";
import { tensor } from "../create.ts";
import { constant, type Node, placeholder } from "../graph/node.ts";
import { substitute } from "../graph/substitute.ts";
import { Tensor } from "../tensor.ts";
import { pullBack } from "../autograd/pull_back.ts";
import { batchNodes, type BatchStep } from "./batch_nodes.ts";

/** Puts examples along a new axis 0. */
function join(examples: readonly Node[]): Node {
  const { shape } = examples[0]!.type;
  return concat(examples.map((one) => reshape(one, [1, ...shape])), 0);
}

/** Computes outputs for all examples at once, and compares them with one example after another. */
async function compare(
  outputs: readonly Node[],
  examples: ReadonlyMap<Node, readonly Node[]>,
): Promise<void> {
  const size = [...examples.values()][0]!.length;
  const known = new Map(
    [...examples].map(([node, all]) => [node, join(all)] as const),
  );
  const found = batchNodes(outputs, { size, known });
  for (const [i, output] of outputs.entries()) {
    const all = found[i];
    if (!all) continue;
    assertEquals(all.type.dtype, output.type.dtype);
    assertEquals(all.type.shape, [size, ...output.type.shape]);
    const got = await computeElements(new Tensor(all));
    const length = sizeOf(output.type.shape);
    for (let k = 0; k < size; k++) {
      const one = new Map([...examples].map(([node, all]) => [node, all[k]!]));
      const want = await computeElements(new Tensor(substitute(output, one)));
      assertClose(got.subarray(k * length, (k + 1) * length), want, {
        tolerance: 1e-9,
        equalNaN: true,
      });
    }
  }
}

Deno.test("batchNodes() computes what a loop does, on any graph", async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
      async (choices) => {
        let next = 0;
        const { tensors, leaves } = randomGraph(
          (count) => (choices[next++ % choices.length]! + next) % count,
          { sizeMax: 60 },
        );
        const [shared, ...own] = leaves;
        assert(shared);
        const examples = new Map(own.map(({ node, size, shape }, i) => [
          node,
          [0, 1, 2].map((k) =>
            tensor(randomArray(size, 10 * i + k), { shape }).node
          ),
        ]));
        const outputs = tensors.map(({ node }) => node)
          .filter(({ kind }) => kind === "apply");
        await compare(outputs, examples);
        compared += outputs.length;
      },
    ),
    { seed: 3, numRuns: 40 },
  );
  assert(compared > 200, `${compared} tensors compared`);
});

/** A sample of each operator, with some of its inputs shared by all examples. */
const CALLS = [...BUILTIN_OPERATORS.values()].flatMap((operator) => {
  const { samples, ...facts } = BUILTIN_FACTS.get(operator.name)!;
  return samples.flatMap((sample, number) => {
    const count = sample.inputs.length;
    const all = sample.inputs.map((_, i) => i);
    const some = count > 1 ? [all, ...all.map((i) => [i])] : count ? [all] : [];
    return some.map((own) => ({
      name: `${operator.name} ${number}, inputs ${own}`,
      operator,
      own,
      draw: (seed: number) => drawSample(sample, { ...facts, seed }),
    }));
  });
});

Deno.test.each(CALLS)(
  "batchNodes() computes what a loop does: $name",
  async ({ operator, own, draw }) => {
    const first = draw(0);
    const data = [0, 1, 2].map((seed) =>
      draw(seed).inputs.map(({ elements, dtype, shape }) =>
        tensor(elements, { dtype, shape }).node
      )
    );
    const inputs = first.inputs.map(({ dtype, shape }, i) =>
      own.includes(i)
        ? placeholder(`input ${i}`, { dtype, shape })
        : data[0]![i]!
    );
    const examples = new Map(
      own.map((i) => [inputs[i]!, data.map((one) => one[i]!)] as const),
    );
    await compare([apply(operator, inputs, first.attributes)], examples);
  },
);

Deno.test.each(
  CALLS.filter(({ operator: { name } }) => isDifferentiable(name)),
)("batchNodes() keeps the gradient: $name", async ({ operator, own, draw }) => {
  const drawn = [0, 1].map((seed) => draw(seed));
  const data = drawn.map(({ inputs }) =>
    inputs.map(({ elements, dtype, shape }) =>
      tensor(elements, { dtype, shape }).node
    )
  );
  const { attributes } = drawn[0]!;
  const moving = own.filter((i) => isFloatDType(data[0]![i]!.type.dtype));
  const one = data[0]!.map((node, i) =>
    own.includes(i) ? placeholder(`input ${i}`, node.type) : node
  );
  const many = new Map(
    own.map((i) => [one[i]!, join(data.map((inputs) => inputs[i]!))]),
  );
  const output = apply(operator, one, attributes);
  const [all] = batchNodes([output], { size: 2, known: many });
  // A power of 0, for example, is the same for all.
  if (!all) return;
  const found = slopesOf(all, moving.map((i) => many.get(one[i]!)!));
  const want = data.map((inputs) => {
    const own = one.map((node, i) => many.has(node) ? inputs[i]! : node);
    return slopesOf(
      apply(operator, own, attributes),
      moving.map((i) => own[i]!),
    );
  });
  for (const [i, slopes] of found.entries()) {
    const parts = want.map((each) => each[i]!);
    assertClose(
      await computeElements(new Tensor(slopes)),
      await computeElements(new Tensor(join(parts))),
      { tolerance: 1e-9 },
    );
  }
});

function isDifferentiable(name: string): boolean {
  return BUILTIN_FACTS.get(name)!.differentiable !== "never";
}

/** Gradients of the sum of a node's elements. */
function slopesOf(output: Node, targets: readonly Node[]): readonly Node[] {
  return pullBack([[output, constant(1, output.type)]], {
    targets,
    stops: new Set(targets),
  }).map((slope, i) => slope ?? constant(0, targets[i]!.type));
}

Deno.test("batchNodes() repeats an operator of which nothing is known for one example after another", async () => {
  const builtin = BUILTIN_OPERATORS.get("maxPoolGradient")!;
  const operator = { ...builtin, name: "acme:maxPoolGradient" };
  const attributes = { kernel: [2], stride: [2], dilation: [1] };
  const [x, slopes] = [tensor([3, 1, 2, 5]).node, tensor([10, 20]).node];
  const other = tensor([1, 4, 9, 5]).node;
  const steps: BatchStep[] = [];
  const [all] = batchNodes([apply(operator, [x, slopes], attributes)], {
    size: 2,
    known: new Map([[x, join([x, other])]]),
    observe: (step) => void steps.push(step),
  });
  assertEquals(await new Tensor(all!).array(), [[10, 0, 0, 20], [
    0,
    10,
    20,
    0,
  ]]);
  assertEquals(steps, [{ operator: "acme:maxPoolGradient", how: "loop" }]);
  const [none] = batchNodes([apply(operator, [x, slopes], attributes)], {
    size: 0,
    known: new Map([[x, constant(0, { dtype: "float32", shape: [0, 4] })]]),
  });
  assertEquals(none!.type.shape, [0, 4]);
});
