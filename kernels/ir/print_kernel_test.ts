import { assertEquals, assertNotEquals } from "@std/assert";
import type { Instruction } from "./expression.ts";
import type { Kernel, MapKernel, Operand } from "./kernel.ts";
import { printKernel } from "./print_kernel.ts";

const FLOATS: Operand = { dtype: "float32", strides: [2, 1], offset: 3 };
const WHOLES: Operand = { dtype: "int32", strides: [0, -1], offset: 7 };

const EVERY_INSTRUCTION: MapKernel = {
  kind: "map",
  shape: [4, 2],
  operands: [FLOATS, WHOLES],
  body: [
    { kind: "load", operand: 1, dtype: "int32" },
    {
      kind: "gather",
      operand: 0,
      index: 0,
      stride: 5,
      size: 9,
      dtype: "float32",
    },
    { kind: "constant", value: -0, dtype: "float32" },
    { kind: "coordinate", axis: 1, dtype: "int32" },
    { kind: "cast", x: 3, dtype: "float32" },
    { kind: "unary", fn: "tanh", x: 1, dtype: "float32" },
    { kind: "binary", fn: "less", left: 2, right: 4, dtype: "bool" },
    {
      kind: "select",
      condition: 6,
      whenTrue: 5,
      whenFalse: 2,
      dtype: "float32",
    },
  ],
  dtype: "float32",
};

const SCAN: Kernel = {
  kind: "scan",
  shape: [3, 2],
  axis: 0,
  combine: "maximum",
  isReverse: true,
  isExclusive: true,
  operands: [FLOATS],
  body: [{ kind: "load", operand: 0, dtype: "float32" }],
  dtype: "float32",
};

const SORT: Kernel = {
  kind: "sort",
  shape: [3, 2],
  axis: 0,
  count: 2,
  isDescending: false,
  result: "values",
  operands: [FLOATS],
  dtype: "float32",
};

