import { assert, assertEquals } from "@std/assert";
import {
  contiguousStrides,
  type DType,
  itemBytes,
  type Shape,
  sizeOf,
} from "../../../core/base/mod.ts";
import {
  type AttentionRole,
  attentionSpaces,
  type ContractKernel,
  type ConvolutionAxis,
  type Expression,
  type Kernel,
  type Operand,
  outputShape,
  programOperandShape,
  type ReduceKernel,
  type ScanKernel,
} from "../../ir/mod.ts";
import { compileKernel } from "../compile_kernel.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import { Engine } from "../engine.ts";
import { createLinearMemory, type LinearMemory } from "../linear_memory.ts";
import { BoundProgram, layOut } from "../program.ts";
import { threadPlatform } from "./platform.ts";
import { ThreadPool } from "./thread_pool.ts";

const F32 = "float32";

function operand(shape: Shape, dtype: DType = F32): Operand {
  return { dtype, strides: contiguousStrides(shape), offset: 0 };
}

function load(index: number): Expression[number] {
  return { kind: "load", operand: index, dtype: F32 };
}

const ACCUMULATOR: Expression = [{ kind: "accumulator", dtype: F32 }];

function product(
  [rows, depth, columns]: readonly [number, number, number],
  batch: Shape = [],
): ContractKernel {
  return {
    kind: "contract",
    batch,
    rows,
    columns,
    depth,
    operands: [
      operand([...batch, rows, depth]),
      operand([...batch, depth, columns]),
    ],
    epilogue: ACCUMULATOR,
    dtype: F32,
  };
}

/** A product of `int8`; its right matrices lie line by line, or column by column. */
function wholeProduct(
  sizes: readonly [rows: number, depth: number, columns: number],
  { batch = [], isTurned = false }: {
    readonly batch?: Shape;
    readonly isTurned?: boolean;
  } = {},
): ContractKernel {
  const { operands: [left, right], ...kernel } = product(sizes, batch);
  const [, depth] = sizes;
  const strides = isTurned ? [1, depth] : right!.strides;
  return {
    ...kernel,
    operands: [{ ...left!, dtype: "int8" }, {
      ...right!,
      dtype: "int8",
      strides,
    }],
    epilogue: [{ kind: "accumulator", dtype: "int32" }],
    dtype: "int32",
  };
}

function sum(shape: Shape, over: Shape, strides: readonly number[]) {
  return {
    kind: "reduce",
    shape,
    over,
    combine: "add",
    operands: [{ dtype: F32, strides, offset: 0 }],
    body: [load(0)],
    epilogue: ACCUMULATOR,
    dtype: F32,
  } satisfies ReduceKernel;
}

function attention(role: AttentionRole): Kernel {
  const head = {
    kind: "attention",
    role,
    batch: [5],
    queries: 301,
    keys: 263,
    depth: 21,
    width: role === "logSumExp" ? 0 : 19,
    scale: 0.2,
    isCausal: true,
    dtype: F32,
  } as const;
  const operands = attentionSpaces(head).map((space) => operand(space));
  return { ...head, operands };
}

const CONVOLVED: ConvolutionAxis = {
  input: 31,
  kernel: 3,
  output: 31,
  stride: 1,
  dilation: 1,
  inputDilation: 1,
  padding: 1,
};
const TRANSPOSED = product([203, 207, 209]);
const EXP: Expression = [
  load(0),
  { kind: "unary", fn: "exp", x: 0, dtype: F32 },
];

const RUNNING: ScanKernel = {
  kind: "scan",
  shape: [411, 1021],
  axis: 1,
  combine: "add",
  isReverse: false,
  isExclusive: false,
  operands: [operand([411, 1021])],
  body: [load(0)],
  dtype: F32,
};

