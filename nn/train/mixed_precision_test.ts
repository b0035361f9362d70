// Training with values stored in two bytes: the oracle is the same training in float32, within what rounding
// may change, and itself, bit for bit, where it was interrupted.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { compileStep, tensor } from "../../ops/mod.ts";
import { randomArray } from "../../testing/mod.ts";
import { ArrayDataset } from "../data/array_dataset.ts";
import { DataLoader } from "../data/data_loader.ts";
import { BatchNorm1d } from "../layers/batch_norm.ts";
import { Gelu } from "../layers/gelu.ts";
import { Linear } from "../layers/linear.ts";
import { Sequential } from "../layers/sequential.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import type { Loss } from "../losses/loss.ts";
import { mse } from "../losses/mse.ts";
import { Adam } from "../optimizers/adam.ts";
import { Sgd } from "../optimizers/sgd.ts";
import type { CheckpointStore } from "./checkpoint_store.ts";
import type { FitResult } from "./fit_result.ts";
import { LossScaling } from "./loss_scaling.ts";
import type { Precision } from "./precision.ts";
import { Trainer } from "./trainer.ts";
import { TrainingSteps } from "./training_steps.ts";

const BATCH = 64;
const DATA = new DataLoader(
  new ArrayDataset({
    inputs: randomArray(4 * BATCH * 16, 1),
    inputShape: [16],
    targets: Int32Array.from({ length: 4 * BATCH }, (_, i) => i % 3),
  }),
  { batchSize: BATCH, shuffle: true, seed: 2 },
);

function makeModel(): Sequential {
  return new Sequential([
    new Linear({ inFeatures: 16, outFeatures: 32, seed: 1 }),
    new BatchNorm1d({ features: 32 }),
    new Gelu(),
    new Linear({ inFeatures: 32, outFeatures: 32, seed: 2 }),
    new Gelu(),
    new Linear({ inFeatures: 32, outFeatures: 3, seed: 3 }),
  ]);
}

interface Run {
  readonly precision: Precision;
  readonly gradientCheckpointing?: boolean;
  readonly store?: CheckpointStore;
  /** Ends in the pass after that many. */
  readonly cutAfter?: number;
}

async function train(
  { precision, gradientCheckpointing = false, store, cutAfter }: Run,
): Promise<FitResult & { readonly weights: number[] }> {
  const model = makeModel();
  using trainer = new Trainer({
    model,
    loss: crossEntropy,
    optimizer: new Adam({ learningRate: 0.01 }),
    precision,
    gradientCheckpointing,
  });
  if (store) await trainer.resume(store);
  const controller = new AbortController();
  const result = await trainer.fit(DATA, {
    epochs: 4,
    signal: controller.signal,
    onProgress: ({ report }) =>
      report && report.epoch === cutAfter ? controller.abort() : undefined,
    ...store && { checkpoint: { store, everySteps: 3 } },
  });
  const weights = [];
  for (const each of model.parameters().values()) {
    weights.push(...Array.from(await each.data(), Number));
  }
  return { ...result, weights };
}

const exact = await train({ precision: "float32" });

Deno.test.each<Run & { tolerance: number }>([
  { precision: "bfloat16", tolerance: 0.02 },
  { precision: "float16", tolerance: 0.005 },
  { precision: "bfloat16", gradientCheckpointing: true, tolerance: 0.02 },
])(
  "Trainer with $precision learns what it learns in float32 (gradientCheckpointing: $gradientCheckpointing)",
  async ({ tolerance, ...run }) => {
    const { epochs } = await train(run);
    for (const [i, { loss }] of epochs.entries()) {
      const wanted = exact.epochs[i]!.loss;
      assert(Math.abs(loss / wanted - 1) < tolerance, `${loss} for ${wanted}`);
      assert(loss !== wanted);
    }
  },
);

Deno.test.each(
  [{ precision: "bfloat16" }, { precision: "float16" }] as const,
)(
  "Trainer.resume() with $precision gives the same bits",
  async ({ precision }) => {
    let kept: Uint8Array<ArrayBuffer> | undefined;
    const store = {
      write: (bytes: Uint8Array<ArrayBuffer>) =>
        Promise.resolve(void (kept = bytes)),
      read: () => Promise.resolve(kept),
    };
    const whole = await train({ precision });
    const cut = await train({ precision, store, cutAfter: 2 });
    assertEquals([cut.outcome, cut.epochs.length], ["aborted", 2]);
    const rest = await train({ precision, store });
    assertEquals(rest.weights, whole.weights);
    assertEquals(
      rest.epochs.map(({ loss }) => loss),
      whole.epochs.map(({ loss }) => loss),
    );
  },
);

