import { assert, assertEquals, assertRejects } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { full, ones, type Tensor, zeros } from "../../ops/mod.ts";
import { assertClose, randomArray } from "../../testing/mod.ts";
import { ArrayDataset } from "../data/array_dataset.ts";
import type { Batch, BatchSource } from "../data/batch.ts";
import { DataLoader, type DataLoaderOptions } from "../data/data_loader.ts";
import { NnError } from "../errors.ts";
import { Linear } from "../layers/linear.ts";
import { Relu } from "../layers/relu.ts";
import { Sequential } from "../layers/sequential.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { mse } from "../losses/mse.ts";
import { Module } from "../module.ts";
import { Adam } from "../optimizers/adam.ts";
import { Sgd } from "../optimizers/sgd.ts";
import { Parameter } from "../parameter.ts";
import type { TrainerStep, TrainingEvent } from "./events.ts";
import { Trainer } from "./trainer.ts";

/** y = 2 x + 1 at four places. */
function line(options?: DataLoaderOptions): DataLoader {
  const dataset = new ArrayDataset({
    inputs: Float32Array.of(0, 1, 2, 3),
    inputShape: [1],
    targets: Float32Array.of(1, 3, 5, 7),
    targetShape: [1],
  });
  return new DataLoader(dataset, options);
}

/** Points in the plane; the class says whether the coordinates have the same sign. */
function quadrants(count: number, seed: number): DataLoader {
  const inputs = randomArray(2 * count, seed);
  const targets = Int32Array.from(
    { length: count },
    (_, i) => Number(inputs[2 * i]! * inputs[2 * i + 1]! > 0),
  );
  return new DataLoader(
    new ArrayDataset({ inputs, inputShape: [2], targets }),
    { batchSize: 32, shuffle: true, seed },
  );
}

function classifier(seed: number): Sequential {
  return new Sequential([
    new Linear({ inFeatures: 2, outFeatures: 16, seed: [seed, 1] }),
    new Relu(),
    new Linear({ inFeatures: 16, outFeatures: 2, seed: [seed, 2] }),
  ]);
}

/** A single weight, so that steps can be worked out by hand. */
class Slope extends Module {
  readonly weight: Parameter;
  readonly shift: Parameter;
  readonly modes: boolean[] = [];

  constructor(weight: Tensor, shift: Tensor) {
    super();
    this.weight = new Parameter(weight);
    this.shift = new Parameter(shift, { trainable: false });
  }

  override forward(x: Tensor): Tensor {
    this.modes.push(this.isTraining);
    return x.mul(this.weight).add(this.shift);
  }
}

Deno.test("Trainer.fit() takes a step worked out by hand", async () => {
  const model = new Slope(ones([1]), zeros([1]));
  const optimizer = new Sgd({ learningRate: 0.1 });
  using trainer = new Trainer({ model, loss: mse, optimizer });
  // Errors x - (2x + 1) = -(x + 1), so the slope is the mean of -2 x (x + 1) = -10, the loss 7.5.
  const { outcome, epochs } = await trainer.fit(line(), { epochs: 1 });
  assertEquals(outcome, "completed");
  assertClose(await model.weight.data(), [2]);
  assertEquals(await model.shift.array(), [0]);
  assertClose([epochs[0]!.loss], [7.5]);
  assertEquals(epochs[0]!.accuracy, undefined);
});

Deno.test.each([
  { name: "Adam", optimizer: new Adam({ learningRate: 0.1 }) },
  { name: "Sgd", optimizer: new Sgd({ learningRate: 0.05, momentum: 0.9 }) },
])("Trainer.fit() fits a line with $name", async ({ optimizer }) => {
  const model = new Linear({ inFeatures: 1, outFeatures: 1 });
  using trainer = new Trainer({ model, loss: mse, optimizer });
  await trainer.fit(line({ batchSize: 3, shuffle: true }), { epochs: 200 });
  assertClose(await model.weight.data(), [2], { tolerance: 0.01 });
  assertClose(await model.bias!.data(), [1], { tolerance: 0.01 });
  const { loss } = await trainer.evaluate(line());
  assert(loss < 1e-3);
});

