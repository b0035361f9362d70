import { assertEquals } from "@std/assert";
import type { DType } from "../../../core/base/mod.ts";
import { ExpressionBuilder, type RowsKernel } from "../../ir/mod.ts";
import { planRows } from "./rows_plan.ts";

/** Two dear values that are folded, and used in the row again. */
function kernel(
  dtype: DType,
  { each = "element" }: Partial<Pick<RowsKernel, "each">> = {},
): RowsKernel {
  const b = new ExpressionBuilder();
  const x = b.load(0, "float32");
  const power = b.unary("exp", x);
  const sine = b.unary("sin", b.binary("mul", [power, b.fold("add", power)]));
  const largest = b.fold("maximum", sine);
  if (each === "element") {
    const all = b.binary("sub", [sine, b.binary("mul", [power, largest])]);
    b.cast(all, dtype === "bool" ? "bool" : "float32");
  }
  return {
    kind: "rows",
    shape: [3, 2],
    over: [5, 4],
    each,
    operands: [{ dtype: "float32", strides: [40, 20, 4, 1], offset: 0 }],
    body: b.expression,
    dtype,
  };
}

Deno.test.each<{ dtype: DType; want: string[] }>([
  { dtype: "float32", want: ["output", "scratch 0"] },
  { dtype: "float16", want: ["scratch 0", "scratch 1"] },
  { dtype: "bool", want: ["scratch 0", "scratch 1"] },
])(
  "planRows() keeps values in $want before it writes $dtype",
  ({ dtype, want }) => {
    assertEquals([...planRows(kernel(dtype)).places.values()], want);
  },
);

Deno.test("planRows() keeps nothing in an output of one element a row", () => {
  const { places } = planRows(kernel("float32", { each: "row" }));
  assertEquals([...places.values()], ["scratch 0"]);
});

Deno.test("planRows() makes one axis of rows, and one of what is within them", () => {
  const { outer, over, views } = planRows(kernel("float32"));
  assertEquals([outer, over], [[6], [20]]);
  assertEquals(views.map(({ name, strides }) => [name, ...strides]), [
    ["@0", 20, 1],
    ["output", 20, 1],
    ["scratch 0", 0, 1],
  ]);
});
