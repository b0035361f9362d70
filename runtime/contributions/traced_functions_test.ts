// Losses, metrics and initializers that crossed a border compute what the plugin's functions compute. The
// oracle is the functions themselves, in this process.

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Json, JsonObject } from "../../core/base/mod.ts";
import {
  Adam,
  initialize,
  type InitialNumbers,
  type Loss,
  type Metric,
  ModuleDiscoveryRegistry,
  NnError,
  type Optimizer,
  type OptimizerStep,
  RmsProp,
  seedKey,
  Sgd,
} from "../../nn/mod.ts";
import {
  gradients,
  OperatorRegistry,
  randomNormal,
  stack,
  type Tensor,
  tensor,
} from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { RuntimeError } from "../errors.ts";
import { encodeModule } from "../guest/encode_module.ts";
import { decodeModule } from "./decode_module.ts";
import { makeBorder } from "./toy_remote_test.ts";

const LOSS = {
  type: "acme:charbonnier",
  category: "Loss",
  create: ({ scale }: { scale: number }) => (x: Tensor, y: Tensor) =>
    x.sub(y).mul(scale).pow(2).add(1).sqrt().mean(),
};
const METRIC = {
  type: "acme:hits",
  category: "Metric",
  create: () => ({
    measure(scores: Tensor, classes: Tensor) {
      const hits = scores.argmax(-1).equal(classes).cast("float32");
      return stack([hits.sum(), hits.mul(0).add(1).sum()]);
    },
    result: (sums: Tensor) =>
      sums.take(tensor(0, { dtype: "int32" })).div(
        sums.take(tensor(1, { dtype: "int32" })),
      ),
  }),
};
const INITIALIZER = {
  type: "acme:lecun",
  category: "Initializer",
  create:
    ({ scale }: { scale: number }) =>
    ({ normal, uniform, fanIn, fanOut }: InitialNumbers) =>
      normal.mul(scale).div(fanIn.sqrt()).add(uniform.div(fanOut)),
};

/** A registry with a type that came over a border. */
function send(definition: object): ModuleDiscoveryRegistry {
  const border = makeBorder();
  const { data } = encodeModule({
    description: "Something of a plugin.",
    config: {
      type: "object",
      properties: { scale: { type: "number", default: 2 } },
    },
    ...definition,
  }, border);
  const operators = new OperatorRegistry();
  const registry = new ModuleDiscoveryRegistry();
  const decoded = decodeModule(JSON.parse(JSON.stringify(data)) as Json, {
    remote: border,
    operators,
  });
  const { inferShape: _, ...rest } = decoded;
  registry.register(rest, { owner: "acme" });
  return registry;
}

Deno.test("decodeModule() keeps what a loss computes, and its slopes", async () => {
  const there = await send(LOSS).create(LOSS.type, { scale: 3 }) as Loss;
  const here = LOSS.create({ scale: 3 });
  const [x, y] = [1, 2].map((key) => randomNormal([4, 2], { key }));
  const [got, want] = [there(x!, y!), here(x!, y!)];
  assertClose(await got.data(), await want.data());
  const slopes = [got, want].map((loss) => gradients(loss, [x!])[0]!.data());
  const [gotSlope, wantSlope] = await Promise.all(slopes);
  assertClose(gotSlope!, wantSlope!);
});

Deno.test("decodeModule() keeps what a metric measures, of any number of samples", async () => {
  const there = await send(METRIC).create(METRIC.type) as Metric;
  const scores = randomNormal([6, 3], { key: 4 });
  const classes = tensor(Int32Array.of(0, 1, 2, 0, 1, 2));
  const here = METRIC.create();
  for (const count of [2, 6]) {
    const range = [[0, count] as [number, number]];
    const batch = [scores.slice(range), classes.slice(range)] as const;
    assertEquals(
      await there.result(there.measure(...batch)).array(),
      await here.result(here.measure(...batch)).array(),
    );
  }
});

Deno.test.each<{ name: string; create: unknown }>([
  { name: "a rule of its own", create: INITIALIZER.create },
  {
    name: "numbers for a rule of the library",
    create: ({ scale }: { scale: number }) => ({
      name: "truncated_normal",
      gain: scale,
    }),
  },
])("decodeModule() keeps an initializer that is $name", async ({ create }) => {
  const made = await send({ ...INITIALIZER, create }).create(INITIALIZER.type);
  const here = (create as typeof INITIALIZER.create)({ scale: 2 });
  const options = { fanIn: 5, fanOut: 3, key: seedKey(7) };
  const [got, want] = [made, here].map((rule) =>
    initialize([5, 3], rule as typeof here, options).array()
  );
  assertEquals(await got, await want);
});

