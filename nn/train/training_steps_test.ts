import { assert, assertEquals, assertRejects } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { guardFinite, type Tensor, tensor } from "../../ops/mod.ts";
import { assertClose, randomArray } from "../../testing/mod.ts";
import { NnError } from "../errors.ts";
import { BatchNorm1d } from "../layers/batch_norm.ts";
import { Dropout } from "../layers/dropout.ts";
import { Linear } from "../layers/linear.ts";
import { Sequential } from "../layers/sequential.ts";
import { Tanh } from "../layers/tanh.ts";
import { mse } from "../losses/mse.ts";
import { Module } from "../module.ts";
import { Adam } from "../optimizers/adam.ts";
import { Sgd } from "../optimizers/sgd.ts";
import { Parameter } from "../parameter.ts";
import { TrainingSteps } from "./training_steps.ts";

/** `log(x · weight)`, or with a slope that is infinite at 0. */
class Curve extends Module {
  readonly weight: Parameter = new Parameter(tensor([1, 1]));
  readonly seen: Parameter = new Parameter(tensor([0]), { trainable: false });
  readonly #curve: (x: Tensor) => Tensor;

  constructor(curve: (x: Tensor) => Tensor) {
    super();
    this.#curve = curve;
  }

  override forward(x: Tensor): Tensor {
    this.note(this.seen, this.currentOf(this.seen).add(1));
    return this.#curve(x.mul(this.weight));
  }
}

async function stepsOf(model: Module, nanGuard = true): Promise<TrainingSteps> {
  const optimizer = new Adam({ learningRate: 0.1 });
  const steps = new TrainingSteps({
    model,
    loss: mse,
    optimizer,
    nanGuard,
    gradientCheckpointing: false,
  });
  await steps.prepare();
  return steps;
}

const batch = (x: readonly number[]) => ({
  inputs: tensor([x]),
  targets: tensor([[0, 0]]),
  learningRate: tensor(0.1),
});

async function everythingIn(steps: TrainingSteps): Promise<number[][]> {
  const tensors = [...steps.tensors.values()];
  return await Promise.all(tensors.map(async (each) => [...await each.data()]));
}

Deno.test.each<{ name: string; curve: (x: Tensor) => Tensor; found: RegExp }>([
  {
    name: "a value",
    curve: (x) => x.log().mul(2),
    found: /found Infinity in "log" float32\[1,2\] of \(mul .*way to the loss/,
  },
  {
    name: "a slope alone",
    curve: (x) => x.sqrt(),
    found: /found (Infinity|NaN) in "\w+" .*way to the slope of "weight"/,
  },
])(
  "TrainingSteps.run() names where $name stops being finite, and undoes the step",
  async ({ curve, found }) => {
    using steps = await stepsOf(new Curve(curve));
    await steps.run(batch([2, 3]));
    const before = await everythingIn(steps);
    const error = await assertRejects(() => steps.run(batch([2, 0])), NnError);
    assertEquals(error.code, "STEP_NOT_FINITE");
    assert(found.test(error.message), error.message);
    assertEquals(await everythingIn(steps), before);
    // The next step is taken as if that one had never been.
    await steps.run(batch([2, 3]));
    using other = await stepsOf(new Curve(curve));
    await other.run(batch([2, 3]));
    await other.run(batch([2, 3]));
    assertEquals(await everythingIn(steps), await everythingIn(other));
  },
);

Deno.test("TrainingSteps.run() names the input or parameter that was not finite from the start", async () => {
  using steps = await stepsOf(new Curve((x) => x));
  await assertRejects(
    () => steps.run(batch([NaN, 1])),
    NnError,
    'found NaN in "inputs" float32[1,2]',
  );
  const model = new Curve((x) => x);
  await model.loadStateDict(new Map([["weight", tensor([1, Infinity])]]), {
    strict: false,
  });
  using broken = await stepsOf(model);
  await assertRejects(
    () => broken.run(batch([1, 1])),
    NnError,
    'found Infinity in "model.weight" float32[2]',
  );
});

Deno.test("TrainingSteps.run() gives what it gives without a guard", async () => {
  const [guarded, plain] = [true, false];
  const results = [];
  for (const nanGuard of [guarded, plain]) {
    using steps = await stepsOf(new Curve((x) => x.log()), nanGuard);
    const { loss } = await steps.run(batch([2, 3]));
    results.push([await loss.item(), await everythingIn(steps)]);
  }
  assertEquals(results[0], results[1]);
});

Deno.test("TrainingSteps.run() passes on guards of the model itself", async () => {
  using steps = await stepsOf(
    new Curve((x) => guardFinite(x.log(), "the model's own")),
  );
  const error = await assertRejects(() => steps.run(batch([0, 1])), Error);
  assert(error.message.includes("the model's own"), error.message);
});

/** Layers with everything that being computed twice could break. */
function deep(): Sequential {
  return new Sequential(
    Array.from({ length: 3 }, (_, i) => [
      new Linear({ inFeatures: 4, outFeatures: 4, seed: 3 * i }),
      new BatchNorm1d({ features: 4 }),
      new Dropout({ probability: 0.25, seed: 3 * i + 1 }),
      new Tanh(),
    ]).flat(),
  );
}

Deno.test("TrainingSteps.run() gives the same steps with gradient checkpointing", async () => {
  const inputs = tensor(randomArray(8 * 4, 5), { shape: [8, 4] });
  const targets = tensor(randomArray(8 * 4, 6), { shape: [8, 4] });
  const learningRate = tensor(0.1);
  const results = [];
  for (const gradientCheckpointing of [true, false]) {
    using steps = new TrainingSteps({
      model: deep(),
      loss: mse,
      optimizer: new Sgd({ learningRate: 0.1 }),
      nanGuard: false,
      gradientCheckpointing,
    });
    await steps.prepare();
    for (let i = 0; i < 3; i++) {
      await steps.run({ inputs, targets, learningRate });
    }
    results.push((await everythingIn(steps)).flat());
  }
  assertClose(results[0]!, results[1]!, { tolerance: 1e-6 });
});

Deno.test("TrainingSteps.run() says which models gradient checkpointing is for", async () => {
  using steps = new TrainingSteps({
    model: new Curve((x) => x),
    loss: mse,
    optimizer: new Sgd(),
    nanGuard: false,
    gradientCheckpointing: true,
  });
  await steps.prepare();
  const error = await assertRejects(
    () => steps.run(batch([1, 1])),
    OptionError,
  );
  assertEquals(error.code, "INVALID_OPTION");
});
