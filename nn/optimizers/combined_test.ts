/** Optimizers made of others. Oracle: the steps of a plain optimizer, or arithmetic. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { compileStep, type Tensor, tensor, zeros } from "../../ops/mod.ts";
import { accumulateGradients } from "./accumulate_gradients.ts";
import { AdamW } from "./adam_w.ts";
import { averageWeights } from "./average_weights.ts";
import { clipGradients } from "./clip_gradients.ts";
import { Muon } from "./muon.ts";
import type { Optimizer } from "./optimizer.ts";
import { parameterGroups } from "./parameter_groups.ts";
import { Sgd } from "./sgd.ts";

type Slopes = Readonly<Record<string, readonly number[]>>;

/** Where steps lead from zeros, and what is remembered. */
async function pathOf(optimizer: Optimizer, slopes: readonly Slopes[]) {
  const names = Object.keys(slopes[0]!);
  const parameters = new Map(
    names.map((name) => [name, zeros([slopes[0]![name]!.length])]),
  );
  const state = optimizer.initialState(parameters);
  for (const each of [...parameters.values(), ...state.values()]) {
    await each.realize();
  }
  const learningRate = tensor(optimizer.learningRate);
  using step = compileStep((...given) => {
    const gradients = new Map(names.map((name, i) => [name, given[i]!]));
    const facts = { parameters, gradients, state, learningRate };
    return { result: [], updates: optimizer.update(facts) };
  });
  const path: Record<string, number[]>[] = [];
  for (const slope of slopes) {
    await step(...names.map((name) => tensor([...slope[name]!])));
    const values: Record<string, number[]> = {};
    for (const [name, each] of parameters) values[name] = await listOf(each);
    path.push(values);
  }
  return { path, state };
}

async function listOf(x: Tensor): Promise<number[]> {
  return Array.from(await x.data());
}

Deno.test("clipGradients() scales all gradients as one", async () => {
  const plain = new Sgd({ learningRate: 1 });
  const { path: [clipped, left] } = await pathOf(
    clipGradients(plain, { norm: 1 }),
    [{ a: [3, 0], b: [-4] }, { a: [0.3, 0], b: [0.4] }],
  );
  assertAlmostEquals(clipped!["a"]![0]!, -0.6, 1e-6);
  assertAlmostEquals(clipped!["b"]![0]!, 0.8, 1e-6);
  assertAlmostEquals(left!["a"]![0]!, -0.9, 1e-6);
});

Deno.test("clipGradients() bounds elements first", async () => {
  const optimizer = clipGradients(new Sgd({ learningRate: 1 }), {
    value: 4,
    norm: 10,
  });
  const { path: [first] } = await pathOf(optimizer, [{ a: [50, -3, -9] }]);
  assertEquals(first!["a"], [-4, 3, 4]);
});

Deno.test("accumulateGradients() takes the steps of the mean gradients", async () => {
  const rule = () => new AdamW({ learningRate: 0.1 });
  const slopes = [[1, 2], [3, -4], [0.5, 0.25], [0.5, 8], [1, 1]];
  const { path } = await pathOf(
    accumulateGradients(rule(), 2),
    slopes.map((a) => ({ a })),
  );
  const { path: plain } = await pathOf(rule(), [
    { a: [2, -1] },
    { a: [0.5, 4.125] },
  ]);
  assertEquals(path.map(({ a }) => a), [
    [0, 0],
    plain[0]!["a"]!,
    plain[0]!["a"]!,
    plain[1]!["a"]!,
    plain[1]!["a"]!,
  ]);
});

Deno.test("parameterGroups() gives each parameter the steps of its group", async () => {
  const groups = parameterGroups([
    { optimizer: new Sgd({ learningRate: 1 }), select: (name) => name === "a" },
    { optimizer: new AdamW({ learningRate: 0.5 }) },
  ]);
  const slopes = [{ a: [1], b: [2] }, { a: [1], b: [-3] }];
  const { path, state } = await pathOf(groups, slopes);
  const { path: adam } = await pathOf(
    new AdamW({ learningRate: 0.5 }),
    slopes.map(({ b }) => ({ b })),
  );
  assertEquals(path.map(({ a }) => a), [[-1], [-2]]);
  assertEquals(path.map(({ b }) => b), adam.map(({ b }) => b));
  assert([...state.keys()].every((name) => name.startsWith("1.")));
});

Deno.test("averageWeights() follows the values after each step", async () => {
  const optimizer = averageWeights(new Sgd({ learningRate: 1 }), {
    decay: 0.5,
  });
  assertEquals(optimizer.averages().size, 0);
  await pathOf(optimizer, [{ a: [-4] }, { a: [-4] }]);
  // From 0: half of 4 is 2, then half of 2 and half of 8.
  assertEquals(await listOf(optimizer.averages().get("a")!), [5]);
});

Deno.test("optimizers of optimizers go together", async () => {
  const optimizer = averageWeights(
    accumulateGradients(
      clipGradients(new Sgd({ learningRate: 1 }), { norm: 1 }),
      2,
    ),
    { decay: 0 },
  );
  const { path } = await pathOf(optimizer, [{ a: [30] }, { a: [30] }]);
  assertEquals(path[0]!["a"], [0]);
  assertAlmostEquals(path[1]!["a"]![0]!, -1, 1e-6);
  assertAlmostEquals(
    (await listOf(optimizer.averages().get("a")!))[0]!,
    -1,
    1e-6,
  );
});

Deno.test("Muon takes the steps of AdamW where there is no matrix", async () => {
  const slopes = [{ a: [1, -2] }, { a: [0.5, 3] }];
  const { path } = await pathOf(new Muon({ learningRate: 0.1 }), slopes);
  const plain = new AdamW({ learningRate: 0.1, weightDecay: 0.1 });
  assertEquals(path, (await pathOf(plain, slopes)).path);
});

const PLAIN = new Sgd();

Deno.test.each<{ name: string; make: () => unknown }>([
  { name: "clipGradients() of nothing", make: () => clipGradients(PLAIN, {}) },
  {
    name: "clipGradients() norm 0",
    make: () => clipGradients(PLAIN, { norm: 0 }),
  },
  {
    name: "clipGradients() value NaN",
    make: () => clipGradients(PLAIN, { value: NaN }),
  },
  {
    name: "accumulateGradients() of 0",
    make: () => accumulateGradients(PLAIN, 0),
  },
  { name: "parameterGroups() of none", make: () => parameterGroups([]) },
  {
    name: "parameterGroups() after a first that stands still",
    make: () =>
      parameterGroups([
        { optimizer: new Sgd({ learningRate: 0 }) },
        { optimizer: PLAIN },
      ]),
  },
  {
    name: "parameterGroups() with a parameter left over",
    make: () =>
      parameterGroups([{ optimizer: PLAIN, select: () => false }])
        .initialState(new Map([["a", zeros([1])]])),
  },
  {
    name: "averageWeights() decay 1",
    make: () => averageWeights(PLAIN, { decay: 1 }),
  },
  { name: "Muon momentum 1", make: () => new Muon({ momentum: 1 }) },
  { name: "Muon rounds 0", make: () => new Muon({ rounds: 0 }) },
])("$name is refused", ({ make }) => {
  assertEquals(assertThrows(make, OptionError).code, "INVALID_OPTION");
});