Deno.test("Trainer.fit() learns what no linear model can", async () => {
  const model = classifier(1);
  const loss = crossEntropy;
  const optimizer = new Adam({ learningRate: 0.02 });
  using trainer = new Trainer({ model, loss, optimizer });
  const validation = quadrants(200, 8);
  const before = await trainer.evaluate(validation);
  assert(before.accuracy! < 0.75);
  const { epochs } = await trainer.fit(quadrants(400, 7), {
    epochs: 20,
    validation,
  });
  const last = epochs.at(-1)!;
  assert(last.accuracy! > 0.95 && last.validation!.accuracy! > 0.93);
  assert(last.loss < epochs[0]!.loss / 2);
  assertEquals(await trainer.evaluate(validation), last.validation);
});

Deno.test("Trainer.fit() gives the same weights for the same seeds", async () => {
  const run = async () => {
    const model = classifier(3);
    const optimizer = new Adam();
    using trainer = new Trainer({ model, loss: crossEntropy, optimizer });
    await trainer.fit(quadrants(100, 4), { epochs: 2 });
    return await Promise.all(
      [...model.parameters().values()].map((parameter) => parameter.data()),
    );
  };
  assertEquals(await run(), await run());
});

Deno.test("Trainer.fit() goes on where it was left", async () => {
  const train = async (calls: readonly number[]) => {
    const model = classifier(5);
    const events: TrainingEvent[] = [];
    using trainer = new Trainer({
      model,
      loss: crossEntropy,
      optimizer: new Adam(),
      // Without measurements of time.
      events: {
        publish: (event) => events.push(event),
        hasListeners: (type) => type === "TrainerStep",
      },
    });
    for (const epochs of calls) {
      await trainer.fit(quadrants(64, 4), { epochs });
    }
    const [weight] = model.parameters().values();
    return { weight: await weight!.data(), events };
  };
  assertEquals(await train([1, 2]), await train([3]));
});

Deno.test("Trainer.fit() announces epochs with their plain mean loss", async () => {
  const events: TrainingEvent[] = [];
  using trainer = new Trainer({
    model: new Slope(full([1], 2), zeros([1])),
    loss: mse,
    optimizer: new Sgd({ learningRate: 0 }),
    events: {
      publish: (event) => events.push(event),
      hasListeners: () => false,
    },
  });
  // The error is 1 everywhere, whatever the sizes of the batches.
  await trainer.fit(line({ batchSize: 3 }), { epochs: 2 });
  assertEquals(events, [
    { kind: "EpochStart", epoch: 1 },
    { kind: "EpochEnd", epoch: 1, loss: 1 },
    { kind: "EpochStart", epoch: 2 },
    { kind: "EpochEnd", epoch: 2, loss: 1 },
  ]);
});

Deno.test("Trainer.fit() announces passes with their validation, and its end", async () => {
  const events: TrainingEvent[] = [];
  using trainer = new Trainer({
    model: new Slope(full([1], 2), zeros([1])),
    loss: mse,
    optimizer: new Sgd({ learningRate: 0 }),
    events: {
      publish: (event) => events.push(event),
      hasListeners: (type) => type === "TrainerEpoch" || type === "TrainerEnd",
    },
  });
  const { epochs: [report] } = await trainer.fit(line({ batchSize: 3 }), {
    epochs: 1,
    validation: line({ batchSize: 4 }),
  });
  assertEquals(report!.validation, { loss: 1, accuracy: undefined });
  assertEquals(events.filter(({ kind }) => kind === "Custom"), [
    {
      kind: "Custom",
      eventType: "TrainerEpoch",
      data: { ...report!, epochs: 1 },
    },
    {
      kind: "Custom",
      eventType: "TrainerEnd",
      data: { outcome: "completed", epochs: 1 },
    },
  ]);
});

Deno.test("Trainer.fit() announces each step with its loss and learning rate", async () => {
  const steps: TrainerStep[] = [];
  const telemetry: Readonly<Record<string, number>>[] = [];
  using trainer = new Trainer({
    model: new Slope(full([1], 2), zeros([1])),
    loss: mse,
    optimizer: new Sgd({ learningRate: 0.5 }),
    events: {
      publish(event) {
        if (event.kind === "Telemetry") telemetry.push(event.data);
        if (event.kind !== "Custom") return;
        if (event.eventType === "TrainerStep") steps.push(event.data);
      },
    },
  });
  await trainer.fit(line({ batchSize: 3 }), {
    epochs: 2,
    schedule: (share) => share < 0.5 ? 0 : 1e-9,
  });
  assertEquals(
    steps.map(({ step, epoch, batch, examples }) => [
      step,
      epoch,
      batch,
      examples,
    ]),
    [[1, 1, 1, 3], [2, 1, 2, 1], [3, 2, 1, 3], [4, 2, 2, 1]],
  );
  assertEquals(steps.map(({ learningRate }) => learningRate), [
    0,
    0,
    5e-10,
    5e-10,
  ]);
  assertClose(steps.map(({ loss }) => loss), [1, 1, 1, 1]);
  assertEquals(
    telemetry.every(({ loss, stepMs, examplesPerSecond }) =>
      Math.abs(loss! - 1) < 1e-6 && stepMs! >= 0 && examplesPerSecond! > 0
    ),
    true,
  );
  assertEquals(telemetry.length >= 2, true);
});

