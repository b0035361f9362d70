import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { NnError } from "../errors.ts";
import { Linear } from "../layers/linear.ts";
import { mse } from "../losses/mse.ts";
import { Sgd } from "../optimizers/sgd.ts";
import { Trainer } from "../train/trainer.ts";
import { indexedStream } from "./indexed_samples.ts";
import type { Sample } from "./sample.ts";
import { StreamLoader, type StreamLoaderOptions } from "./stream_loader.ts";

/** Samples whose inputs are their numbers, of the lengths given. */
function* samplesOf(lengths: readonly number[]): Generator<Sample> {
  for (const [i, length] of lengths.entries()) {
    yield {
      input: { shape: [length], data: new Int32Array(length).fill(i + 1) },
      target: { shape: [], data: Float32Array.of(i + 1) },
    };
  }
}

function loader(
  lengths: readonly number[],
  options: StreamLoaderOptions,
): StreamLoader {
  return new StreamLoader(async function* () {
    for (const sample of samplesOf(lengths)) {
      yield await Promise.resolve(sample);
    }
  }, options);
}

/** The targets of each batch of a pass. */
async function pass(
  data: StreamLoader,
  index = 0,
  from = 0,
): Promise<number[][]> {
  const batches: number[][] = [];
  for await (using batch of data.epochFrom(index, from)) {
    batches.push([...await batch.targets.data()]);
  }
  return batches;
}

const ONES = new Array<number>(7).fill(1);

Deno.test("StreamLoader.epoch() keeps the order of the stream", async () => {
  assertEquals(await pass(loader(ONES, { batchSize: 3 })), [[1, 2, 3], [
    4,
    5,
    6,
  ], [7]]);
  const whole = loader(ONES, { batchSize: 3, dropLast: true, sampleCount: 7 });
  assertEquals(await pass(whole), [[1, 2, 3], [4, 5, 6]]);
  assertEquals(whole.batchCount, 2);
  assertEquals(loader(ONES, {}).batchCount, undefined);
});

Deno.test("StreamLoader.epoch() mixes by a buffer, in an order of its own for each pass and seed", async () => {
  const options = { batchSize: 7, shuffleBuffer: 4, seed: 3 };
  const [first] = await pass(loader(ONES, options));
  assertEquals((await pass(loader(ONES, options)))[0], first);
  assertEquals(first!.toSorted(), [1, 2, 3, 4, 5, 6, 7]);
  const [second] = await pass(loader(ONES, options), 1);
  const [other] = await pass(loader(ONES, { ...options, seed: 4 }));
  assertEquals(new Set([first, second, other].map(String)).size, 3);
  // No sample moves ahead by more than the buffer.
  assert(
    first!.every((number, place) => number - 1 <= place + 3),
    String(first),
  );
});

Deno.test("StreamLoader.epochFrom() gives the rest of the same pass", async () => {
  const data = loader(ONES, {
    batchSize: 2,
    shuffleBuffer: 3,
    augment: (sample, key) => ({
      ...sample,
      target: { shape: [], data: Float32Array.of(key[0] % 1000) },
    }),
  });
  const whole = await pass(data, 2);
  assertEquals(await pass(data, 2, 2), whole.slice(2));
  assertEquals(new Set(whole.flat()).size, 7);
  // An augmentation depends on the pass, too.
  assertEquals(whole.flat().some((x) => x === 0), false);
  assert(String(await pass(data, 3)) !== String(whole));
});

Deno.test("StreamLoader.epoch() sorts into buckets and fills up", async () => {
  const data = loader([1, 5, 2, 6, 2, 9], {
    batchSize: 2,
    buckets: [2, 6],
    pad: { input: -1 },
  });
  const shapes: (readonly number[])[] = [];
  const inputs: unknown[] = [];
  for await (using batch of data.epoch(0)) {
    shapes.push(batch.inputs.shape);
    inputs.push(await batch.inputs.array());
  }
  assertEquals(shapes, [[2, 2], [2, 6], [1, 2], [1, 9]]);
  assertEquals(inputs[0], [[1, -1], [3, 3]]);
  assertEquals(data.batchCount, undefined);
});

Deno.test("StreamLoader.epoch() refuses samples that differ unless they are filled up", async () => {
  const data = loader([1, 2], { batchSize: 2 });
  const error = await assertRejects(
    () => pass(data),
    NnError,
    "as sample 1 of inputs",
  );
  assertEquals(error.code, "DATA_INVALID");
});

Deno.test("StreamLoader trains a model, though nobody knows how long a pass is", async () => {
  const data = new StreamLoader(async function* () {
    for (const x of [0, 1, 2, 3]) {
      yield await Promise.resolve({
        input: { shape: [1], data: Float32Array.of(x) },
        target: { shape: [1], data: Float32Array.of(2 * x + 1) },
      });
    }
  });
  const model = new Linear({ inFeatures: 1, outFeatures: 1 });
  using trainer = new Trainer({
    model,
    loss: mse,
    optimizer: new Sgd({ learningRate: 0.1 }),
  });
  const rates = new Set<number>();
  const { epochs } = await trainer.fit(data, {
    epochs: 100,
    schedule: (share) => (rates.add(share), 1),
    onProgress: ({ batches, remainingMs }) =>
      assertEquals([batches, remainingMs], [undefined, undefined]),
  });
  assert(epochs.at(-1)!.loss < 1e-3);
  assertEquals([...rates].slice(0, 3), [0, 0.01, 0.02]);
});

Deno.test("StreamLoader without samples trains nothing", async () => {
  const data = loader([], {});
  using trainer = new Trainer({
    model: new Linear({ inFeatures: 1, outFeatures: 1 }),
    loss: mse,
    optimizer: new Sgd(),
  });
  for (
    const run of [
      () => trainer.fit(data, { epochs: 1 }),
      () => trainer.evaluate(data),
    ]
  ) {
    const error = await assertRejects(run, NnError);
    assertEquals(error.code, "DATA_EMPTY");
  }
});

Deno.test("indexedStream() gives each sample once, in another order each pass", async () => {
  const samples = [...samplesOf(ONES)];
  const indexed = {
    size: 7,
    sample: (i: number) => Promise.resolve(samples[i]!),
  };
  const data = new StreamLoader(
    indexedStream(indexed, { shuffle: true, seed: 1 }),
    { batchSize: 7 },
  );
  const [first] = await pass(data, 0);
  const [second] = await pass(data, 1);
  assertEquals(first!.toSorted(), [1, 2, 3, 4, 5, 6, 7]);
  assert(String(first) !== String(second));
  assertEquals(await pass(data, 0), [first!]);
  const plain = new StreamLoader(indexedStream(indexed), { batchSize: 7 });
  assertEquals(await pass(plain), [[1, 2, 3, 4, 5, 6, 7]]);
});

Deno.test.each<StreamLoaderOptions>([
  { batchSize: 0 },
  { shuffleBuffer: 1.5 },
  { prefetch: -1 },
  { sampleCount: 0 },
  { buckets: [3, 3] },
  { seed: -1 },
])("StreamLoader rejects %j", (options) => {
  const error = assertThrows(() => loader(ONES, options), OptionError);
  assertEquals(error.code, "INVALID_OPTION");
});
