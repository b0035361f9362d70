import type { CombineFn } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";

const [ROWS, COLUMNS] = [4096, 1024];
const SPEC = { dtype: "float32", size: ROWS * COLUMNS } as const;

const backend = createWasmBackend({ memoryBytes: 2 ** 26 });
const input = backend.allocate(SPEC);
backend.write(
  input,
  Float32Array.from({ length: SPEC.size }, () => Math.random()),
);

async function bench(
  name: string,
  { shape, over, strides, combine }: {
    readonly shape: readonly number[];
    readonly over: readonly number[];
    readonly strides: readonly number[];
    readonly combine: CombineFn;
  },
): Promise<void> {
  const result = { dtype: "float32", size: shape[0] ?? 1 } as const;
  const output = backend.allocate(result);
  const program = await backend.compile({
    inputs: [SPEC],
    outputs: [result],
    temporaries: [],
    steps: [{
      kernel: {
        kind: "reduce",
        shape,
        over,
        combine,
        operands: [{ dtype: "float32", strides, offset: 0 }],
        body: [{ kind: "load", operand: 0, dtype: "float32" }],
        epilogue: [{ kind: "accumulator", dtype: "float32" }],
        dtype: "float32",
      },
      inputs: [0],
      output: 1,
    }],
  });
  Deno.bench({
    name: `reduceCode() ${name}`,
    group: name,
    fn() {
      program.run([input], [output]);
    },
  });
}

// 16.8 MB are read each time.
for (const combine of ["add", "maximum"] as const) {
  const rows = { shape: [ROWS], over: [COLUMNS], strides: [COLUMNS, 1] };
  const columns = { shape: [COLUMNS], over: [ROWS], strides: [1, COLUMNS] };
  const all = { shape: [], over: [ROWS * COLUMNS], strides: [1] };
  await bench(`${combine} of rows`, { ...rows, combine });
  await bench(`${combine} of columns`, { ...columns, combine });
  await bench(`${combine} of everything`, { ...all, combine });
}