Deno.test("Trainer.fit() weighs batches by their samples", async () => {
  using trainer = new Trainer({
    model: new Slope(zeros([1]), zeros([1])),
    loss: mse,
    optimizer: new Sgd({ learningRate: 0 }),
  });
  const data = line({ batchSize: 3 });
  const { epochs } = await trainer.fit(data, { epochs: 1 });
  const want = (1 + 9 + 25 + 49) / 4;
  assertClose([epochs[0]!.loss], [want]);
  assertClose([(await trainer.evaluate(data)).loss], [want]);
});

Deno.test("Trainer keeps training and evaluation apart", async () => {
  const model = new Slope(ones([1]), zeros([1]));
  using trainer = new Trainer({ model, loss: mse, optimizer: new Sgd() });
  await trainer.evaluate(line());
  assertEquals(model.isTraining, true);
  model.eval();
  await trainer.evaluate(line({ batchSize: 3 }));
  assertEquals(model.isTraining, false);
  await trainer.fit(line(), { epochs: 1, validation: line({ batchSize: 2 }) });
  assertEquals(model.isTraining, true);
  // One plan for each size of a batch: 4; 3 and 1; then 4 in training, and 2.
  assertEquals(model.modes, [false, false, false, true, false]);
});

Deno.test("Trainer.evaluate() leaves each module in its own mode", async () => {
  const frozen = new Linear({ inFeatures: 1, outFeatures: 1 });
  const model = new Sequential([frozen, new Relu()]);
  frozen.eval();
  using trainer = new Trainer({ model, loss: mse, optimizer: new Sgd() });
  await trainer.evaluate(line());
  const modes = [...model.modules().values()].map((module) =>
    module.isTraining
  );
  assertEquals(modes, [true, false, true]);
});

Deno.test("Trainer gives batches back", async () => {
  let alive = 0;
  const inner = line({ batchSize: 1 });
  const data: BatchSource = {
    batchCount: inner.batchCount,
    sampleCount: inner.sampleCount,
    async *epoch(index): AsyncGenerator<Batch> {
      for await (const batch of inner.epoch(index)) {
        assertEquals(alive, 0);
        alive++;
        yield {
          ...batch,
          [Symbol.dispose]() {
            alive--;
            batch[Symbol.dispose]();
          },
        };
      }
    },
  };
  using trainer = new Trainer({
    model: new Linear({ inFeatures: 1, outFeatures: 1 }),
    loss: mse,
    optimizer: new Sgd(),
  });
  await trainer.fit(data, { epochs: 1, validation: data });
  assertEquals(alive, 0);
});

Deno.test("Trainer refuses to work on nothing", async () => {
  const empty = line({ batchSize: 5, dropLast: true });
  using trainer = new Trainer({
    model: new Linear({ inFeatures: 1, outFeatures: 1 }),
    loss: mse,
    optimizer: new Sgd(),
  });
  for (
    const run of [
      () => trainer.fit(empty, { epochs: 1 }),
      () => trainer.evaluate(empty),
    ]
  ) {
    const error = await assertRejects(run, NnError, "found 0 batches");
    assertEquals(error.code, "DATA_EMPTY");
  }
  const error = await assertRejects(
    () => trainer.fit(line(), { epochs: 0 }),
    OptionError,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("Trainer passes on what a model does not take", async () => {
  using trainer = new Trainer({
    model: new Linear({ inFeatures: 3, outFeatures: 1 }),
    loss: mse,
    optimizer: new Sgd(),
  });
  const error = await assertRejects(() => trainer.fit(line(), { epochs: 1 }));
  assertEquals(
    error instanceof Error && "code" in error && error.code,
    "SHAPE_MISMATCH",
  );
});
