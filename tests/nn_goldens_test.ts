/**
 * Layers, losses and optimizers. Oracle: PyTorch in float64, as kept in goldens/nn.json by
 * tools/nn_goldens.py.
 */
import { assert, assertEquals } from "@std/assert";
import { assertBuilt } from "../nn/discovery/assert_built.ts";
import {
  createModuleRegistry,
  fromPyTorch,
  Module,
  Sequential,
  toPyTorch,
} from "../nn/mod.ts";
import { compileStep, gradients, type Tensor, tensor } from "../ops/mod.ts";
import { assertClose } from "../testing/mod.ts";

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

type Settings = Readonly<Record<string, unknown>>;

interface GoldenLayer {
  readonly type: string;
  readonly config: Settings;
  readonly state: Readonly<Record<string, Numbers>>;
  readonly input: Numbers;
  /** Whether the input is whole numbers. */
  readonly isWhole: boolean;
  readonly output: Numbers;
  /** What elements of the output are multiplied by before they are added up. */
  readonly weights: Numbers;
  /** Slopes of that sum, by parameter; `x` for the input. */
  readonly gradients: Readonly<Record<string, Numbers>>;
  /** What parameters that are not trained hold after a step. */
  readonly after: Readonly<Record<string, Numbers>>;
}

interface GoldenLoss {
  readonly type: string;
  readonly config: Settings;
  readonly prediction: Numbers;
  readonly target: Numbers;
  readonly isWhole: boolean;
  readonly value: number;
  /** Slopes of the loss by prediction. */
  readonly gradient: Numbers;
}

interface GoldenOptimizer {
  readonly type: string;
  readonly config: Settings;
  readonly start: Numbers;
  /** The slopes of each step. */
  readonly slopes: readonly Numbers[];
  /** Where each step leads. */
  readonly path: readonly Numbers[];
}

interface GoldenModel {
  readonly name: string;
  /** The types of its modules, with their settings. */
  readonly modules: readonly Readonly<Record<string, Settings>>[];
  /** PyTorch's state dict. */
  readonly state: Readonly<Record<string, Numbers>>;
  readonly input: Numbers;
  readonly isWhole: boolean;
  readonly output: Numbers;
}

const GOLDENS: {
  readonly layers: readonly GoldenLayer[];
  readonly losses: readonly GoldenLoss[];
  readonly optimizers: readonly GoldenOptimizer[];
  readonly models: readonly GoldenModel[];
} = JSON.parse(
  await Deno.readTextFile(new URL("goldens/nn.json", import.meta.url)),
);

const registry = createModuleRegistry();

function tensorOf({ shape, data }: Numbers, isWhole = false): Tensor {
  const elements = isWhole ? Int32Array.from(data) : Float32Array.from(data);
  return tensor(elements, { shape });
}

async function assertNear(found: Tensor, want: Numbers): Promise<void> {
  assertEquals(found.shape, want.shape);
  const scale = Math.max(1, ...want.data.map(Math.abs));
  assertClose(await found.data(), want.data, { tolerance: 1e-5 * scale });
}

async function load({ type, config, state }: GoldenLayer): Promise<Module> {
  const module = await makeModule([type, config]);
  const values = Object.entries(state).map(([name, numbers]) =>
    [name, tensorOf(numbers)] as const
  );
  await module.loadStateDict(new Map(values), { strict: false });
  const trained = [...module.parameters()]
    .filter(([, { trainable }]) => trainable).map(([name]) => name);
  assertEquals(trained.sort(), Object.keys(state).sort());
  return module;
}

const LAYERS = GOLDENS.layers.map((golden, i) => ({ ...golden, i }));

