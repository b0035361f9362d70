import { assert, assertEquals } from "@std/assert";
import type { RowsKernel } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";
import { bringsRowsNear } from "./next_row.ts";
import { planRows } from "./rows_plan.ts";

/** Elements less their row's maximum; the rows are the last ones of an array. */
function kernel(
  [count, length]: readonly [number, number],
  { offset = 0, stride = length }: {
    readonly offset?: number;
    readonly stride?: number;
  } = {},
): RowsKernel {
  return {
    kind: "rows",
    shape: [count],
    over: [length],
    each: "element",
    operands: [{ dtype: "float32", strides: [stride, 1], offset }],
    body: [
      { kind: "load", operand: 0, dtype: "float32" },
      { kind: "fold", combine: "maximum", x: 0, dtype: "float32" },
      { kind: "binary", fn: "sub", left: 0, right: 1, dtype: "float32" },
    ],
    dtype: "float32",
  };
}

Deno.test.each<{ name: string; of: RowsKernel; want: boolean }>([
  { name: "long rows", of: kernel([3, 1024]), want: true },
  { name: "short rows", of: kernel([3, 64]), want: false },
  { name: "one row", of: kernel([1, 1024]), want: false },
  {
    name: "a row that is used again and again",
    of: kernel([3, 1024], { stride: 0 }),
    want: false,
  },
])("bringsRowsNear() of $name is $want", ({ of, want }) => {
  assertEquals(bringsRowsNear(planRows(of)), want);
});

Deno.test("NextRow reads nothing behind the last row, where the memory may end", async () => {
  const [memoryBytes, count, length] = [2 ** 20, 2, 4096];
  const backend = createWasmBackend({ memoryBytes, threads: 1 });
  const result = { dtype: "float32", size: count * length } as const;
  const output = backend.allocate(result);
  const spared = 4 * result.size + 2048;
  const spec = { dtype: "float32", size: (memoryBytes - spared) / 4 } as const;
  const input = backend.allocate(spec);
  using program = await backend.compile({
    inputs: [spec],
    outputs: [result],
    temporaries: [],
    steps: [{
      kernel: kernel([count, length], { offset: spec.size - result.size }),
      inputs: [0],
      output: 1,
    }],
  });
  assert(4 * length > 2048, "the next row would end behind the memory");
  program.run([input], [output]);
});
