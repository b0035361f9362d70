import { assert, assertEquals } from "@std/assert";
import { randomArray, verifyProgram } from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import { placeholder } from "../graph/node.ts";
import { Tensor } from "../tensor.ts";
import { makePlan, type Plan } from "./plan.ts";

const X = tensor([[1, 2, 3], [4, 5, 6]]);
const TYPE = X.node.type;

function planOf(...tensors: Tensor[]): Plan {
  const plan = makePlan(tensors.map(({ node }) => node));
  verifyProgram(plan.program);
  return plan;
}

Deno.test("makePlan() binds each input once, in the order of the program's inputs", () => {
  const a = new Tensor(placeholder("a", TYPE));
  const b = tensor([true, false, true]);
  const { program, inputs } = planOf(b.where(a, X).add(a));
  assertEquals(new Set(inputs), new Set([a.node, b.node, X.node]));
  assertEquals(
    program.inputs,
    inputs.map(({ type: { dtype } }) => ({
      dtype,
      size: dtype === "bool" ? 3 : 6,
    })),
  );
});

Deno.test("makePlan() has one output for each node wanted, in order", () => {
  const { program } = planOf(X.sum(0), X.less(3), X.cast("int32"));
  assertEquals(program.outputs, [
    { dtype: "float32", size: 3 },
    { dtype: "bool", size: 6 },
    { dtype: "int32", size: 6 },
  ]);
});

Deno.test("makePlan() needs no input that does not matter", () => {
  const { program, inputs } = planOf(zeros([2]).add(0).expand([3, 2]));
  assertEquals(inputs, []);
  assertEquals(program.outputs, [{ dtype: "float32", size: 6 }]);
  assertEquals(program.temporaries, []);
});

Deno.test("makePlan() copies what is wanted twice, and what is an input", () => {
  const a = new Tensor(placeholder("a", TYPE));
  const y = a.exp();
  const { program } = planOf(y, a, a.exp(), y, a.mul(1));
  assertEquals(program.inputs.length, 1);
  assertEquals(program.outputs.length, 5);
  // One launch computes; four copy.
  assertEquals(program.steps.length, 5);
  const written = program.steps.map(({ output }) => output).toSorted();
  assertEquals(written, [1, 2, 3, 4, 5]);
  const copies = program.steps.slice(1);
  assertEquals(copies.map(({ inputs, output }) => [inputs[0], output]), [
    [0, 2],
    [1, 3],
    [1, 4],
    [0, 5],
  ]);
});

Deno.test("makePlan() reads an output that others are computed from", () => {
  const y = X.exp().add(X).mul(X);
  const { program } = planOf(y, y.sum(0), y.sum(1));
  assertEquals(program.temporaries, []);
  assertEquals(program.steps.length, 3);
});

Deno.test("makePlan() shares temporaries along a chain of products", () => {
  let y = tensor([[1, 2], [3, 4]]);
  for (let i = 0; i < 20; i++) y = y.matmul(y);
  const { program } = planOf(y);
  assertEquals(program.steps.length, 20);
  assertEquals(program.temporaries, [16, 16]);
});

Deno.test("makePlan() plans the same graph in the same way", () => {
  const build = () => {
    const x = new Tensor(placeholder("x", TYPE));
    return x.softmax().matmul(x.transpose()).relu().sum(0);
  };
  const [one, other] = [planOf(build()), planOf(build())];
  assertEquals(one.program, other.program);
});

Deno.test("makePlan() of nothing does nothing", () => {
  assertEquals(planOf(), {
    program: { inputs: [], outputs: [], temporaries: [], steps: [] },
    inputs: [],
    results: [],
    guards: [],
    pauses: [],
    foreign: [],
    fallbacks: [],
  });
});

Deno.test("makePlan() holds empty tensors like any other", () => {
  const { program } = planOf(zeros([2, 0]).exp().sum(1), zeros([0]).neg());
  assert(program.outputs.some(({ size }) => size === 0));
});

/** A deep model: its loss and the gradients of its weights. */
function deepModel(layers: number, [rows, width]: readonly [number, number]) {
  const matrix = (height: number, seed: number) =>
    tensor(randomArray(height * width, seed), { shape: [height, width] });
  const weights = Array.from({ length: layers }, (_, i) => matrix(width, i));
  const y = weights.reduce((y, w) => y.matmul(w).tanh(), matrix(rows, 99));
  const loss = y.mul(y).mean();
  return { weights, loss, slopes: gradients(loss, weights) };
}

function temporaryBytes({ program }: Plan): number {
  return program.temporaries.reduce((sum, bytes) => sum + bytes, 0);
}

Deno.test("makePlan() computes gradients from the last layer to the first, whose inputs are then free", () => {
  const [layers, rows, width] = [12, 64, 32];
  const { loss, slopes } = deepModel(layers, [rows, width]);
  const plan = makePlan([loss, ...slopes].map(({ node }) => node));
  // What each layer gives, and a few gradients: not one for each layer, too.
  assert(temporaryBytes(plan) <= (layers + 2) * 4 * rows * width);
});

Deno.test("makePlan() replaces values as soon as nobody reads the old ones", () => {
  const [layers, rows, width] = [12, 64, 32];
  const { weights, loss, slopes } = deepModel(layers, [rows, width]);
  const values = weights.map((w, i) => w.sub(slopes[i]!.mul(0.1)));
  const updates = weights.map(({ node }) =>
    node.kind === "data" ? node.storage : undefined
  );
  const plan = makePlan([loss, ...values].map(({ node }) => node), {
    updates: [undefined, ...updates],
  });
  assert(temporaryBytes(plan) <= (layers + 2) * 4 * rows * width);
});