/** All kinds of code, in sizes that are worth sharing and divide by nothing. */
const CASES: readonly {
  readonly name: string;
  readonly kernel: Kernel;
  /** Whether one thread computes it. */
  readonly isAlone?: boolean;
}[] = [
  { name: "a product of many rows", kernel: product([301, 523, 1031]) },
  { name: "a product of few rows", kernel: product([37, 1027, 1093]) },
  { name: "products of small pairs", kernel: product([65, 61, 67], [3, 7]) },
  { name: "products of large pairs", kernel: product([181, 179, 191], [3]) },
  {
    name: "a product of int8 of many rows",
    kernel: wholeProduct([301, 523, 1031]),
  },
  {
    name: "a product of int8 of few rows",
    kernel: wholeProduct([37, 1027, 1093], { isTurned: true }),
  },
  {
    name: "products of small pairs of int8",
    kernel: wholeProduct([65, 61, 67], { batch: [3, 7] }),
  },
  {
    name: "a row of int8 by a matrix",
    kernel: wholeProduct([2, 1501, 3011]),
  },
  {
    name: "a row of int8 by a turned matrix",
    kernel: wholeProduct([3, 1501, 1011], { isTurned: true }),
  },
  {
    name: "a product of halves",
    kernel: {
      ...product([201, 301, 401]),
      operands: [
        operand([201, 301], "float16"),
        operand([301, 401], "bfloat16"),
      ],
      dtype: "float16",
    },
  },
  {
    name: "a convolution",
    kernel: {
      kind: "convolution",
      batch: 3,
      groups: 2,
      channels: 13,
      depth: 11,
      axes: [CONVOLVED, CONVOLVED],
      operands: [operand([3, 2, 11, 31, 31]), operand([2, 13, 11, 3, 3])],
      epilogue: ACCUMULATOR,
      dtype: F32,
    },
  },
  {
    name: "a product of transposed matrices",
    kernel: {
      ...TRANSPOSED,
      operands: [
        { dtype: F32, strides: [1, 203], offset: 0 },
        { dtype: F32, strides: [1, 207], offset: 0 },
      ],
    },
  },
  {
    name: "a product that is finished by a comparison",
    kernel: {
      ...product([201, 301, 401]),
      operands: [operand([201, 301]), operand([301, 401]), {
        dtype: F32,
        strides: [0, 1],
        offset: 0,
      }],
      epilogue: [...ACCUMULATOR, load(2), {
        kind: "binary",
        fn: "less",
        left: 0,
        right: 1,
        dtype: F32,
      }],
      dtype: "bool",
    },
  },
  {
    name: "a line of elements",
    kernel: {
      kind: "map",
      shape: [400_003],
      operands: [operand([400_003])],
      body: EXP,
      dtype: F32,
    },
  },
  {
    name: "rows of elements",
    kernel: {
      kind: "map",
      shape: [411, 1021],
      operands: [{ dtype: F32, strides: [0, 1], offset: 0 }],
      body: EXP,
      dtype: F32,
    },
  },
  {
    name: "a transposition",
    kernel: {
      kind: "map",
      shape: [611, 723],
      operands: [{ dtype: F32, strides: [1, 611], offset: 0 }],
      body: EXP,
      dtype: F32,
    },
  },
  {
    name: "whole rows, with values kept from walk to walk",
    kernel: {
      kind: "rows",
      shape: [403],
      over: [1019],
      each: "element",
      operands: [operand([403, 1019])],
      body: [
        ...EXP,
        { kind: "fold", combine: "add", x: 1, dtype: F32 },
        { kind: "binary", fn: "mul", left: 0, right: 2, dtype: F32 },
        { kind: "unary", fn: "tanh", x: 3, dtype: F32 },
        { kind: "fold", combine: "maximum", x: 4, dtype: F32 },
        { kind: "binary", fn: "sub", left: 1, right: 4, dtype: F32 },
        { kind: "binary", fn: "add", left: 6, right: 5, dtype: F32 },
      ],
      dtype: F32,
    },
  },
  { name: "sums of rows", kernel: sum([403], [1019], [1019, 1]) },
  { name: "a sum", kernel: sum([], [1_000_003], [1]) },
  { name: "sums of few columns", kernel: sum([10], [50_003], [1, 10]) },
  {
    name: "sums of few columns of matrices, in blocks of matrices",
    kernel: sum([12], [700, 60], [60, 720, 1]),
  },
  {
    name: "the largest of all",
    kernel: {
      ...sum([], [300_007], [1]),
      combine: "maximum",
    },
  },
  {
    name: "the smallest whole numbers of few rows",
    kernel: {
      kind: "reduce",
      shape: [3],
      over: [90_001],
      combine: "minimum",
      operands: [{ dtype: "int32", strides: [90_001, 1], offset: 0 }],
      body: [{ kind: "load", operand: 0, dtype: "int32" }],
      epilogue: [{ kind: "accumulator", dtype: "int32" }],
      dtype: "int32",
    },
  },
  { name: "a sum along steps", kernel: sum([1], [500_009], [0, 3]) },
  {
    name: "a sum of squares that is divided",
    kernel: {
      ...sum([1, 1], [700, 501], [0, 0, 501, 1]),
      operands: [
        { dtype: F32, strides: [0, 0, 501, 1], offset: 0 },
        { dtype: F32, strides: [0, 0], offset: 5 },
      ],
      body: [
        load(0),
        { kind: "binary", fn: "mul", left: 0, right: 0, dtype: F32 },
      ],
      epilogue: [...ACCUMULATOR, load(1), {
        kind: "binary",
        fn: "div",
        left: 0,
        right: 1,
        dtype: F32,
      }],
    },
  },
  { name: "a product of vectors", kernel: product([1, 600_011, 1]) },
  { name: "sums of columns", kernel: sum([1030], [407], [1, 1030]) },
  {
    name: "sums of columns of matrices",
    kernel: sum([37, 61], [211], [61 * 211, 1, 61]),
  },
  {
    name: "normal numbers",
    kernel: {
      kind: "random",
      shape: [300_007],
      distribution: "normal",
      key: [5, 6],
      operands: [],
      dtype: F32,
    },
  },
  { name: "running sums of rows", kernel: RUNNING },
  { name: "running sums of columns", kernel: { ...RUNNING, axis: 0 } },
  {
    name: "sorted rows",
    kernel: {
      kind: "sort",
      shape: [31, 1021],
      axis: 1,
      count: 1021,
      isDescending: false,
      result: "indices",
      operands: [operand([31, 1021])],
      dtype: "int32",
    },
  },
  {
    name: "the largest of columns",
    kernel: {
      kind: "sort",
      shape: [2099, 37],
      axis: 0,
      count: 7,
      isDescending: true,
      result: "values",
      operands: [operand([2099, 37])],
      dtype: F32,
    },
  },
  { name: "an attention", kernel: attention("output") },
  { name: "sums of weights", kernel: attention("logSumExp") },
  { name: "gradients of an attention", kernel: attention("gradients") },
  {
    name: "gradients of the maxima of windows that overlap",
    kernel: {
      kind: "scatterMax",
      shape: [200, 30, 31],
      over: [3, 2],
      operands: [
        { dtype: F32, strides: [61 * 64, 128, 2, 64, 1], offset: 0 },
        operand([200, 30, 31]),
      ],
      output: [200, 61, 64],
      target: [61 * 64, 128, 2, 64, 1],
      dtype: F32,
    },
  },
  {
    name: "sums of windows",
    kernel: sum([200, 30, 31], [2, 2], [61 * 64, 128, 2, 64, 1]),
  },
  {
    name: "arrays side by side, in blocks",
    kernel: {
      kind: "assemble",
      shape: [500, 40, 61],
      value: 7,
      operands: [operand([500, 17, 61]), operand([500, 20, 61])],
      pieces: [
        {
          shape: [500, 17, 61],
          offset: [0, 0, 0],
          steps: [1, 1, 1],
          body: [load(0)],
        },
        {
          shape: [500, 20, 61],
          offset: [0, 18, 0],
          steps: [1, 1, 1],
          body: [load(1)],
        },
      ],
      dtype: F32,
    },
  },
  {
    name: "long arrays one after the other",
    kernel: {
      kind: "assemble",
      shape: [1_300_000],
      value: 7,
      operands: [operand([500_009]), operand([700_001])],
      pieces: [
        { shape: [500_009], offset: [3], steps: [1], body: [load(0)] },
        { shape: [700_001], offset: [600_000], steps: [1], body: [load(1)] },
      ],
      dtype: F32,
    },
  },
  {
    name: "a scatter of rows",
    kernel: {
      kind: "scatter",
      shape: [3, 1501, 67],
      operands: [operand([3, 1501, 67]), {
        dtype: "int32",
        strides: [0, 1, 0],
        offset: 0,
      }],
      axis: 1,
      size: 997,
      dtype: F32,
    },
  },
  {
    name: "a scatter of single elements",
    isAlone: true,
    kernel: {
      kind: "scatter",
      shape: [500_009],
      operands: [operand([500_009]), operand([500_009], "int32")],
      axis: 0,
      size: 1000,
      dtype: F32,
    },
  },
];

