import { assertEquals, assertThrows } from "@std/assert";
import { NnError } from "../errors.ts";
import { collateSamples } from "./collate.ts";
import type { Sample, SampleArray } from "./sample.ts";

const NUMBER: SampleArray = { shape: [], data: Float32Array.of(1) };

function sampleOf(input: SampleArray): Sample {
  return { input, target: NUMBER };
}

Deno.test("collateSamples() fills each axis up at its end", async () => {
  using batch = collateSamples([
    sampleOf({ shape: [2, 1, 2], data: Float32Array.of(1, 2, 3, 4) }),
    sampleOf({ shape: [1, 2, 1], data: Float32Array.of(5, 6) }),
    sampleOf({ shape: [0, 1, 1], data: Float32Array.of() }),
  ], { pad: { input: 9 } });
  assertEquals(await batch.inputs.array(), [
    [[[1, 2], [9, 9]], [[3, 4], [9, 9]]],
    [[[5, 9], [6, 9]], [[9, 9], [9, 9]]],
    [[[9, 9], [9, 9]], [[9, 9], [9, 9]]],
  ]);
  assertEquals(await batch.targets.array(), [1, 1, 1]);
});

Deno.test("collateSamples() keeps whole numbers whole", () => {
  using batch = collateSamples([
    sampleOf({ shape: [1], data: Int32Array.of(3) }),
  ]);
  assertEquals([batch.inputs.dtype, batch.targets.dtype], ["int32", "float32"]);
});

Deno.test.each<{ name: string; inputs: SampleArray[]; pad: boolean }>([
  {
    name: "sizes without pad",
    inputs: [
      { shape: [1], data: Int32Array.of(1) },
      { shape: [2], data: Int32Array.of(1, 2) },
    ],
    pad: false,
  },
  {
    name: "shapes of one size",
    inputs: [
      { shape: [1, 2], data: Int32Array.of(1, 2) },
      { shape: [2, 1], data: Int32Array.of(1, 2) },
    ],
    pad: false,
  },
  {
    name: "ranks",
    inputs: [
      { shape: [1], data: Int32Array.of(1) },
      { shape: [1, 1], data: Int32Array.of(1) },
    ],
    pad: true,
  },
  {
    name: "kinds of numbers",
    inputs: [
      { shape: [1], data: Int32Array.of(1) },
      { shape: [1], data: Float32Array.of(1) },
    ],
    pad: true,
  },
  {
    name: "elements",
    inputs: [{ shape: [3], data: Int32Array.of(1) }],
    pad: true,
  },
  { name: "no samples", inputs: [], pad: true },
])("collateSamples() refuses $name", ({ inputs, pad }) => {
  const error = assertThrows(
    () => collateSamples(inputs.map(sampleOf), pad ? { pad: {} } : {}),
    NnError,
  );
  assertEquals(error.code, "DATA_INVALID");
});
