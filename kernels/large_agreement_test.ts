/** Kernels that are computed in several calls or blocks, against the reference. */
import { assert } from "@std/assert";
import {
  contiguousStrides,
  type HostArray,
  hostArray,
  type Shape,
  sizeOf,
  valueDType,
} from "../core/base/mod.ts";
import { createTestBackend, WIDE_REFUSAL } from "./addresses_test.ts";
import type { Backend } from "./backend.ts";
import {
  type ContractKernel,
  type Expression,
  type Kernel,
  type MapKernel,
  type Operand,
  operandSpaces,
  outputShape,
  printKernel,
  type ReduceKernel,
  type RowsKernel,
} from "./ir/mod.ts";
import { GPU_ABSENCE } from "./gpu_absence_test.ts";
import { createGpuBackend } from "./gpu_backend_test.ts";
import { runKernel } from "./reference/mod.ts";
import { createWasmBackend } from "./wasm/mod.ts";

const LOAD: Expression = [{ kind: "load", operand: 0, dtype: "float32" }];
const SUM: Expression = [{ kind: "accumulator", dtype: "float32" }];
const ADD: Expression = [
  { kind: "load", operand: 0, dtype: "float32" },
  { kind: "load", operand: 1, dtype: "float32" },
  { kind: "binary", fn: "add", left: 0, right: 1, dtype: "float32" },
];

function view(strides: readonly number[], offset = 0): Operand {
  return { dtype: "float32", strides, offset };
}

function plain(shape: Shape): Operand {
  return view(contiguousStrides(shape));
}

function map(shape: Shape, operands: Operand[], body: Expression): MapKernel {
  return { kind: "map", shape, operands, body, dtype: body.at(-1)!.dtype };
}

function reduce(
  shape: Shape,
  over: Shape,
  rest: Pick<ReduceKernel, "operands"> & Partial<ReduceKernel>,
): ReduceKernel {
  return {
    kind: "reduce",
    shape,
    over,
    combine: "add",
    body: LOAD,
    epilogue: SUM,
    dtype: "float32",
    ...rest,
  };
}

/** What a value is above the row's smallest, and the sum of that over the row. */
const ABOVE: Expression = [
  { kind: "load", operand: 0, dtype: "float32" },
  { kind: "fold", combine: "minimum", x: 0, dtype: "float32" },
  { kind: "binary", fn: "sub", left: 0, right: 1, dtype: "float32" },
  { kind: "fold", combine: "add", x: 2, dtype: "float32" },
  { kind: "binary", fn: "sub", left: 2, right: 3, dtype: "float32" },
];

/** A size less the sum of all of them: too dear to be computed twice. */
const SIZES: Expression = [
  { kind: "load", operand: 0, dtype: "float32" },
  { kind: "binary", fn: "mul", left: 0, right: 0, dtype: "float32" },
  { kind: "unary", fn: "sqrt", x: 1, dtype: "float32" },
  { kind: "fold", combine: "add", x: 2, dtype: "float32" },
  { kind: "binary", fn: "sub", left: 2, right: 3, dtype: "float32" },
];

function rows(
  shape: Shape,
  over: Shape,
  { operand = plain([...shape, ...over]), body = ABOVE, each = "element" }: {
    readonly operand?: Operand;
    readonly body?: Expression;
    readonly each?: RowsKernel["each"];
  } = {},
): RowsKernel {
  const operands = [operand];
  return { kind: "rows", shape, over, each, operands, body, dtype: "float32" };
}

interface ProductOptions {
  readonly batch?: Shape;
  readonly isLeftTransposed?: boolean;
  readonly isRightTransposed?: boolean;
  readonly epilogue?: Expression;
  readonly others?: readonly Operand[];
}

function product(
  rows: number,
  depth: number,
  columns: number,
  {
    batch = [],
    isLeftTransposed = false,
    isRightTransposed = false,
    epilogue = SUM,
    others = [],
  }: ProductOptions = {},
): ContractKernel {
  const outer = (size: number) =>
    contiguousStrides(batch).map((stride) => stride * size);
  const left = isLeftTransposed ? [1, rows] : [depth, 1];
  const right = isRightTransposed ? [1, depth] : [columns, 1];
  return {
    kind: "contract",
    batch,
    rows,
    columns,
    depth,
    operands: [
      view([...outer(rows * depth), ...left]),
      view([...outer(depth * columns), ...right]),
      ...others,
    ],
    epilogue,
    dtype: epilogue.at(-1)!.dtype,
  };
}

