import { assertEquals } from "@std/assert";
import { ExpressionBuilder, type RowsKernel } from "../../ir/mod.ts";
import { planPasses } from "./row_passes.ts";

type Write = (builder: ExpressionBuilder) => void;

function rows(
  write: Write,
  { each = "element", operands = 1 }: {
    readonly each?: RowsKernel["each"];
    readonly operands?: number;
  } = {},
): RowsKernel {
  const builder = new ExpressionBuilder();
  write(builder);
  return {
    kind: "rows",
    shape: [2],
    over: [8],
    each,
    operands: Array.from({ length: operands }, () => ({
      dtype: "float32",
      strides: [8, 1],
      offset: 0,
    })),
    body: builder.expression,
    dtype: "float32",
  };
}

Deno.test("planPasses() keeps what is dear, and computes again what is cheap", () => {
  const { passes, still } = planPasses(rows((b) => {
    const x = b.load(0, "float32"); // 0
    const largest = b.fold("maximum", x); // 1
    const shifted = b.binary("sub", [x, largest]); // 2
    const weight = b.unary("exp", shifted); // 3
    const total = b.fold("add", weight); // 4
    const logarithm = b.unary("log", total); // 5
    b.binary("sub", [b.binary("mul", [shifted, weight]), logarithm]); // 6, 7
  }));
  assertEquals(passes, [
    { folds: [1], computed: [0], kept: [], read: [] },
    { folds: [4], computed: [0, 2, 3], kept: [3], read: [] },
    { folds: [], computed: [0, 2, 6, 7], kept: [], read: [3] },
  ]);
  assertEquals(still, [1, 4, 5]);
});

Deno.test("planPasses() walks once for folds that do not need each other", () => {
  const { passes } = planPasses(rows((b) => {
    const x = b.load(0, "float32"); // 0
    const sum = b.fold("add", x); // 1
    const squares = b.fold("add", b.binary("mul", [x, x])); // 2, 3
    b.binary("sub", [squares, sum]); // 4
  }, { each: "row" }));
  assertEquals(passes, [
    { folds: [1, 3], computed: [0, 2], kept: [], read: [] },
  ]);
});

Deno.test("planPasses() leaves out what the result does not need", () => {
  const { passes } = planPasses(rows((b) => {
    const x = b.load(0, "float32"); // 0
    b.fold("add", b.load(1, "float32")); // 1, 2
    b.unary("neg", x); // 3
  }, { operands: 2 }));
  assertEquals(passes, [
    { folds: [], computed: [0, 3], kept: [], read: [] },
  ]);
});
