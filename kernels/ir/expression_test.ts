import { assertEquals } from "@std/assert";
import { type Instruction, usesOf } from "./expression.ts";

Deno.test.each<{ instruction: Instruction; want: number[] }>([
  { instruction: { kind: "load", operand: 3, dtype: "bool" }, want: [] },
  { instruction: { kind: "constant", value: 3, dtype: "int32" }, want: [] },
  { instruction: { kind: "coordinate", axis: 1, dtype: "int32" }, want: [] },
  { instruction: { kind: "accumulator", dtype: "float32" }, want: [] },
  {
    instruction: { kind: "fold", combine: "add", x: 6, dtype: "int32" },
    want: [6],
  },
  {
    instruction: {
      kind: "gather",
      operand: 1,
      index: 4,
      stride: 1,
      size: 9,
      dtype: "bool",
    },
    want: [4],
  },
  {
    instruction: { kind: "unary", fn: "abs", x: 2, dtype: "int32" },
    want: [2],
  },
  { instruction: { kind: "cast", x: 5, dtype: "int32" }, want: [5] },
  {
    instruction: {
      kind: "binary",
      fn: "sub",
      left: 7,
      right: 6,
      dtype: "int32",
    },
    want: [7, 6],
  },
  {
    instruction: {
      kind: "select",
      condition: 3,
      whenTrue: 2,
      whenFalse: 1,
      dtype: "int32",
    },
    want: [3, 2, 1],
  },
])("usesOf() $instruction.kind", ({ instruction, want }) => {
  assertEquals(usesOf(instruction), want);
});
