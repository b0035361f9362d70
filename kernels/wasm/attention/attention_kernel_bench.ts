import { contiguousStrides, sizeOf } from "../../../core/base/mod.ts";
import {
  type AttentionKernel,
  attentionSpaces,
  outputShape,
} from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";

const backend = createWasmBackend({ memoryBytes: 2 ** 27, threads: 1 });

// Forward 4 and backward 10 operations for each score and number of a key: 537 and 1342 MFLOP for
// 8 heads of 512 by 512, half of it where later keys are out of sight.
const ROWS = [
  { heads: 8, length: 512 },
  { heads: 8, length: 512, isCausal: true },
  { heads: 32, length: 128 },
  { heads: 1, length: 2048 },
];

for (const { heads, length, isCausal = false } of ROWS) {
  for (const role of ["output", "gradients"] as const) {
    const head: Omit<AttentionKernel, "operands"> = {
      kind: "attention",
      role,
      batch: [heads],
      queries: length,
      keys: length,
      depth: 64,
      width: 64,
      scale: 0.125,
      isCausal,
      dtype: "float32",
    };
    const spaces = attentionSpaces(head).slice(0, -1);
    const kernel: AttentionKernel = {
      ...head,
      operands: spaces.map((space) => ({
        dtype: "float32",
        strides: contiguousStrides(space),
        offset: 0,
      })),
    };
    const inputs = spaces.map((space) => {
      const spec = { dtype: "float32", size: sizeOf(space) } as const;
      const buffer = backend.allocate(spec);
      const elements = Float32Array.from(
        { length: spec.size },
        () => Math.random() - 0.5,
      );
      backend.write(buffer, elements);
      return buffer;
    });
    const output = backend.allocate({
      dtype: "float32",
      size: sizeOf(outputShape(kernel)),
    });
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
    const name = `${heads} heads of ${length} by 64${
      isCausal ? " causal" : ""
    }`;
    Deno.bench({
      name: `attentionKernel() ${role} ${name}`,
      group: `attention ${name}`,
      fn() {
        program.run(inputs, [output]);
      },
    });
  }
}
