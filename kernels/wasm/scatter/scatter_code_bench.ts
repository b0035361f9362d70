import type { DeviceBuffer } from "../../backend.ts";
import type { Kernel } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";

/** An embedding: rows of a table, picked by indices, and what is added back to it. */
const [ROWS, COLUMNS, PICKED] = [32_000, 256, 4096];

const backend = createWasmBackend({ memoryBytes: 2 ** 27, threads: 1 });
const table = backend.allocate({ dtype: "float32", size: ROWS * COLUMNS });
const picked = backend.allocate({ dtype: "float32", size: PICKED * COLUMNS });
const index = backend.allocate({ dtype: "int32", size: PICKED });
const fractions = () => Math.random();
backend.write(table, Float32Array.from({ length: table.size }, fractions));
backend.write(picked, Float32Array.from({ length: picked.size }, fractions));
backend.write(
  index,
  Int32Array.from({ length: PICKED }, () => Math.floor(Math.random() * ROWS)),
);
const INDEX = { dtype: "int32", strides: [1, 0], offset: 0 } as const;

async function bench(name: string, kernel: Kernel, buffers: {
  readonly inputs: readonly DeviceBuffer[];
  readonly output: DeviceBuffer;
}): Promise<void> {
  const { inputs, output } = buffers;
  const program = await backend.compile({
    inputs,
    outputs: [output],
    temporaries: [],
    steps: [{
      kernel,
      inputs: inputs.map((_, i) => i),
      output: inputs.length,
    }],
  });
  Deno.bench({
    name,
    fn() {
      program.run(inputs, [output]);
    },
  });
}

// 4.2 MB are read and as many written.
await bench("mapCode() rows that an index points at", {
  kind: "map",
  shape: [PICKED, COLUMNS],
  operands: [{ dtype: "float32", strides: [0, 1], offset: 0 }, INDEX],
  body: [
    { kind: "load", operand: 1, dtype: "int32" },
    {
      kind: "gather",
      operand: 0,
      index: 0,
      stride: COLUMNS,
      size: ROWS,
      dtype: "float32",
    },
  ],
  dtype: "float32",
}, { inputs: [table, index], output: picked });

// 32.8 MB are filled with zeros, 4.2 MB read, and as many read and written again.
await bench("scatterCode() rows to where an index points", {
  kind: "scatter",
  shape: [PICKED, COLUMNS],
  operands: [{ dtype: "float32", strides: [COLUMNS, 1], offset: 0 }, INDEX],
  axis: 0,
  size: ROWS,
  dtype: "float32",
}, { inputs: [picked, index], output: table });
