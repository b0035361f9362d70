import { assertEquals } from "@std/assert";
import type { Kernel, MapKernel } from "./kernel.ts";
import { mayOverwrite } from "./may_overwrite.ts";

const NEG: MapKernel = {
  kind: "map",
  shape: [2, 1, 3],
  operands: [{ dtype: "float32", strides: [3, 3, 1], offset: 0 }],
  body: [
    { kind: "load", operand: 0, dtype: "float32" },
    { kind: "unary", fn: "neg", x: 0, dtype: "float32" },
  ],
  dtype: "float32",
};

function reading(strides: readonly number[], offset = 0): MapKernel {
  return { ...NEG, operands: [{ dtype: "float32", strides, offset }] };
}

Deno.test.each<{ name: string; kernel: Kernel; want: boolean }>([
  { name: "element by element", kernel: NEG, want: true },
  {
    name: "any stride along one place",
    kernel: reading([3, 0, 1]),
    want: true,
  },
  {
    name: "into another dtype of the same size",
    kernel: { ...NEG, dtype: "int32" },
    want: true,
  },
  {
    name: "into another dtype of another size",
    kernel: { ...NEG, dtype: "bool" },
    want: false,
  },
  { name: "in another order", kernel: reading([1, 1, 2]), want: false },
  { name: "one row for all", kernel: reading([0, 0, 1]), want: false },
  { name: "from elsewhere", kernel: reading([3, 3, 1], 1), want: false },
  {
    name: "where an index says",
    kernel: {
      ...NEG,
      operands: [NEG.operands[0]!, { ...NEG.operands[0]!, dtype: "int32" }],
      body: [
        { kind: "load", operand: 1, dtype: "int32" },
        {
          kind: "gather",
          operand: 0,
          index: 0,
          stride: 1,
          size: 3,
          dtype: "float32",
        },
      ],
    },
    want: false,
  },
  {
    name: "by a reduction",
    kernel: {
      kind: "reduce",
      shape: [3],
      over: [1],
      operands: [{ dtype: "float32", strides: [1, 1], offset: 0 }],
      body: [{ kind: "load", operand: 0, dtype: "float32" }],
      combine: "add",
      epilogue: [{ kind: "accumulator", dtype: "float32" }],
      dtype: "float32",
    },
    want: false,
  },
])(
  "mayOverwrite() of an operand that is read $name: $want",
  ({ kernel, want }) => {
    assertEquals(mayOverwrite(kernel, 0), want);
  },
);
