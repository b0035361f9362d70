import { assertEquals, assertThrows } from "@std/assert";
import {
  fillNormal,
  fillUniform,
  InvariantError,
  randomKey,
  sizeOf,
} from "../../core/base/mod.ts";
import {
  type Expression,
  type Kernel,
  type MapKernel,
  type Operand,
  outputShape,
  type ReduceKernel,
} from "../ir/mod.ts";
import type { ReferenceArray } from "./places.ts";
import { runKernel } from "./run_kernel.ts";

const LOAD: Expression = [{ kind: "load", operand: 0, dtype: "float32" }];
const SUM: Expression = [{ kind: "accumulator", dtype: "float32" }];

function view(strides: readonly number[], offset = 0): Operand {
  return { dtype: "float32", strides, offset };
}

function copy(shape: readonly number[], operand: Operand): MapKernel {
  return {
    kind: "map",
    shape,
    operands: [operand],
    body: LOAD,
    dtype: "float32",
  };
}

function reduce(
  shape: readonly number[],
  over: readonly number[],
  rest: Partial<ReduceKernel>,
): ReduceKernel {
  return {
    kind: "reduce",
    shape,
    over,
    combine: "add",
    operands: [view([...shape, ...over].map(() => 1))],
    body: LOAD,
    epilogue: SUM,
    dtype: "float32",
    ...rest,
  };
}

function rows(each: "element" | "row", body: Expression): Kernel {
  const operands = [view([3, 1])];
  const space = { shape: [2], over: [3] };
  return { kind: "rows", ...space, each, operands, body, dtype: "float32" };
}

function run(kernel: Kernel, ...inputs: readonly ReferenceArray[]): number[] {
  const output = new Float64Array(sizeOf(outputShape(kernel)));
  runKernel(kernel, inputs, output);
  return [...output];
}

const SIX = Float64Array.of(1, 2, 3, 10, 20, 30);

// Expected values: worked by hand.
Deno.test.each<{ name: string; kernel: Kernel; want: number[] }>([
  {
    name: "map: row by row",
    kernel: copy([2, 3], view([3, 1])),
    want: [1, 2, 3, 10, 20, 30],
  },
  {
    name: "map: transposed",
    kernel: copy([3, 2], view([1, 3])),
    want: [1, 10, 2, 20, 3, 30],
  },
  {
    name: "map: reversed from an offset",
    kernel: copy([3], view([-2], 5)),
    want: [30, 10, 2],
  },
  {
    name: "map: stretched",
    kernel: copy([2, 2], view([0, 3], 1)),
    want: [2, 20, 2, 20],
  },
  { name: "map: a scalar", kernel: copy([], view([], 4)), want: [20] },
  { name: "map: nothing", kernel: copy([2, 0], view([3, 1])), want: [] },
  {
    name: "map: coordinates",
    kernel: {
      kind: "map",
      shape: [2, 3],
      operands: [],
      body: [
        { kind: "coordinate", axis: 0, dtype: "int32" },
        { kind: "coordinate", axis: 1, dtype: "int32" },
        { kind: "binary", fn: "sub", left: 0, right: 1, dtype: "int32" },
      ],
      dtype: "int32",
    },
    want: [0, -1, -2, 1, 0, -1],
  },
  {
    name: "reduce: rows",
    kernel: reduce([2], [3], { operands: [view([3, 1])] }),
    want: [6, 60],
  },
  {
    name: "reduce: columns, the largest",
    kernel: reduce([3], [2], { operands: [view([1, 3])], combine: "maximum" }),
    want: [10, 20, 30],
  },
  {
    name: "rows: shares of the row's sum",
    kernel: rows("element", [
      ...LOAD,
      { kind: "fold", combine: "add", x: 0, dtype: "float32" },
      { kind: "binary", fn: "div", left: 0, right: 1, dtype: "float32" },
    ]),
    want: [1 / 6, 2 / 6, 3 / 6, 10 / 60, 20 / 60, 30 / 60],
  },
  {
    name: "rows: a fold of what another fold is part of, once a row",
    kernel: rows("row", [
      ...LOAD,
      { kind: "fold", combine: "maximum", x: 0, dtype: "float32" },
      { kind: "binary", fn: "sub", left: 1, right: 0, dtype: "float32" },
      { kind: "fold", combine: "add", x: 2, dtype: "float32" },
    ]),
    want: [2 + 1, 20 + 10],
  },
  {
    name: "reduce: everything, multiplied",
    kernel: reduce([], [2, 3], { operands: [view([3, 1])], combine: "mul" }),
    want: [36000],
  },
  {
    name: "reduce: a prologue, and an epilogue with an operand over the output",
    kernel: reduce([2], [3], {
      operands: [view([3, 1]), view([3])],
      body: [...LOAD, {
        kind: "binary",
        fn: "mul",
        left: 0,
        right: 0,
        dtype: "float32",
      }],
      epilogue: [
        ...SUM,
        { kind: "load", operand: 1, dtype: "float32" },
        { kind: "binary", fn: "div", left: 0, right: 1, dtype: "float32" },
      ],
    }),
    want: [14, 140],
  },
  {
    name: "contract: a product of matrices",
    kernel: {
      kind: "contract",
      batch: [],
      rows: 2,
      columns: 2,
      depth: 3,
      operands: [view([3, 1]), view([1, 3])],
      epilogue: SUM,
      dtype: "float32",
    },
    want: [14, 140, 140, 1400],
  },
  {
    name: "contract: a batch, and a bias",
    kernel: {
      kind: "contract",
      batch: [2],
      rows: 1,
      columns: 1,
      depth: 3,
      operands: [view([3, 0, 1]), view([3, 1, 0]), view([0, 0, 0], 3)],
      epilogue: [
        ...SUM,
        { kind: "load", operand: 2, dtype: "float32" },
        { kind: "binary", fn: "add", left: 0, right: 1, dtype: "float32" },
      ],
      dtype: "float32",
    },
    want: [24, 1410],
  },
])("runKernel() $name", ({ kernel, want }) => {
  assertEquals(run(kernel, ...kernel.operands.map(() => SIX)), want);
});

