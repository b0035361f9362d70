import type { SortKernel } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";

const backend = createWasmBackend({ memoryBytes: 2 ** 27, threads: 1 });

/** Sorts lines in every way, beside what the host has. */
async function bench(lines: number, length: number, k: number): Promise<void> {
  const group = `${lines} lines of ${length}`;
  const elements = Float32Array.from(
    { length: lines * length },
    () => Math.random(),
  );
  const spec = { dtype: "float32", size: lines * length } as const;
  const input = backend.allocate(spec);
  backend.write(input, elements);
  const ways: readonly Pick<SortKernel, "count" | "result">[] = [
    { result: "values", count: length },
    { result: "indices", count: length },
    { result: "indices", count: k },
  ];
  for (const { result, count } of ways) {
    const dtype = result === "values" ? "float32" : "int32";
    const output = backend.allocate({ dtype, size: lines * count });
    const program = await backend.compile({
      inputs: [spec],
      outputs: [output],
      temporaries: [],
      steps: [{
        kernel: {
          kind: "sort",
          shape: [lines, length],
          axis: 1,
          count,
          isDescending: false,
          result,
          operands: [{ dtype: "float32", strides: [length, 1], offset: 0 }],
          dtype,
        },
        inputs: [0],
        output: 1,
      }],
    });
    Deno.bench({
      name: `sortCode() ${count} ${result} of ${group}`,
      group,
      fn() {
        program.run([input], [output]);
      },
    });
  }
  Deno.bench({
    name: `Float32Array.prototype.sort() ${group}`,
    group,
    baseline: true,
    fn() {
      for (let i = 0; i < lines; i++) {
        elements.slice(i * length, (i + 1) * length).sort();
      }
    },
  });
}

await bench(100, 1000, 8);
await bench(1, 100_000, 50);
await bench(1, 1_000_000, 1000);