const COORDINATES: Expression = [
  { kind: "coordinate", axis: 0, dtype: "int32" },
  { kind: "coordinate", axis: 1, dtype: "int32" },
  { kind: "binary", fn: "mul", left: 0, right: 1, dtype: "int32" },
];
const BIAS_RELU: Expression = [
  { kind: "accumulator", dtype: "float32" },
  { kind: "load", operand: 2, dtype: "float32" },
  { kind: "binary", fn: "add", left: 0, right: 1, dtype: "float32" },
  { kind: "constant", value: 0, dtype: "float32" },
  { kind: "binary", fn: "maximum", left: 2, right: 3, dtype: "float32" },
];
const IS_POSITIVE: Expression = [
  { kind: "constant", value: 0, dtype: "float32" },
  { kind: "accumulator", dtype: "float32" },
  { kind: "binary", fn: "less", left: 0, right: 1, dtype: "bool" },
];
const SCALED: Expression = [
  { kind: "accumulator", dtype: "float32" },
  { kind: "coordinate", axis: 1, dtype: "int32" },
  { kind: "cast", x: 1, dtype: "float32" },
  { kind: "binary", fn: "mul", left: 0, right: 2, dtype: "float32" },
];

const KERNELS: readonly { name: string; kernel: Kernel }[] = [
  {
    name: "map: one long line",
    kernel: map([65536 + 7], [view([1]), view([-1], 65542)], ADD),
  },
  {
    name: "map: many lines",
    kernel: map([5, 70, 401], [plain([5, 70, 401]), view([0, 3, 0])], ADD),
  },
  {
    name: "map: many short lines",
    kernel: map([40_000, 3], [plain([40_000, 3]), view([0, 1])], ADD),
  },
  {
    name: "map: a transpose",
    kernel: map([300, 257], [view([1, 300]), view([0, 1])], ADD),
  },
  {
    name: "map: a transpose of each matrix of a batch",
    kernel: map([3, 101, 301], [
      view([101 * 301, 1, 101]),
      view([0, 1, 0]),
    ], ADD),
  },
  {
    name: "map: a transpose whose columns are pages apart",
    kernel: map([131, 70], [view([1, 1024], 5), view([0, 1])], ADD),
  },
  {
    name: "map: a transpose whose rows are pages apart, with a tail of columns",
    kernel: map([66, 1024], [view([1, 66]), view([1024, 1])], ADD),
  },
  {
    name: "map: two transposes of pages, of few columns, backwards",
    kernel: map([2, 65, 7], [
      view([100, 1, -1024], 7000),
      view([0, 1, 2048], 3),
    ], ADD),
  },
  {
    name: "map: transposed axes around another one, pages apart",
    kernel: map([70, 3, 133], [view([1, 72, 3072]), plain([70, 3, 133])], ADD),
  },
  ...(["float16", "int8", "bool"] as const).map((dtype) => ({
    name: `map: a transpose of pages of ${dtype}`,
    kernel: map([75, 9], [{ dtype, strides: [1, 4096], offset: 1 }], [
      { kind: "load", operand: 0, dtype: valueDType(dtype) },
      { kind: "cast", x: 0, dtype: "float32" },
    ]),
  })),
  {
    name: "map: a transpose of pages into truth",
    kernel: map([129, 5], [view([1, 1024])], [
      ...LOAD,
      { kind: "constant", value: 0, dtype: "float32" },
      { kind: "binary", fn: "less", left: 0, right: 1, dtype: "bool" },
    ]),
  },
  {
    name: "map: two operands that lie along different axes",
    kernel: map([40, 50, 60], [view([1, 40, 2000]), view([50, 1, 2000])], ADD),
  },
  { name: "map: coordinates", kernel: map([300, 301], [], COORDINATES) },
  {
    name: "reduce: rows",
    kernel: reduce([700], [130], { operands: [view([130, 1])] }),
  },
  {
    name: "reduce: everything",
    kernel: reduce([], [140_003], { operands: [view([1])] }),
  },
  {
    name: "reduce: many short lines into one",
    kernel: reduce([], [20_000, 5], { operands: [view([7, 1])] }),
  },
  {
    name: "reduce: columns in several panels",
    kernel: reduce([1031], [130], { operands: [view([1, 1031])] }),
  },
  {
    name: "reduce: few columns, in blocks of rows",
    kernel: reduce([37], [5003], {
      operands: [view([1, 37]), view([1])],
      epilogue: [...SUM, { kind: "load", operand: 1, dtype: "float32" }, {
        kind: "binary",
        fn: "add",
        left: 0,
        right: 1,
        dtype: "float32",
      }],
    }),
  },
  {
    name: "reduce: channels, in blocks of matrices and a rest",
    kernel: reduce([2, 4], [270, 3, 60], {
      operands: [view([240, 60, 1440, 480, 1])],
      combine: "minimum",
    }),
  },
  {
    name: "reduce: truth of all rows, in blocks",
    kernel: reduce([3], [70_001], {
      operands: [{ dtype: "bool", strides: [70_001, 1], offset: 0 }],
      body: [{ kind: "load", operand: 0, dtype: "bool" }],
      epilogue: [{ kind: "accumulator", dtype: "bool" }],
      combine: "and",
      dtype: "bool",
    }),
  },
  {
    name: "reduce: columns of several matrices",
    kernel: reduce([5, 523], [61], { operands: [view([523 * 61, 1, 523])] }),
  },
  {
    name: "reduce: an outer and an inner axis, the largest",
    kernel: reduce([40], [70, 60], {
      operands: [view([60, 2400, 1])],
      combine: "maximum",
    }),
  },
  {
    name: "reduce: columns, the smallest",
    kernel: reduce([300], [70, 5], {
      operands: [view([1, 1500, 300])],
      combine: "minimum",
    }),
  },
  { name: "rows: many, of odd length", kernel: rows([701], [131]) },
  { name: "rows: some, of ten", kernel: rows([7001], [10]) },
  { name: "rows: a few long ones", kernel: rows([3], [20_011]) },
  { name: "rows: one", kernel: rows([], [60_001]) },
  ...[2, 3, 4].map((count) => ({
    name: `rows: ${count}, walked together`,
    kernel: rows([count], [257]),
  })),
  { name: "rows: many, walked together", kernel: rows([701], [300]) },
  {
    name: "rows: many, walked together, of what is kept",
    kernel: rows([701], [300], { body: SIZES }),
  },
  {
    name: "rows: more than a cache holds, walked together",
    kernel: rows([700], [1000]),
  },
  {
    name: "rows: of matrices with gaps, walked together",
    kernel: rows([5, 70], [300], { operand: view([80 * 310, 310, 1]) }),
  },
  {
    name: "rows: across memory",
    kernel: rows([130], [301], { operand: view([1, 130]) }),
  },
  {
    name: "rows: matrices with gaps",
    kernel: rows([5, 7], [30, 33], {
      operand: view([7 * 31 * 40, 31 * 40, 40, 1]),
    }),
  },
  {
    name: "rows: reversed, one value each",
    kernel: rows([401], [300], {
      operand: view([300, -1], 299),
      each: "row",
      body: ABOVE.slice(0, 4),
    }),
  },
  ...[false, true].flatMap((isLeftTransposed) =>
    [false, true].map((isRightTransposed) => ({
      name:
        `contract: blocks, transposed ${isLeftTransposed} ${isRightTransposed}`,
      kernel: product(131, 530, 29, { isLeftTransposed, isRightTransposed }),
    }))
  ),
  { name: "contract: many columns", kernel: product(6, 5, 2059) },
  {
    name: "contract: few rows by a large matrix, with a bias",
    kernel: product(7, 513, 517, {
      epilogue: BIAS_RELU,
      others: [view([0, 1])],
    }),
  },
  { name: "contract: few rows", kernel: product(2, 300, 130) },
  { name: "contract: one column", kernel: product(130, 300, 1) },
  { name: "contract: a batch", kernel: product(9, 30, 17, { batch: [2, 3] }) },
  {
    name: "contract: a batch by one matrix",
    kernel: {
      ...product(9, 30, 17, { batch: [4], epilogue: BIAS_RELU }),
      operands: [view([270, 30, 1]), view([0, 17, 1]), view([0, 0, 1])],
    },
  },
  {
    name: "contract: a batch by one matrix, with coordinates",
    kernel: {
      ...product(9, 30, 17, { batch: [4], epilogue: SCALED }),
      operands: [view([270, 30, 1]), view([0, 17, 1])],
    },
  },
  {
    name: "contract: steps in both directions",
    kernel: {
      ...product(33, 40, 21),
      operands: [view([80, 2]), view([42, -2], 40)],
    },
  },
  {
    name: "contract: bias and relu",
    kernel: product(60, 300, 50, {
      epilogue: BIAS_RELU,
      others: [view([0, 1])],
    }),
  },
  {
    name: "contract: a large transposed array is added",
    kernel: product(64, 5, 1024, {
      epilogue: BIAS_RELU,
      others: [view([1, 64])],
    }),
  },
  {
    name: "contract: truth as the output",
    kernel: product(60, 300, 50, { batch: [2], epilogue: IS_POSITIVE }),
  },
  {
    name: "scatter: rows of a table",
    kernel: {
      kind: "scatter",
      shape: [300, 65],
      operands: [plain([300, 65]), {
        dtype: "int32",
        strides: [1, 0],
        offset: 0,
      }],
      axis: 0,
      size: 40,
      dtype: "float32",
    },
  },
  ...[0, 1, 2].map((axis): { name: string; kernel: Kernel } => ({
    name: `scan: running sums along axis ${axis}`,
    kernel: {
      kind: "scan",
      shape: [2, 7, 1029],
      axis,
      combine: "add",
      isReverse: axis === 1,
      isExclusive: axis === 2,
      operands: [plain([2, 7, 1029])],
      body: [{ kind: "load", operand: 0, dtype: "float32" }],
      dtype: "float32",
    },
  })),
  ...(["values", "indices"] as const).map((
    result,
  ): { name: string; kernel: Kernel } => ({
    name: `sort: ${result} of long lines`,
    kernel: {
      kind: "sort",
      shape: [3, 20_001],
      axis: 1,
      count: 20_001,
      isDescending: result === "indices",
      result,
      operands: [plain([3, 20_001])],
      dtype: result === "indices" ? "int32" : "float32",
    },
  })),
  {
    name: "sort: the first few of long columns",
    kernel: {
      kind: "sort",
      shape: [20_001, 3],
      axis: 0,
      count: 200,
      isDescending: true,
      result: "indices",
      operands: [plain([20_001, 3])],
      dtype: "int32",
    },
  },
];

