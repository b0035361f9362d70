import { assertEquals } from "@std/assert";
import type { Expression } from "./expression.ts";
import type { Operand } from "./kernel.ts";
import { variesAlongRow } from "./row_values.ts";

const MATRIX: Operand = { dtype: "float32", strides: [3, 1], offset: 0 };
const LOAD: Expression = [{ kind: "load", operand: 0, dtype: "float32" }];

// Expected values: read off the strides.
Deno.test.each<
  { name: string; body: Expression; operand?: Operand; want: boolean[] }
>([
  { name: "an element", body: LOAD, want: [true] },
  {
    name: "an element that is stretched along the row",
    body: LOAD,
    operand: { ...MATRIX, strides: [1, 0] },
    want: [false],
  },
  {
    name: "a fold, and what is made of it",
    body: [
      ...LOAD,
      { kind: "fold", combine: "add", x: 0, dtype: "float32" },
      { kind: "unary", fn: "neg", x: 1, dtype: "float32" },
      { kind: "binary", fn: "add", left: 0, right: 2, dtype: "float32" },
    ],
    want: [true, false, false, true],
  },
  {
    name: "coordinates",
    body: [
      { kind: "coordinate", axis: 0, dtype: "int32" },
      { kind: "coordinate", axis: 1, dtype: "int32" },
    ],
    want: [false, true],
  },
])("variesAlongRow() knows $name", ({ body, operand = MATRIX, want }) => {
  const space = { shape: [2], over: [3] };
  assertEquals(variesAlongRow({ ...space, operands: [operand], body }), want);
});

Deno.test("variesAlongRow() is false along rows of one element", () => {
  const operands = [MATRIX];
  const space = { shape: [2], over: [1] };
  assertEquals(variesAlongRow({ ...space, operands, body: LOAD }), [false]);
});