/** Elements an operand reaches. */
function reachOf({ strides, offset }: Operand, space: Shape): number {
  return offset +
    space.reduce((reach, size, i) => reach + (size - 1) * strides[i]!, 1);
}

function spacesOf(kernel: Kernel): readonly Shape[] {
  switch (kernel.kind) {
    case "contract": {
      const { batch, rows, columns, depth, operands } = kernel;
      return operands.map((_, i) => [
        ...batch,
        ...[[rows, depth], [depth, columns], [rows, columns]][i]!,
      ]);
    }
    case "reduce":
    case "rows":
      return kernel.operands.map(() => [...kernel.shape, ...kernel.over]);
    case "map":
    case "scan":
    case "scatter":
    case "sort":
      return kernel.operands.map(() => kernel.shape);
    case "scatterMax":
      return [[...kernel.shape, ...kernel.over], kernel.shape];
    case "assemble":
      return kernel.operands.map((_, i) => kernel.pieces[i]!.shape);
    case "attention":
      return attentionSpaces(kernel);
    case "convolution": {
      const { batch, groups, channels, depth, axes } = kernel;
      const images = [batch, groups, depth, ...axes.map(({ input }) => input)];
      const windows = axes.map(({ kernel }) => kernel);
      return [images, [groups, channels, depth, ...windows]];
    }
    case "rowProgram":
      return kernel.operands.map((_, i) => [
        ...kernel.batch,
        ...programOperandShape(kernel.program, i)!,
      ]);
    case "random":
      return [];
    case "opaque":
      return kernel.inputShapes;
    default:
      return kernel satisfies never;
  }
}

