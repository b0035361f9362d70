import { createWasmBackend } from "../mod.ts";

const SPEC = { dtype: "float32", size: 4_000_000 } as const;

const backend = createWasmBackend({ memoryBytes: 2 ** 25, threads: 1 });
const output = backend.allocate(SPEC);

// 16 MB are written each time.
for (const distribution of ["uniform", "normal"] as const) {
  const program = await backend.compile({
    inputs: [],
    outputs: [SPEC],
    temporaries: [],
    steps: [{
      kernel: {
        kind: "random",
        shape: [SPEC.size],
        distribution,
        key: [1, 2],
        operands: [],
        dtype: "float32",
      },
      inputs: [],
      output: 0,
    }],
  });
  Deno.bench({
    name: `randomKernel() ${distribution}`,
    fn() {
      program.run([], [output]);
    },
  });
}
