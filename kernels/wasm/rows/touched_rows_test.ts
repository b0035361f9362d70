import { assertEquals } from "@std/assert";
import type { RowsKernel } from "../../ir/mod.ts";
import { planRows } from "./rows_plan.ts";
import { touchesRows } from "./touched_rows.ts";

/** Elements of an input less their row's maximum, or that maximum. */
function kernel(
  [count, length]: readonly [number, number],
  { stride = length, each = "element" }: {
    readonly stride?: number;
    readonly each?: RowsKernel["each"];
  } = {},
): RowsKernel {
  return {
    kind: "rows",
    shape: [count],
    over: [length],
    each,
    operands: [{ dtype: "float32", strides: [stride, 1], offset: 0 }],
    body: [
      { kind: "load", operand: 0, dtype: "float32" },
      { kind: "fold", combine: "maximum", x: 0, dtype: "float32" },
      ...each === "row" ? [] : [
        { kind: "binary", fn: "sub", left: 0, right: 1, dtype: "float32" },
      ] as const,
    ],
    dtype: "float32",
  };
}

Deno.test.each<{ name: string; of: RowsKernel; want: boolean }>([
  { name: "large arrays", of: kernel([512, 1024]), want: true },
  { name: "what a cache holds", of: kernel([511, 1024]), want: false },
  { name: "rows of many pages", of: kernel([64, 8193]), want: false },
  {
    name: "an input that is read alone",
    of: kernel([512, 1024], { each: "row" }),
    want: true,
  },
  {
    name: "an output of one element a row, and an input with gaps",
    of: kernel([512, 1024], { each: "row", stride: 1025 }),
    want: false,
  },
])("touchesRows() of $name is $want", ({ of, want }) => {
  assertEquals(touchesRows(planRows(of)), want);
});