Deno.test.each<{ name: string; kernel: Kernel; want: string[] }>([
  {
    name: "a map with every instruction",
    kernel: EVERY_INSTRUCTION,
    want: [
      "map float32[4,2]",
      "  @0 float32 strides [2,1] offset 3",
      "  @1 int32 strides [0,-1] offset 7",
      "  body",
      "    %0 int32 = load @1",
      "    %1 float32 = gather @0 at %0 stride 5 size 9",
      "    %2 float32 = constant -0",
      "    %3 int32 = coordinate 1",
      "    %4 float32 = cast %3",
      "    %5 float32 = tanh %1",
      "    %6 bool = less %2 %4",
      "    %7 float32 = select %6 %5 %2",
    ],
  },
  {
    name: "a reduction",
    kernel: {
      kind: "reduce",
      shape: [4],
      over: [2],
      combine: "add",
      operands: [FLOATS],
      body: [{ kind: "load", operand: 0, dtype: "float32" }],
      epilogue: [{ kind: "accumulator", dtype: "float32" }],
      dtype: "float32",
    },
    want: [
      "reduce float32[4] add over [2]",
      "  @0 float32 strides [2,1] offset 3",
      "  body",
      "    %0 float32 = load @0",
      "  epilogue",
      "    %0 float32 = accumulator",
    ],
  },
  {
    name: "whole rows",
    kernel: {
      kind: "rows",
      shape: [4],
      over: [2],
      each: "row",
      operands: [FLOATS],
      body: [
        { kind: "load", operand: 0, dtype: "float32" },
        { kind: "fold", combine: "maximum", x: 0, dtype: "float32" },
      ],
      dtype: "float32",
    },
    want: [
      "rows float32[4] over [2] each row",
      "  @0 float32 strides [2,1] offset 3",
      "  body",
      "    %0 float32 = load @0",
      "    %1 float32 = fold maximum %0",
    ],
  },
  {
    name: "a matrix product",
    kernel: {
      kind: "contract",
      batch: [],
      rows: 4,
      depth: 2,
      columns: 3,
      operands: [FLOATS, FLOATS],
      epilogue: [{ kind: "accumulator", dtype: "float32" }],
      dtype: "float32",
    },
    want: [
      "contract float32[] 4x2x3",
      "  @0 float32 strides [2,1] offset 3",
      "  @1 float32 strides [2,1] offset 3",
      "  epilogue",
      "    %0 float32 = accumulator",
    ],
  },
  {
    name: "a convolution",
    kernel: {
      kind: "convolution",
      batch: 6,
      groups: 1,
      channels: 4,
      depth: 5,
      axes: [
        {
          input: 9,
          kernel: 3,
          output: 8,
          stride: 2,
          dilation: 3,
          inputDilation: 4,
          padding: -1,
        },
      ],
      operands: [FLOATS, FLOATS],
      epilogue: [{ kind: "accumulator", dtype: "float32" }],
      dtype: "float32",
    },
    want: [
      "convolution float32[6] groups 1 5->4 (9x3->8 stride 2 dilation 3/4 padding -1)",
      "  @0 float32 strides [2,1] offset 3",
      "  @1 float32 strides [2,1] offset 3",
      "  epilogue",
      "    %0 float32 = accumulator",
    ],
  },
  {
    name: "a scatter",
    kernel: {
      kind: "scatter",
      shape: [4, 2],
      operands: [FLOATS, WHOLES],
      axis: 0,
      size: 9,
      dtype: "float32",
    },
    want: [
      "scatter float32[4,2] axis 0 into 9",
      "  @0 float32 strides [2,1] offset 3",
      "  @1 int32 strides [0,-1] offset 7",
    ],
  },
  {
    name: "elements that go to the largest of blocks",
    kernel: {
      kind: "scatterMax",
      shape: [4],
      over: [2],
      operands: [FLOATS, { ...FLOATS, strides: [1] }],
      output: [9],
      target: [2, 1],
      dtype: "float32",
    },
    want: [
      "scatterMax float32[9] blocks [4] over [2] steps [2,1]",
      "  @0 float32 strides [2,1] offset 3",
      "  @1 float32 strides [1] offset 3",
    ],
  },
  {
    name: "an array put together",
    kernel: {
      kind: "assemble",
      shape: [9, 2],
      value: -0,
      operands: [FLOATS],
      pieces: [{
        shape: [4, 2],
        offset: [1, 0],
        steps: [2, 1],
        body: [{ kind: "load", operand: 0, dtype: "float32" }],
      }],
      dtype: "float32",
    },
    want: [
      "assemble float32[9,2] around -0",
      "  @0 float32 strides [2,1] offset 3",
      "  piece [4,2] at [1,0] steps [2,1]",
      "    %0 float32 = load @0",
    ],
  },
  {
    name: "an attention",
    kernel: {
      kind: "attention",
      role: "output",
      batch: [2],
      queries: 3,
      keys: 4,
      depth: 5,
      width: 6,
      scale: 0.5,
      isCausal: true,
      operands: [FLOATS],
      dtype: "float32",
    },
    want: [
      "attention output float32[2] 3x4 of 5 to 6 scale 0.5 causal",
      "  @0 float32 strides [2,1] offset 3",
    ],
  },
  {
    name: "random numbers",
    kernel: {
      kind: "random",
      shape: [4, 2],
      distribution: "normal",
      key: [5, 6],
      operands: [],
      dtype: "float32",
    },
    want: ["random float32[4,2] normal key 5,6"],
  },
  {
    name: "a scan",
    kernel: SCAN,
    want: [
      "scan float32[3,2] maximum axis 0 reverse exclusive",
      "  @0 float32 strides [2,1] offset 3",
      "  body",
      "    %0 float32 = load @0",
    ],
  },
  {
    name: "a plain scan",
    kernel: { ...SCAN, isReverse: false, isExclusive: false },
    want: [
      "scan float32[3,2] maximum axis 0",
      "  @0 float32 strides [2,1] offset 3",
      "  body",
      "    %0 float32 = load @0",
    ],
  },
  {
    name: "a sort",
    kernel: SORT,
    want: [
      "sort float32[3,2] values axis 0 ascending first 2",
      "  @0 float32 strides [2,1] offset 3",
    ],
  },
  {
    name: "a sort of places",
    kernel: { ...SORT, result: "indices", isDescending: true, dtype: "int32" },
    want: [
      "sort int32[3,2] indices axis 0 descending first 2",
      "  @0 float32 strides [2,1] offset 3",
    ],
  },
])("printKernel() writes $name", ({ kernel, want }) => {
  assertEquals(printKernel(kernel).split("\n"), want);
});

Deno.test.each<{ name: string; change: Partial<MapKernel> }>([
  { name: "the shape", change: { shape: [2, 4] } },
  { name: "an operand's dtype", change: { operands: [WHOLES, WHOLES] } },
  { name: "a stride", change: { operands: [{ ...FLOATS, strides: [1, 2] }] } },
  { name: "an offset", change: { operands: [{ ...FLOATS, offset: 4 }] } },
  { name: "the output's dtype", change: { dtype: "int32" } },
])("printKernel() tells kernels apart by $name", ({ change }) => {
  const changed = { ...EVERY_INSTRUCTION, ...change };
  assertNotEquals(printKernel(changed), printKernel(EVERY_INSTRUCTION));
});

Deno.test("printKernel() tells instructions apart by every field", () => {
  const body = EVERY_INSTRUCTION.body;
  const original = printKernel(EVERY_INSTRUCTION);
  body.forEach((instruction, place) => {
    for (const [field, value] of Object.entries(instruction)) {
      if (typeof value !== "number") continue;
      const other = { ...instruction, [field]: value + 1 } as Instruction;
      const changed = { ...EVERY_INSTRUCTION, body: body.with(place, other) };
      assertNotEquals(printKernel(changed), original, `${place} ${field}`);
    }
  });
});
