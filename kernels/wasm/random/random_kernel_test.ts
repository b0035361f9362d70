import { assert, assertEquals } from "@std/assert";
import {
  fillNormal,
  fillUniform,
  type RandomKey,
} from "../../../core/base/mod.ts";
import type { RandomKernel } from "../../ir/mod.ts";
import { createWasmBackend } from "../wasm_backend.ts";

/** Whole units, parts of one, and none. */
const SIZES = [0, 1, 3, 4, 15, 16, 17, 63, 1000, 70_001];

const KEYS: readonly RandomKey[] = [
  [0, 0],
  [1, 2],
  [0xffffffff, 0x80000000],
  [0x12345678, 0xfedcba98],
];

/** Draws with SIMD of one kind. */
async function draw(
  { key, size, ...rest }: Pick<RandomKernel, "distribution" | "key"> & {
    readonly size: number;
    readonly relaxedSimd: boolean;
  },
): Promise<Float32Array> {
  const { distribution, relaxedSimd } = rest;
  await using backend = createWasmBackend({
    memoryBytes: 2 ** 21,
    relaxedSimd,
    threads: 1,
  });
  const output = backend.allocate({ dtype: "float32", size });
  using program = await backend.compile({
    inputs: [],
    outputs: [output],
    temporaries: [],
    steps: [{
      kernel: {
        kind: "random",
        shape: [size],
        distribution,
        key,
        operands: [],
        dtype: "float32",
      },
      inputs: [],
      output: 0,
    }],
  });
  await program.run([], [output]);
  return Float32Array.from(await backend.read(output));
}

Deno.test("randomKernel() draws the uniform numbers of core/base, bit for bit", async () => {
  for (const key of KEYS) {
    for (const size of SIZES) {
      const want = new Float32Array(size);
      fillUniform(key, want);
      const distribution = "uniform";
      const got = await draw({ key, size, distribution, relaxedSimd: true });
      assertEquals(got, want);
    }
  }
});

Deno.test.each([{ relaxedSimd: true }, { relaxedSimd: false }])(
  "randomKernel() draws normal numbers within 6 ULP of core/base, relaxed SIMD $relaxedSimd",
  async ({ relaxedSimd }) => {
    for (const key of KEYS) {
      for (const size of SIZES) {
        const want = new Float64Array(size);
        fillNormal(key, want);
        const distribution = "normal";
        const got = await draw({ key, size, distribution, relaxedSimd });
        want.forEach((wanted, i) => {
          const exponent = Math.max(
            -126,
            Math.floor(Math.log2(Math.abs(wanted))),
          );
          const ulps = Math.abs(got[i]! - wanted) / 2 ** (exponent - 23);
          assert(ulps <= 6, `element ${i} of key ${key}: ${ulps} ULP`);
        });
      }
    }
  },
);

Deno.test("randomKernel() writes no element past its output", async () => {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 21, threads: 1 });
  const [first, second] = [5, 16].map((size) =>
    backend.allocate({ dtype: "float32", size })
  );
  const spec = { inputs: [], outputs: [first!, second!], temporaries: [] };
  // The second is drawn first, so that a first one that runs over would show.
  const kernelOf = (size: number, key: RandomKey): RandomKernel => ({
    kind: "random",
    shape: [size],
    distribution: "uniform",
    key,
    operands: [],
    dtype: "float32",
  });
  using program = await backend.compile({
    ...spec,
    steps: [
      { kernel: kernelOf(16, [1, 1]), inputs: [], output: 1 },
      { kernel: kernelOf(5, [2, 2]), inputs: [], output: 0 },
    ],
  });
  await program.run([], [first!, second!]);
  const want = new Float32Array(16);
  fillUniform([1, 1], want);
  assertEquals(await backend.read(second!), want);
});