async function stepsOf(
  precision: Precision,
  loss: Loss,
  learningRate: number,
): Promise<TrainingSteps> {
  const steps = new TrainingSteps({
    model: new Sequential([
      new Linear({ inFeatures: 16, outFeatures: 64, seed: 1 }),
      new Linear({ inFeatures: 64, outFeatures: 64, seed: 2 }),
    ]),
    loss,
    optimizer: new Sgd({ learningRate }),
    nanGuard: false,
    gradientCheckpointing: false,
    precision,
  });
  await steps.prepare();
  return steps;
}

const INPUTS = tensor(randomArray(32 * 16, 5), { shape: [32, 16] });
const TARGETS = tensor(randomArray(32 * 64, 6), { shape: [32, 64] });

async function weightsOf(steps: TrainingSteps): Promise<number[]> {
  const weight = steps.tensors.get("model.0.linear.weight") ??
    [...steps.tensors.values()][0]!;
  return Array.from(await weight.data(), Number);
}

Deno.test("float16 keeps slopes that it has no numbers for without the factor on the loss", async () => {
  // Slopes of the first layer's output are about 1e-10, a hundredth of the smallest number above 0.
  const tiny: Loss = (x, y) => mse(x, y).mul(1e-7);
  const changes: number[][] = [];
  for (const precision of ["float32", "float16"] as const) {
    using steps = await stepsOf(precision, tiny, 1e7);
    const before = await weightsOf(steps);
    const learningRate = tensor(1e7);
    await steps.run({ inputs: INPUTS, targets: TARGETS, learningRate });
    const after = await weightsOf(steps);
    changes.push(after.map((weight, i) => weight - before[i]!));
  }
  const [wanted, got] = changes as [number[], number[]];
  const size = Math.max(...wanted.map(Math.abs));
  assert(size > 1e-3);
  for (const [i, change] of got.entries()) {
    assert(Math.abs(change - wanted[i]!) < 0.02 * size);
  }
});

Deno.test("float16 passes over a step whose slopes are not finite, and halves the factor", async () => {
  using steps = await stepsOf("float16", mse, 0.1);
  const factor = steps.tensors.get("optimizer.loss_scaling.scale")!;
  const learningRate = tensor(0.1);
  const before = await weightsOf(steps);
  const inputs = INPUTS.mul(1e5);
  await steps.run({ inputs, targets: TARGETS, learningRate });
  assertEquals(await weightsOf(steps), before);
  assertEquals(await factor.item(), 2 ** 15);
  await steps.run({ inputs: INPUTS, targets: TARGETS, learningRate });
  assert((await weightsOf(steps))[0] !== before[0]);
  assertEquals(await factor.item(), 2 ** 15);
});

Deno.test("LossScaling doubles the factor after 2,000 steps that went well", async () => {
  using scaling = new LossScaling();
  using step = compileStep((slope) => ({
    result: [],
    updates: scaling.guard(new Map(), new Map([["slope", slope!]])),
  }));
  const factor = scaling.tensors.get("loss_scaling.scale")!;
  const fine = tensor([1, -2]);
  await step(tensor([Infinity, 1]));
  for (let i = 0; i < 1999; i++) await step(fine);
  assertEquals(await factor.item(), 2 ** 15);
  await step(fine);
  assertEquals(await factor.item(), 2 ** 16);
  assertEquals(await scaling.tensors.get("loss_scaling.steps")!.item(), 0);
});

Deno.test.each<{ name: string; options: object }>([
  { name: "another type", options: { precision: "float64" } },
  {
    name: "a guard against what float16 passes over",
    options: { precision: "float16", nanGuard: true },
  },
])("Trainer refuses $name", ({ options }) => {
  const [model, optimizer] = [makeModel(), new Sgd()];
  assertThrows(
    () => new Trainer({ model, optimizer, loss: mse, ...options }),
    OptionError,
  );
});