Deno.test.each<{ combine: ReduceKernel["combine"]; want: number[] }>([
  { combine: "add", want: [0, 0] },
  { combine: "mul", want: [1, 1] },
  { combine: "maximum", want: [-Infinity, -(2 ** 31)] },
  { combine: "minimum", want: [Infinity, 2 ** 31 - 1] },
])("runKernel() reduce: $combine of nothing", ({ combine, want }) => {
  const whole = reduce([], [0], {
    combine,
    operands: [{ dtype: "int32", strides: [1], offset: 0 }],
    body: [{ kind: "load", operand: 0, dtype: "int32" }],
    epilogue: [{ kind: "accumulator", dtype: "int32" }],
    dtype: "int32",
  });
  const floats = reduce([], [0], { combine, operands: [view([1])] });
  assertEquals([run(floats, SIX)[0], run(whole, new Int32Array(0))[0]], want);
});

Deno.test.each<{ combine: "and" | "or"; elements: number[]; want: number }>([
  { combine: "and", elements: [1, 1, 0], want: 0 },
  { combine: "and", elements: [1, 1], want: 1 },
  { combine: "and", elements: [], want: 1 },
  { combine: "or", elements: [0, 1, 0], want: 1 },
  { combine: "or", elements: [], want: 0 },
])(
  "runKernel() reduce: $combine of [$elements]",
  ({ combine, elements, want }) => {
    const kernel = reduce([], [elements.length], {
      combine,
      operands: [{ dtype: "bool", strides: [1], offset: 0 }],
      body: [{ kind: "load", operand: 0, dtype: "bool" }],
      epilogue: [{ kind: "accumulator", dtype: "bool" }],
      dtype: "bool",
    });
    assertEquals(run(kernel, Uint8Array.from(elements)), [want]);
  },
);

Deno.test("runKernel() reduce: whole numbers wrap around", () => {
  for (const [combine, want] of [["add", -2], ["mul", 1]] as const) {
    const kernel = reduce([], [2], {
      combine,
      operands: [{ dtype: "int32", strides: [0], offset: 0 }],
      body: [{ kind: "load", operand: 0, dtype: "int32" }],
      epilogue: [{ kind: "accumulator", dtype: "int32" }],
      dtype: "int32",
    });
    assertEquals(run(kernel, Int32Array.of(2 ** 31 - 1)), [want]);
  }
});

Deno.test("runKernel() scatter: adds along an axis and drops what is out of range", () => {
  const kernel: Kernel = {
    kind: "scatter",
    shape: [2, 3],
    operands: [view([3, 1]), { dtype: "int32", strides: [3, 1], offset: 0 }],
    axis: 1,
    size: 2,
    dtype: "float32",
  };
  const index = Int32Array.of(0, 0, 1, -1, 2, -3);
  assertEquals(run(kernel, SIX, index), [3, 3, 0, 10]);
});

Deno.test("runKernel() random: the numbers of the key and the draw", () => {
  const key = randomKey(3);
  for (const distribution of ["uniform", "normal"] as const) {
    const [want, next] = [new Float32Array(5), new Float32Array(5)];
    const fill = distribution === "uniform" ? fillUniform : fillNormal;
    fill(key, want);
    fill(key, next, { draw: 1 });
    const kernel: Kernel = {
      kind: "random",
      shape: [5],
      distribution,
      key,
      operands: [],
      dtype: "float32",
    };
    assertEquals(run(kernel), [...want]);
    const draw = { dtype: "int32", strides: [], offset: 1 } as const;
    const numbered: Kernel = { ...kernel, operands: [draw] };
    assertEquals(run(numbered, Int32Array.of(7, 1)), [...next]);
  }
});

Deno.test("runKernel() rounds once, to what the output stores", () => {
  // (2^24 + 1) - 2^24: float32 has no 2^24 + 1, so a value stored on the way gives 0.
  const kernel: Kernel = {
    kind: "map",
    shape: [],
    operands: [view([])],
    body: [
      ...LOAD,
      { kind: "constant", value: 1, dtype: "float32" },
      { kind: "binary", fn: "add", left: 0, right: 1, dtype: "float32" },
      { kind: "binary", fn: "sub", left: 2, right: 0, dtype: "float32" },
    ],
    dtype: "float32",
  };
  const output = new Float32Array(1);
  runKernel(kernel, [Float32Array.of(2 ** 24)], output);
  assertEquals(output[0], 1);
});

Deno.test("runKernel() stops at a view that reaches outside its array", () => {
  assertThrows(
    () => run(copy([7], view([1])), SIX),
    InvariantError,
    "a view stays inside its array",
  );
});
