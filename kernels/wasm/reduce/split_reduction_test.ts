import { assert, assertEquals } from "@std/assert";
import type { ReduceKernel } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";
import { BLOCK_ELEMENTS } from "./split_reduction.ts";

const F32 = "float32";

/** (sum of x[step * i + 1] * y[i]) / z[2]. */
function kernelOf(length: number, step: number): ReduceKernel {
  const load = (operand: number) =>
    ({ kind: "load", operand, dtype: F32 }) as const;
  return {
    kind: "reduce",
    shape: [1],
    over: [length],
    combine: "add",
    operands: [
      { dtype: F32, strides: [0, step], offset: 1 },
      { dtype: F32, strides: [0, 1], offset: 0 },
      { dtype: F32, strides: [0], offset: 2 },
    ],
    body: [load(0), load(1), {
      kind: "binary",
      fn: "mul",
      left: 0,
      right: 1,
      dtype: F32,
    }],
    epilogue: [{ kind: "accumulator", dtype: F32 }, load(2), {
      kind: "binary",
      fn: "div",
      left: 0,
      right: 1,
      dtype: F32,
    }],
    dtype: F32,
  };
}

Deno.test.each([
  { name: "whole blocks", length: 4 * BLOCK_ELEMENTS, step: 1 },
  { name: "blocks and one element", length: 5 * BLOCK_ELEMENTS + 1, step: 1 },
  { name: "steps", length: 4 * BLOCK_ELEMENTS + 777, step: 2 },
])("SplitReduction adds up $name", async ({ length, step }) => {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 23 });
  // Whole numbers whose sums `float32` holds exactly, so that the order is of no importance.
  const arrays = [
    Float32Array.from({ length: length * step + 1 }, (_, i) => i % 7 - 3),
    Float32Array.from({ length }, (_, i) => i % 5 - 2),
    Float32Array.of(3, 5, 4),
  ];
  let want = 0;
  for (let i = 0; i < length; i++) {
    want += arrays[0]![step * i + 1]! * arrays[1]![i]!;
  }
  assert(Math.abs(want) < 2 ** 24);
  const inputs = arrays.map((array) => {
    const buffer = backend.allocate({ dtype: F32, size: array.length });
    backend.write(buffer, array);
    return buffer;
  });
  const output = backend.allocate({ dtype: F32, size: 1 });
  using program = await backend.compile({
    inputs,
    outputs: [output],
    temporaries: [],
    steps: [{ kernel: kernelOf(length, step), inputs: [0, 1, 2], output: 3 }],
  });
  await program.run(inputs, [output]);
  assertEquals(await backend.read(output), Float32Array.of(want / 4));
});

Deno.test("SplitReduction loses no digits from block to block", async () => {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 24 });
  const length = 2 ** 21 + 5;
  const kernel: ReduceKernel = {
    kind: "reduce",
    shape: [],
    over: [length],
    combine: "add",
    operands: [{ dtype: F32, strides: [1], offset: 0 }],
    body: [{ kind: "load", operand: 0, dtype: F32 }],
    epilogue: [{ kind: "accumulator", dtype: F32 }],
    dtype: F32,
  };
  const input = backend.allocate({ dtype: F32, size: length });
  const output = backend.allocate({ dtype: F32, size: 1 });
  // Sums of blocks are exact in `float32`; sums of these are not.
  const elements = Float32Array.from(
    { length },
    (_, i) => Math.imul(i, 2654435761) >>> 27,
  );
  let want = 0;
  for (const element of elements) want += element;
  assert(want > 2 ** 24);
  backend.write(input, elements);
  using program = await backend.compile({
    inputs: [input],
    outputs: [output],
    temporaries: [],
    steps: [{ kernel, inputs: [0], output: 1 }],
  });
  await program.run([input], [output]);
  assertEquals(await backend.read(output), Float32Array.of(want));
});
