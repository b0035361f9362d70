import type { ScanFn } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";

const SHAPE = [4096, 1024] as const;
const SPEC = { dtype: "float32", size: SHAPE[0] * SHAPE[1] } as const;

const backend = createWasmBackend({ memoryBytes: 2 ** 26, threads: 1 });
const [input, output] = [backend.allocate(SPEC), backend.allocate(SPEC)];
backend.write(
  input,
  Float32Array.from({ length: SPEC.size }, () => Math.random()),
);

async function bench(
  combine: ScanFn,
  axis: number,
  isReverse: boolean,
): Promise<void> {
  const program = await backend.compile({
    inputs: [SPEC],
    outputs: [SPEC],
    temporaries: [],
    steps: [{
      kernel: {
        kind: "scan",
        shape: SHAPE,
        axis,
        combine,
        isReverse,
        isExclusive: false,
        operands: [{ dtype: "float32", strides: [SHAPE[1], 1], offset: 0 }],
        body: [{ kind: "load", operand: 0, dtype: "float32" }],
        dtype: "float32",
      },
      inputs: [0],
      output: 1,
    }],
  });
  Deno.bench({
    name: `scanCode() ${combine} axis ${axis}${isReverse ? " reverse" : ""}`,
    group: combine,
    fn() {
      program.run([input], [output]);
    },
  });
}

// 16.8 MB are read and as many written each time.
for (const combine of ["add", "maximum"] as const) {
  for (const axis of [0, 1]) {
    await bench(combine, axis, false);
    await bench(combine, axis, true);
  }
}
