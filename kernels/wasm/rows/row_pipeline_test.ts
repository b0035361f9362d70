import { assertEquals } from "@std/assert";
import type { Expression, RowsKernel } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";
import { isPipelined } from "./row_pipeline.ts";
import { planRows } from "./rows_plan.ts";

/** Elements less their row's maximum. */
const BELOW: Expression = [
  { kind: "load", operand: 0, dtype: "float32" },
  { kind: "fold", combine: "maximum", x: 0, dtype: "float32" },
  { kind: "binary", fn: "sub", left: 0, right: 1, dtype: "float32" },
];

/** The same, and as many instructions more. */
function longer(count: number): Expression {
  const halves = Array.from({ length: count }, (_, i) => ({
    kind: "binary",
    fn: "add",
    left: 2 + i,
    right: 2 + i,
    dtype: "float32",
  } as const));
  return [...BELOW, ...halves];
}

function kernel(
  [count, length]: readonly [number, number],
  { body = BELOW, offset = 0 }: {
    readonly body?: Expression;
    readonly offset?: number;
  } = {},
): RowsKernel {
  return {
    kind: "rows",
    shape: [count],
    over: [length],
    each: "element",
    operands: [{ dtype: "float32", strides: [length, 1], offset }],
    body,
    dtype: "float32",
  };
}

Deno.test.each<{ name: string; of: RowsKernel; want: boolean }>([
  { name: "long rows", of: kernel([3, 1024]), want: true },
  { name: "short rows", of: kernel([3, 64]), want: false },
  { name: "rows that fill a cache", of: kernel([3, 70_000]), want: false },
  { name: "one row", of: kernel([1, 1024]), want: false },
  {
    name: "rows that are walked once",
    of: kernel([3, 1024], { body: BELOW.slice(0, 1) }),
    want: false,
  },
  {
    name: "rows of much to compute",
    of: kernel([3, 1024], { body: longer(20) }),
    want: false,
  },
])("isPipelined() of $name is $want", ({ of, want }) => {
  assertEquals(isPipelined(planRows(of)), want);
});

Deno.test("emitPipeline() reads nothing behind the last row, where the memory may end", async () => {
  const [memoryBytes, count, length] = [2 ** 20, 3, 4096];
  const backend = createWasmBackend({ memoryBytes, threads: 1 });
  const result = { dtype: "float32", size: count * length } as const;
  const output = backend.allocate(result);
  const spared = 4 * result.size + 2048;
  const spec = { dtype: "float32", size: (memoryBytes - spared) / 4 } as const;
  const input = backend.allocate(spec);
  const last = spec.size - result.size;
  const elements = new Float32Array(spec.size);
  // The largest of row r is r + 1, in the middle.
  for (let row = 0; row < count; row++) {
    elements[last + row * length + length / 2] = row + 1;
  }
  backend.write(input, elements);
  using program = await backend.compile({
    inputs: [spec],
    outputs: [result],
    temporaries: [],
    steps: [{
      kernel: kernel([count, length], { offset: last }),
      inputs: [0],
      output: 1,
    }],
  });
  await program.run([input], [output]);
  const found = await backend.read(output);
  const starts = [0, 1, 2].map((row) => found[row * length]);
  assertEquals(starts, [-1, -2, -3]);
});
