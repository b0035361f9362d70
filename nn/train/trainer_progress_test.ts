import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Clock } from "../../core/base/mod.ts";
import { assertClose, randomArray } from "../../testing/mod.ts";
import { ArrayDataset } from "../data/array_dataset.ts";
import { DataLoader, type DataLoaderOptions } from "../data/data_loader.ts";
import { Linear } from "../layers/linear.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { mse } from "../losses/mse.ts";
import { Sgd } from "../optimizers/sgd.ts";
import type { TrainingEvent } from "./events.ts";
import type { TrainingProgress } from "./progress.ts";
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

/** Each look at it takes a step; waiting takes none. */
class SteppingClock implements Clock {
  #nowMs = 0;
  readonly #stepMs: number;

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  nowMs(): number {
    return this.#nowMs += this.#stepMs;
  }

  after(_delayMs: number, callback: () => void): Disposable {
    queueMicrotask(callback);
    return { [Symbol.dispose]: () => {} };
  }
}

Deno.test("Trainer.fit() ends before the next batch when it is told to", async () => {
  const model = new Linear({ inFeatures: 1, outFeatures: 1 });
  const before = await model.weight.item();
  const controller = new AbortController();
  using trainer = new Trainer({
    model,
    loss: mse,
    optimizer: new Sgd({ learningRate: 0.01 }),
    clock: new SteppingClock(200),
  });
  const seen: TrainingProgress[] = [];
  const result = await trainer.fit(line({ batchSize: 1 }), {
    epochs: 5,
    signal: controller.signal,
    onProgress(progress) {
      seen.push(progress);
      if (progress.epoch === 2 && progress.batch === 2) controller.abort();
    },
  });
  assertEquals(result.outcome, "aborted");
  assertEquals(result.epochs.map(({ epoch }) => epoch), [1]);
  assertEquals(seen.at(-1)!.batch, 2);
  // What was learned before the end stays: the slope of the line is 2.
  const after = await model.weight.item();
  assert(Math.abs(after - 2) < Math.abs(before - 2));
});

Deno.test("Trainer.fit() does nothing if it was told to end before", async () => {
  const model = new Linear({ inFeatures: 1, outFeatures: 1 });
  const before = await model.weight.item();
  const events: TrainingEvent[] = [];
  using trainer = new Trainer({
    model,
    loss: mse,
    optimizer: new Sgd(),
    events: { publish: (event) => events.push(event) },
  });
  const signal = AbortSignal.abort();
  const result = await trainer.fit(line(), { epochs: 1, signal });
  assertEquals(result, { outcome: "aborted", epochs: [] });
  assertEquals(events, [{
    kind: "Custom",
    eventType: "TrainerEnd",
    data: { outcome: "aborted", epochs: 0 },
  }]);
  assertEquals(await model.weight.item(), before);
});

Deno.test("Trainer.fit() lets a timer have its turn", async () => {
  using trainer = new Trainer({
    model: new Linear({ inFeatures: 1, outFeatures: 1 }),
    loss: mse,
    optimizer: new Sgd({ learningRate: 0.01 }),
  });
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 0);
  const result = await trainer.fit(line({ batchSize: 1 }), {
    epochs: 100_000,
    signal: controller.signal,
  });
  clearTimeout(timer);
  assertEquals(result.outcome, "aborted");
});

Deno.test("Trainer.fit() tells how it is going", async () => {
  const seen: TrainingProgress[] = [];
  using trainer = new Trainer({
    model: new Linear({ inFeatures: 1, outFeatures: 2 }),
    loss: crossEntropy,
    optimizer: new Sgd(),
    clock: new SteppingClock(200),
  });
  const dataset = new ArrayDataset({
    inputs: randomArray(64, 1),
    inputShape: [1],
    targets: Int32Array.from({ length: 64 }, (_, i) => i % 2),
  });
  await trainer.fit(new DataLoader(dataset), {
    epochs: 2,
    onProgress: (progress) => seen.push(progress),
  });
  assertEquals(
    seen.map(({ epoch, batch, report }) => [epoch, batch, report?.epoch]),
    [
      [1, 1, undefined],
      [1, 2, undefined],
      [1, 2, 1],
      [2, 1, undefined],
      [2, 2, undefined],
      [2, 2, 2],
    ],
  );
  for (const progress of seen) {
    const { batches, epochs, accuracy } = progress;
    assertEquals([batches, epochs], [2, 2]);
    assert(accuracy! >= 0 && accuracy! <= 1);
    // 32 samples a batch.
    const { batch, elapsedMs, samplesPerSecond, remainingMs } = progress;
    assertClose([samplesPerSecond], [32_000 * batch / elapsedMs]);
    const left = 4 - 2 * (progress.epoch - 1) - batch;
    assertClose([remainingMs!], [left * elapsedMs / batch]);
  }
});

Deno.test("Trainer.fit() draws on the sink that it is given", async () => {
  let text = "";
  using trainer = new Trainer({
    model: new Linear({ inFeatures: 1, outFeatures: 1 }),
    loss: mse,
    optimizer: new Sgd(),
  });
  const progress = {
    isTerminal: false,
    columns: 80,
    write: (more: string) => void (text += more),
  };
  await trainer.fit(line(), { epochs: 2, progress });
  const lines = text.trimEnd().split("\n");
  // A line a pass, then the table.
  assertEquals(lines.length, 2 + 4);
  assertStringIncludes(lines[1]!, "epoch 2/2  loss ");
  assertStringIncludes(lines[3]!, "epoch     loss  seconds");
});