/** A program of one kernel, whose inputs are filled, in a memory of its own. */
class OneKernel implements AsyncDisposable {
  readonly #pool: ThreadPool;
  readonly #program: BoundProgram;
  readonly #output: Uint8Array;

  static async start(kernel: Kernel, threads: number): Promise<OneKernel> {
    const memory = createLinearMemory(2 ** 26, { isShared: true });
    const pool = new ThreadPool({
      memory: memory.memory,
      threads,
      isEager: true,
      platform: threadPlatform(),
      failure: (reason) => new Error(reason),
    });
    const engine = new Engine(memory, { relaxedSimd: true, pool });
    return new OneKernel(kernel, {
      memory,
      pool,
      compiled: await compileKernel(kernel, engine),
    });
  }

  constructor(kernel: Kernel, { memory, pool, compiled }: {
    readonly memory: LinearMemory;
    readonly pool: ThreadPool;
    readonly compiled: CompiledKernel;
  }) {
    const { int32, float32, bytes } = memory;
    this.#pool = pool;
    const operands = kernel.kind === "random" ? [] : kernel.operands;
    const spaces = spacesOf(kernel);
    const inputs = operands.map((operand, i) => ({
      dtype: operand.dtype,
      size: reachOf(operand, spaces[i]!),
    }));
    const output = { dtype: kernel.dtype, size: sizeOf(outputShape(kernel)) };
    const program = {
      inputs,
      outputs: [output],
      temporaries: [],
      steps: [{
        kernel,
        inputs: inputs.map((_, i) => i),
        output: inputs.length,
      }],
    };
    const layout = layOut(program, [compiled], memory.tables);
    let end = 64;
    const place = (size: number) => {
      const start = end;
      end += Math.ceil(size / 64 + 1) * 64;
      return start;
    };
    const start = place(layout.bytes);
    this.#program = new BoundProgram(program, [compiled], {
      memory,
      start,
      layout,
    });
    let state = 1;
    inputs.forEach(({ dtype, size }, i) => {
      const address = place(4 * size);
      this.#program.bind(i, address);
      for (let word = address / 4; word < address / 4 + size; word++) {
        state = Math.imul(state, 1_664_525) + 1_013_904_223 | 0;
        if (dtype === F32) float32[word] = state / 2 ** 31;
        else int32[word] = (state >>> 8) % 1000;
      }
    });
    const size = output.size * itemBytes(output.dtype);
    const address = place(size);
    this.#program.bind(inputs.length, address);
    this.#output = bytes.subarray(address, address + size);
  }

  get started(): number {
    return this.#pool.started;
  }

  run(): Uint8Array {
    this.#output.fill(0xff);
    this.#program.run();
    return this.#output.slice();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool[Symbol.asyncDispose]();
  }
}

Deno.test.each(CASES)(
  "ThreadPool computes $name to the same bits as one thread",
  async ({ kernel, isAlone = false }) => {
    await using alone = await OneKernel.start(kernel, 1);
    const wanted = alone.run();
    await using together = await OneKernel.start(kernel, 3);
    const deadline = performance.now() + 60_000;
    const isSharable = !isAlone;
    // Five runs more, once all threads are there.
    for (let left = 5; left > 0;) {
      assert(together.run().every((byte, i) => byte === wanted[i]));
      if (together.started === 2 || !isSharable) left--;
      assert(performance.now() < deadline, "threads start in a minute");
    }
    assertEquals(together.started, isSharable ? 2 : 0);
  },
);