Deno.test.each(LAYERS)(
  "layers: $type ($i) computes what PyTorch does, and its gradients",
  async (golden) => {
    using module = await load(golden);
    const x = tensorOf(golden.input, golden.isWhole);
    const y = module.forward(x);
    await assertNear(y, golden.output);
    const sum = y.mul(tensorOf(golden.weights)).sum();
    const sources = new Map<string, Tensor>(module.parameters()).set("x", x);
    for (const [name, want] of Object.entries(golden.gradients)) {
      const [slope] = gradients(sum, [sources.get(name)!]);
      await assertNear(slope!, want);
    }
    await module.storeUpdates();
    for (const [name, want] of Object.entries(golden.after)) {
      await assertNear(module.stateDict().get(name)!, want);
    }
  },
);

Deno.test.each(LAYERS)(
  "layers: $type ($i) is made again from what it is described by",
  async (golden) => {
    using module = await load(golden);
    const described = registry.describe(module)!;
    assertEquals(described.type, golden.type);
    assertEquals({ ...described.config, ...golden.config }, described.config);
    using again = await registry.create(
      described.type,
      JSON.parse(JSON.stringify(described.config)),
    ) as Module;
    assertEquals(registry.describe(again), described);
    await again.loadStateDict(module.stateDict());
    const x = tensorOf(golden.input, golden.isWhole);
    assertEquals(
      await again.forward(x).data(),
      await module.forward(x).data(),
    );
    const checked = registry.validate(golden.type, golden.config);
    assertEquals(
      registry.inferShape(golden.type, checked.config!, [golden.input.shape]),
      golden.output.shape,
    );
  },
);

const LOSSES = GOLDENS.losses.map((golden, i) => ({ ...golden, i }));

Deno.test.each(LOSSES)(
  "losses: $type ($i) is what PyTorch computes, and so are its slopes",
  async ({ type, config, ...golden }) => {
    const built = await registry.create(type, config);
    const loss = assertBuilt(type, built, "loss");
    const prediction = tensorOf(golden.prediction);
    const value = loss(prediction, tensorOf(golden.target, golden.isWhole));
    const tolerance = 1e-5 * Math.max(1, Math.abs(golden.value));
    assertClose([await value.item()], [golden.value], { tolerance });
    const [slopes] = gradients(value, [prediction]);
    await assertNear(slopes!, golden.gradient);
  },
);

const OPTIMIZERS = GOLDENS.optimizers.map((golden, i) => ({ ...golden, i }));

Deno.test.each(OPTIMIZERS)(
  "optimizers: $type ($i) takes ten steps as PyTorch does",
  async ({ type, config, start, slopes, path }) => {
    const built = await registry.create(type, config);
    const rule = assertBuilt(type, built, "optimizer");
    assertEquals(registry.describe(built)!.type, type);
    const weight = tensorOf(start);
    const parameters = new Map([["weight", weight]]);
    const state = rule.initialState(parameters);
    for (const value of state.values()) await value.realize();
    const learningRate = tensor(rule.learningRate);
    using step = compileStep((slope) => {
      const gradients = new Map([["weight", slope!]]);
      const facts = { parameters, gradients, state, learningRate };
      return { result: [], updates: rule.update(facts) };
    });
    for (const [i, slope] of slopes.entries()) {
      await step(tensorOf(slope));
      await assertNear(weight, path[i]!);
    }
  },
);

async function makeModule([type, config]: [string, Settings]): Promise<Module> {
  const module = await registry.create(type, config);
  assert(module instanceof Module);
  return module;
}

Deno.test.each(GOLDENS.models)(
  "models: what PyTorch has saved of a model $name predicts the same here, and goes back",
  async ({ modules, state, ...golden }) => {
    using model = new Sequential(
      await Promise.all(modules.flatMap(Object.entries).map(makeModule)),
    );
    const there = new Map(
      Object.entries(state).map(([name, numbers]) => [name, tensorOf(numbers)]),
    );
    await model.loadStateDict(fromPyTorch(model, there));
    model.eval();
    const x = tensorOf(golden.input, golden.isWhole);
    await assertNear(model.forward(x), golden.output);
    const back = toPyTorch(model);
    assertEquals([...back.keys()].sort(), [...there.keys()].sort());
    for (const [name, tensor] of back) {
      assertEquals(await tensor.array(), await there.get(name)!.array());
    }
  },
);
