import { assertEquals, assertRejects } from "@std/assert";
import { ArrayDataset } from "../data/array_dataset.ts";
import { DataLoader } from "../data/data_loader.ts";
import { Linear } from "../layers/linear.ts";
import { mse } from "../losses/mse.ts";
import { Sgd } from "../optimizers/sgd.ts";
import type { TrainerCallback } from "./callback.ts";
import { EarlyStopping } from "./early_stopping.ts";
import { Trainer } from "./trainer.ts";

const DATA = new DataLoader(
  new ArrayDataset({
    inputs: Float32Array.of(0, 1, 2, 3),
    inputShape: [1],
    targets: Float32Array.of(1, 3, 5, 7),
    targetShape: [1],
  }),
);

function makeTrainer(learningRate = 0.01): Trainer {
  return new Trainer({
    model: new Linear({ inFeatures: 1, outFeatures: 1 }),
    loss: mse,
    optimizer: new Sgd({ learningRate }),
  });
}

Deno.test("Trainer.fit() calls callbacks in order, and waits for them", async () => {
  const calls: string[] = [];
  const make = (name: string): TrainerCallback => ({
    name,
    async onEpochStart(epoch) {
      await Promise.resolve();
      calls.push(`${name} starts ${epoch}`);
    },
    onEpochEnd: ({ epoch }) => void calls.push(`${name} ends ${epoch}`),
    onFitEnd: ({ outcome }) => void calls.push(`${name} ${outcome}`),
  });
  using trainer = makeTrainer();
  await trainer.fit(DATA, { epochs: 2, callbacks: [make("a"), make("b")] });
  assertEquals(calls, [
    "a starts 1",
    "b starts 1",
    "a ends 1",
    "b ends 1",
    "a starts 2",
    "b starts 2",
    "a ends 2",
    "b ends 2",
    "a completed",
    "b completed",
  ]);
});

Deno.test("Trainer.fit() ends after the pass in which a callback says so", async () => {
  using trainer = makeTrainer();
  const { outcome, epochs } = await trainer.fit(DATA, {
    epochs: 9,
    callbacks: [{
      name: "two",
      onEpochEnd: ({ epoch }, { stop }) => void (epoch === 2 && stop()),
    }],
  });
  assertEquals(outcome, "stopped");
  assertEquals(epochs.length, 2);
});

Deno.test("Trainer.fit() stops early where steps lead away, with the best parameters", async () => {
  using trainer = makeTrainer(2);
  const callbacks = [new EarlyStopping({ patience: 2 })];
  const result = await trainer.fit(DATA, {
    epochs: 9,
    validation: DATA,
    callbacks,
  });
  assertEquals(result.outcome, "stopped");
  assertEquals(result.epochs.length, 3);
  const { loss } = await trainer.evaluate(DATA);
  assertEquals(loss, result.epochs[0]!.validation!.loss);
});

Deno.test("Trainer.fit() fails with what a callback throws", async () => {
  using trainer = makeTrainer();
  const callback: TrainerCallback = {
    name: "broken",
    onEpochEnd() {
      throw new TypeError("out of ideas");
    },
  };
  await assertRejects(
    () => trainer.fit(DATA, { epochs: 2, callbacks: [callback] }),
    TypeError,
    "out of ideas",
  );
});
