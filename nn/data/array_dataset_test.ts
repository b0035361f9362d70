import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { NnError } from "../errors.ts";
import { ArrayDataset, type ArrayDatasetOptions } from "./array_dataset.ts";

const OPTIONS: ArrayDatasetOptions = {
  inputs: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  inputShape: [2, 2],
  targets: Int32Array.of(7, 9),
};

Deno.test("ArrayDataset.batch() takes samples in the order asked for", async () => {
  const dataset = new ArrayDataset(OPTIONS);
  assertEquals(dataset.size, 2);
  using batch = dataset.batch(Int32Array.of(1, 0, 1));
  assertEquals(await batch.inputs.array(), [
    [[5, 6], [7, 8]],
    [[1, 2], [3, 4]],
    [[5, 6], [7, 8]],
  ]);
  assertEquals(batch.targets.dtype, "int32");
  assertEquals(await batch.targets.array(), [9, 7, 9]);
});

Deno.test("ArrayDataset.batch() gives targets their shape", () => {
  const dataset = new ArrayDataset({
    inputs: Int32Array.of(1, 2),
    inputShape: [1],
    targets: Float32Array.of(1, 2, 3, 4),
    targetShape: [2],
  });
  using batch = dataset.batch(Int32Array.of(0));
  assertEquals(batch.inputs.dtype, "int32");
  assertEquals(batch.targets.shape, [1, 2]);
  assertEquals(batch.targets.dtype, "float32");
});

Deno.test("ArrayDataset.batch() belongs to whoever asked for it", async () => {
  const dataset = new ArrayDataset(OPTIONS);
  const batch = dataset.batch(Int32Array.of(0));
  batch[Symbol.dispose]();
  await assertRejects(() => batch.inputs.data(), TypeError, "disposed");
  await assertRejects(() => batch.targets.data(), TypeError, "disposed");
  using again = dataset.batch(Int32Array.of(0));
  assertEquals(await again.targets.array(), [7]);
});

Deno.test.each([{ index: -1 }, { index: 2 }])(
  "ArrayDataset.batch() has no sample $index",
  ({ index }) => {
    const error = assertThrows(
      () => new ArrayDataset(OPTIONS).batch(Int32Array.of(0, index)),
      NnError,
      `Cannot make a dataset: found the sample number ${index}`,
    );
    assertEquals(error.code, "DATA_INVALID");
  },
);

Deno.test.each<
  { name: string; change: Partial<ArrayDatasetOptions>; message: string }
>([
  {
    name: "half a sample",
    change: { inputShape: [3] },
    message: "found 8 elements of inputs, wanted whole samples of shape [3]",
  },
  {
    name: "samples of no size",
    change: { targetShape: [0] },
    message: "found 2 elements of targets, wanted whole samples of shape [0]",
  },
  {
    name: "more targets than inputs",
    change: { targets: new Int32Array(3) },
    message: "found inputs of 2 samples and targets of 3, wanted as many",
  },
])("ArrayDataset rejects $name", ({ change, message }) => {
  const error = assertThrows(
    () => new ArrayDataset({ ...OPTIONS, ...change }),
    NnError,
    message,
  );
  assertEquals(error.code, "DATA_INVALID");
});

Deno.test("ArrayDataset.sample() copies one sample, and refuses what is none", () => {
  const inputs = Float32Array.of(1, 2, 3, 4);
  const dataset = new ArrayDataset({
    inputs,
    inputShape: [2],
    targets: Int32Array.of(5, 6),
  });
  const sample = dataset.sample(1);
  assertEquals(sample, {
    input: { shape: [2], data: Float32Array.of(3, 4) },
    target: { shape: [], data: Int32Array.of(6) },
  });
  sample.input.data[0] = 9;
  assertEquals(inputs[2], 3);
  const error = assertThrows(() => dataset.sample(2), NnError);
  assertEquals(error.code, "DATA_INVALID");
  for (const index of [-1, 0.5]) {
    assertThrows(() => dataset.sample(index), OptionError);
  }
});
