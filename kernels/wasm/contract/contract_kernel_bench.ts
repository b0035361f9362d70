import type { ContractKernel } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";

const backend = createWasmBackend({ memoryBytes: 2 ** 26 });

function product(size: number): ContractKernel {
  const operand = {
    dtype: "float32",
    strides: [size, 1],
    offset: 0,
  } as const;
  return {
    kind: "contract",
    batch: [],
    rows: size,
    columns: size,
    depth: size,
    operands: [operand, operand],
    epilogue: [{ kind: "accumulator", dtype: "float32" }],
    dtype: "float32",
  };
}

// 2 n^3 operations: 64 takes 0.5 MFLOP, 1024 takes 2.1 GFLOP.
for (const size of [64, 128, 256, 512, 1024]) {
  const spec = { dtype: "float32", size: size * size } as const;
  const [left, right, output] = [0, 1, 2].map(() => backend.allocate(spec));
  for (const buffer of [left!, right!]) {
    backend.write(
      buffer,
      Float32Array.from({ length: spec.size }, () => Math.random() - 0.5),
    );
  }
  const program = await backend.compile({
    inputs: [spec, spec],
    outputs: [spec],
    temporaries: [],
    steps: [{ kernel: product(size), inputs: [0, 1], output: 2 }],
  });
  Deno.bench({
    name: `contractKernel() ${size} x ${size} x ${size}`,
    group: `matmul ${size}`,
    fn() {
      program.run([left!, right!], [output!]);
    },
  });
}
