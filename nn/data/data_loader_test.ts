import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { ArrayDataset } from "./array_dataset.ts";
import { DataLoader, type DataLoaderOptions } from "./data_loader.ts";

function loader(count: number, options: DataLoaderOptions): DataLoader {
  const dataset = new ArrayDataset({
    inputs: Float32Array.from({ length: count }, (_, i) => i),
    inputShape: [],
    targets: Int32Array.from({ length: count }, (_, i) => 10 * i),
  });
  return new DataLoader(dataset, options);
}

/** The numbers of the samples in each batch of one pass. */
async function pass(data: DataLoader, index: number): Promise<number[][]> {
  const batches: number[][] = [];
  for await (using batch of data.epoch(index)) {
    const inputs = [...await batch.inputs.data()];
    assertEquals([...await batch.targets.data()], inputs.map((x) => 10 * x));
    batches.push(inputs);
  }
  return batches;
}

Deno.test.each<
  { name: string; count: number; dropLast: boolean; want: number[][] }
>([
  {
    name: "a smaller last batch",
    count: 5,
    dropLast: false,
    want: [[0, 1], [2, 3], [4]],
  },
  {
    name: "the last batch dropped",
    count: 5,
    dropLast: true,
    want: [[0, 1], [2, 3]],
  },
  { name: "whole batches", count: 4, dropLast: true, want: [[0, 1], [2, 3]] },
  { name: "no samples", count: 0, dropLast: false, want: [] },
  { name: "too few samples", count: 1, dropLast: true, want: [] },
])("DataLoader.epoch() with $name", async ({ count, dropLast, want }) => {
  const data = loader(count, { batchSize: 2, dropLast });
  assertEquals(await pass(data, 0), want);
  assertEquals(data.batchCount, want.length);
  assertEquals(data.sampleCount, want.flat().length);
});

Deno.test("DataLoader.epoch() has an order of its own for each pass and seed", async () => {
  const options = { batchSize: 8, shuffle: true, seed: 5 };
  const [first] = await pass(loader(8, options), 0);
  assertEquals((await pass(loader(8, options), 0))[0], first);
  const [second] = await pass(loader(8, options), 1);
  const [other] = await pass(loader(8, { ...options, seed: 6 }), 0);
  assertEquals(first!.toSorted(), [0, 1, 2, 3, 4, 5, 6, 7]);
  assertEquals(second!.toSorted(), first!.toSorted());
  const orders = [first, second, other].map(String);
  assertEquals(new Set(orders).size, 3);
});

Deno.test("DataLoader.epoch() does not depend on what was asked before", async () => {
  const data = loader(6, { batchSize: 6, shuffle: true });
  const third = await pass(data, 3);
  await pass(data, 1);
  assertEquals(await pass(data, 3), third);
});

Deno.test("DataLoader is its own first pass", async () => {
  const data = loader(4, { batchSize: 4, shuffle: true });
  const seen: number[][] = [];
  for await (using batch of data) seen.push([...await batch.inputs.data()]);
  assertEquals(seen, await pass(data, 0));
});

Deno.test.each<DataLoaderOptions>([
  { batchSize: 0 },
  { batchSize: 1.5 },
  { seed: -1 },
])("DataLoader rejects %j", (options) => {
  const error = assertThrows(() => loader(3, options), OptionError);
  assertEquals(error.code, "INVALID_OPTION");
});