for (
  const [name, make] of [
    ["without memory", () => new Sgd({ learningRate: 0.1 })],
    ["with one memory", () => new Sgd({ learningRate: 0.1, momentum: 0.9 })],
    ["with two", () => new RmsProp({ learningRate: 0.1, momentum: 0.5 })],
    ["that counts its steps", () => new Adam({ learningRate: 0.1 })],
  ] as const
) {
  Deno.test(`decodeModule() keeps the rule of an optimizer ${name}`, async () => {
    const definition = { category: "Optimizer", create: make };
    const registry = send({ ...LOSS, ...definition });
    const there = await registry.create(LOSS.type) as Optimizer;
    const here = make();
    assertEquals(there.learningRate, here.learningRate);
    let [got, want] = [there, here].map((optimizer) => {
      const parameters = new Map([
        ["a.weight", randomNormal([2, 3], { key: 5 })],
        ["b", randomNormal([4], { key: 6 })],
      ]);
      return { parameters, state: optimizer.initialState(parameters) };
    });
    for (let step = 0; step < 3; step++) {
      [got, want] = [
        await stepped(there, got!),
        await stepped(here, want!),
      ];
      assertEquals([...got.state.keys()], [...want.state.keys()]);
      for (const key of ["parameters", "state"] as const) {
        for (const [name, tensor] of want[key]) {
          assertClose(await got[key].get(name)!.data(), await tensor.data());
        }
      }
    }
  });
}

/** What a model and its optimizer know. */
interface Known {
  readonly parameters: Map<string, Tensor>;
  readonly state: Map<string, Tensor>;
}

/** Takes one step down the sum of squares. */
async function stepped(
  optimizer: Optimizer,
  { parameters, state }: Known,
): Promise<Known> {
  const gradients = new Map(
    Array.from(parameters, ([name, tensor]) => [name, tensor.mul(2)]),
  );
  const learningRate = tensor(optimizer.learningRate);
  const updates = optimizer.update({
    parameters,
    gradients,
    state,
    learningRate,
  });
  const after = async (old: Map<string, Tensor>) =>
    new Map(
      await Promise.all(
        Array.from(
          old,
          async ([name, value]) =>
            [name, await (updates.get(value) ?? value).realize()] as const,
        ),
      ),
    );
  return { parameters: await after(parameters), state: await after(state) };
}

Deno.test.each<{ name: string; definition: object; code: string }>([
  {
    name: "a schedule, which is no graph",
    definition: { category: "Schedule", create: () => (x: number) => x },
    code: "MODULE_FACTORY_FAILED",
  },
  {
    name: "an optimizer without a rule",
    definition: { category: "Optimizer", create: () => ({ learningRate: 1 }) },
    code: "MODULE_FACTORY_FAILED",
  },
  {
    name: "an optimizer that mixes what it knows of its parameters",
    definition: {
      category: "Optimizer",
      create: () => ({
        learningRate: 1,
        initialState: () => new Map([["sum", tensor(0)]]),
        update: ({ gradients, state }: OptimizerStep) =>
          new Map([[
            state.get("sum")!,
            [...gradients.values()].reduce(
              (sum, one) => sum.add(one.sum()),
              tensor(0),
            ),
          ]]),
      }),
    },
    code: "MODULE_FACTORY_FAILED",
  },
  {
    name: "an optimizer that begins with different numbers",
    definition: {
      category: "Optimizer",
      create: () => ({
        learningRate: 1,
        initialState: (parameters: ReadonlyMap<string, Tensor>) =>
          new Map(
            Array.from(
              parameters,
              (
                [name, { shape }],
              ) => [`x.${name}`, randomNormal(shape, { key: 1 })],
            ),
          ),
        update: () => new Map(),
      }),
    },
    code: "MODULE_FACTORY_FAILED",
  },
  {
    name: "a metric without a result",
    definition: { category: "Metric", create: () => ({ measure: Math.abs }) },
    code: "MODULE_FACTORY_FAILED",
  },
  {
    name: "an initializer by a rule that nobody has",
    definition: { category: "Initializer", create: () => ({ name: "best" }) },
    code: "MODULE_FACTORY_FAILED",
  },
])("encodeModule() refuses $name", async ({ definition, code }) => {
  const registry = send({ ...LOSS, ...definition });
  const error = await assertRejects(() => registry.create(LOSS.type), NnError);
  assertEquals(error.code, code);
});

Deno.test.each<{ name: string; value: JsonObject }>([
  { name: "nothing", value: {} },
  { name: "no function of that name", value: { functions: {} } },
  { name: "plain data", value: { plain: { name: "zeros" } } },
])("decodeModule() refuses a loss that is $name", async ({ value }) => {
  const { create } = decodeModule({
    type: "a",
    description: "A loss.",
    category: "Loss",
    config: {},
    handle: 0,
  }, {
    remote: {
      call: () => Promise.resolve({ value, bytes: new Uint8Array() }),
    },
    operators: new OperatorRegistry(),
  });
  const error = await assertRejects(async () =>
    await create({}, { seed: [0, 0] })
  );
  assert(error instanceof Error && "code" in error, String(error));
  assert(error instanceof RuntimeError || error.code === "TRACE_INVALID");
});
