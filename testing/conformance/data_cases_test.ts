import { assertEquals } from "@std/assert";
import {
  ArrayDataset,
  type Batch,
  type BatchSource,
  DataLoader,
  type Sample,
  StreamLoader,
} from "../../nn/mod.ts";
import { tensor } from "../../ops/mod.ts";
import { dataCases } from "./data_cases.ts";

const POINTS = new ArrayDataset({
  inputs: Float32Array.of(0, 1, 2, 3, 4, 5, 6),
  inputShape: [1],
  targets: Int32Array.of(0, 1, 0, 1, 0, 1, 0),
});

function loader(): BatchSource {
  return new DataLoader(POINTS, { batchSize: 3, shuffle: true });
}

async function* samples(): AsyncGenerator<Sample> {
  for (const x of [1, 2, 3, 4, 5]) {
    yield await Promise.resolve({
      input: { shape: [1], data: Float32Array.of(x) },
      target: { shape: [], data: Int32Array.of(x % 2) },
    });
  }
}

for (const { name, run } of dataCases(loader)) {
  Deno.test(`DataLoader ${name}`, run);
}

const stream = () =>
  new StreamLoader(samples, { batchSize: 2, shuffleBuffer: 3 });
for (const { name, run } of dataCases(stream)) {
  Deno.test(`StreamLoader ${name}`, run);
}

/** Names of the cases that a source fails which does something else in place of `epoch`. */
async function failuresOf(
  change: (data: BatchSource, index: number) => AsyncIterable<Batch>,
  broken?: () => BatchSource,
): Promise<string[]> {
  const create = () => {
    const data = loader();
    const { batchCount, sampleCount } = data;
    const epoch = (index: number) => change(data, index);
    return { batchCount, sampleCount, epoch };
  };
  const failed: string[] = [];
  for (const { name, run } of dataCases(create, broken ? { broken } : {})) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

Deno.test("dataCases() finds a source that loses its last batch", async () => {
  const failed = await failuresOf(async function* (data, index) {
    let count = 0;
    for await (const batch of data.epoch(index)) {
      if (++count < data.batchCount!) yield batch;
      else batch[Symbol.dispose]();
    }
  });
  assertEquals(failed, ["gives as many batches and samples as it announces"]);
});

Deno.test("dataCases() finds a source that is in another order each time", async () => {
  let passes = 0;
  const failed = await failuresOf((data) => data.epoch(passes++));
  assertEquals(failed, [
    "gives the same batches whenever a pass is asked for",
    "goes on from any batch",
    "gives passes that do not disturb each other",
    "ends when its caller has enough, and begins anew",
    "gives batches that own their memory",
  ]);
});

Deno.test("dataCases() finds a source that gives the same memory to each batch", async () => {
  const failed = await failuresOf(async function* (data, index) {
    for await (const batch of data.epoch(index)) {
      yield { ...batch, [Symbol.dispose]() {} };
    }
  });
  assertEquals(failed, ["gives batches that own their memory"]);
});

Deno.test("dataCases() finds a source that ends where it cannot go on", async () => {
  const short: BatchSource = {
    batchCount: undefined,
    sampleCount: undefined,
    async *epoch() {
      const [inputs, targets] = [tensor([[1]]), tensor([1])];
      yield await Promise.resolve({ inputs, targets, [Symbol.dispose]() {} });
    },
  };
  const failed = await failuresOf(
    (data, index) => data.epoch(index),
    () => short,
  );
  assertEquals(failed, ["tells that it fails"]);
});