/** Small whole numbers: all sums of them are exact, so both sides must agree to the last bit. */
function elementsFor(kernel: Kernel): HostArray[] {
  let state = 12345;
  return kernel.operands.map(({ dtype, strides, offset }, operand) => {
    const { space } = operandSpaces(kernel).find(({ operands }) =>
      operands.includes(operand)
    )!;
    const last = strides.reduce(
      (sum, stride, axis) => sum + Math.max(0, stride * (space[axis]! - 1)),
      offset,
    );
    const elements = hostArray(dtype, last + 1);
    for (let i = 0; i <= last; i++) {
      state = Math.imul(state, 1664525) + 1013904223 | 0;
      const number = (state >>> 16) % 61 - 30;
      elements[i] = dtype === "bool" ? number & 1 : number;
    }
    return elements;
  });
}

async function assertAgreement(
  backend: Backend,
  kernel: Kernel,
): Promise<void> {
  const inputs = elementsFor(kernel);
  const size = sizeOf(outputShape(kernel));
  const want = hostArray(kernel.dtype, size);
  runKernel(kernel, inputs, want);
  // What a kernel forgets to write shows.
  const stain = backend.allocate({ dtype: "float32", size: 2 ** 21 });
  backend.write(stain, new Float32Array(stain.size).fill(NaN));
  backend.free(stain);
  const buffers = inputs.map((elements, i) => {
    const { dtype } = kernel.operands[i]!;
    const buffer = backend.allocate({ dtype, size: elements.length });
    backend.write(buffer, elements);
    return buffer;
  });
  const output = backend.allocate({ dtype: kernel.dtype, size });
  using program = await backend.compile({
    inputs: buffers,
    outputs: [output],
    temporaries: [],
    steps: [{
      kernel,
      inputs: buffers.map((_, i) => i),
      output: buffers.length,
    }],
  });
  await program.run(buffers, [output]);
  const got = await backend.read(output);
  for (const buffer of [...buffers, output]) backend.free(buffer);
  const wrong = want.findIndex((wanted, i) => got[i] !== wanted);
  assert(
    wrong === -1,
    `element ${wrong}: got ${got[wrong]}, want ${want[wrong]}\n${
      printKernel(kernel)
    }`,
  );
}

Deno.test.each(KERNELS)(
  "createWasmBackend() agrees on large kernels: $name",
  async ({ kernel }) => {
    await using backend = createWasmBackend({ memoryBytes: 2 ** 24 });
    await assertAgreement(backend, kernel);
  },
);

Deno.test.each([{ threads: 1 }, { threads: 2 }])(
  "createWasmBackend() agrees on large kernels with 64-bit addresses, $threads threads",
  {
    // A system that grants no such memory says so where the memory is tested.
    ignore: WIDE_REFUSAL !== undefined,
  },
  async ({ threads }) => {
    await using backend = createTestBackend("64-bit", {
      memoryBytes: 2 ** 24,
      threads,
    });
    for (const { kernel } of KERNELS) await assertAgreement(backend, kernel);
  },
);

Deno.test.each(KERNELS)(
  `createWebGpuBackend() agrees on large kernels: $name${GPU_ABSENCE}`,
  { ignore: GPU_ABSENCE !== "" },
  async ({ kernel }) => {
    await using backend = await createGpuBackend();
    await assertAgreement(backend, kernel);
  },
);
