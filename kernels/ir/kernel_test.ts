import { assertEquals } from "@std/assert";
import { type Kernel, type Operand, outputShape } from "./kernel.ts";

const OPERAND: Operand = { dtype: "float32", strides: [3, 1], offset: 0 };
const INDEX: Operand = { dtype: "int32", strides: [3, 1], offset: 0 };

Deno.test.each<{ kernel: Kernel; want: number[] }>([
  {
    kernel: {
      kind: "map",
      shape: [2, 3],
      operands: [],
      body: [],
      dtype: "float32",
    },
    want: [2, 3],
  },
  {
    kernel: {
      kind: "reduce",
      shape: [2],
      over: [3],
      combine: "add",
      operands: [],
      body: [],
      epilogue: [],
      dtype: "float32",
    },
    want: [2],
  },
  {
    kernel: {
      kind: "rows",
      shape: [2],
      over: [3, 4],
      each: "element",
      operands: [],
      body: [],
      dtype: "float32",
    },
    want: [2, 3, 4],
  },
  {
    kernel: {
      kind: "rows",
      shape: [2],
      over: [3],
      each: "row",
      operands: [],
      body: [],
      dtype: "float32",
    },
    want: [2],
  },
  {
    kernel: {
      kind: "contract",
      batch: [7, 5],
      rows: 2,
      columns: 3,
      depth: 9,
      operands: [],
      epilogue: [],
      dtype: "float32",
    },
    want: [7, 5, 2, 3],
  },
  {
    kernel: {
      kind: "convolution",
      batch: 2,
      groups: 3,
      channels: 4,
      depth: 5,
      axes: [
        {
          input: 9,
          kernel: 3,
          output: 7,
          stride: 1,
          dilation: 1,
          inputDilation: 1,
          padding: 0,
        },
      ],
      operands: [],
      epilogue: [],
      dtype: "float32",
    },
    want: [2, 3, 4, 7],
  },
  {
    kernel: {
      kind: "scatter",
      shape: [2, 3],
      operands: [OPERAND, INDEX],
      axis: 0,
      size: 8,
      dtype: "float32",
    },
    want: [8, 3],
  },
  ...([
    ["output", [7, 2, 5]],
    ["logSumExp", [7, 2]],
    ["gradients", [7, 2 * 4 + 3 * 4 + 3 * 5]],
  ] as const).map(([role, want]) => ({
    kernel: {
      kind: "attention",
      role,
      batch: [7],
      queries: 2,
      keys: 3,
      depth: 4,
      width: 5,
      scale: 1,
      isCausal: false,
      operands: [],
      dtype: "float32",
    } as const,
    want: [...want],
  })),
  {
    kernel: {
      kind: "random",
      shape: [4],
      distribution: "uniform",
      key: [0, 0],
      operands: [],
      dtype: "float32",
    },
    want: [4],
  },
  {
    kernel: {
      kind: "scan",
      shape: [4, 2],
      axis: 0,
      combine: "add",
      isReverse: false,
      isExclusive: false,
      operands: [],
      body: [],
      dtype: "float32",
    },
    want: [4, 2],
  },
  {
    kernel: {
      kind: "sort",
      shape: [4, 9],
      axis: 1,
      count: 3,
      isDescending: false,
      result: "values",
      operands: [OPERAND],
      dtype: "float32",
    },
    want: [4, 3],
  },
])("outputShape() $kernel.kind", ({ kernel, want }) => {
  assertEquals(outputShape(kernel), want);
});
