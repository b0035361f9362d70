/** Kernels over arrays that are larger than a device binds, against the reference. */
import { assert, assertEquals } from "@std/assert";
import { sizeOf } from "../core/base/mod.ts";
import { GPU_ABSENCE } from "./gpu_absence_test.ts";
import { type Expression, type Kernel, outputShape } from "./ir/mod.ts";
import { squareConvolution } from "./ir/square_convolution_test.ts";
import { runKernel } from "./reference/mod.ts";
import {
  arraysOf,
  plain,
  run,
  smallBindings,
} from "./webgpu/split/small_bindings_test.ts";

const LOAD: Expression = [{ kind: "load", operand: 0, dtype: "float32" }];
const SUM: Expression = [{ kind: "accumulator", dtype: "float32" }];
/** What is loaded, less the row's largest. */
const BELOW: Expression = [
  ...LOAD,
  { kind: "fold", combine: "maximum", x: 0, dtype: "float32" },
  { kind: "binary", fn: "sub", left: 0, right: 1, dtype: "float32" },
];
const BIASED: Expression = [
  ...SUM,
  { kind: "load", operand: 2, dtype: "float32" },
  { kind: "binary", fn: "add", left: 0, right: 1, dtype: "float32" },
];
const FOUND: Expression = [
  { kind: "load", operand: 1, dtype: "int32" },
  {
    kind: "gather",
    operand: 0,
    index: 0,
    stride: 8,
    size: 98,
    dtype: "float32",
  },
];

/** Kernels of every kind that has parts: an array of each is larger than 4 KiB. */
const KINDS: readonly {
  readonly name: string;
  readonly kernel: Kernel;
  readonly sizes: readonly number[];
}[] = [
  {
    name: "elements that others point at",
    kernel: {
      kind: "map",
      shape: [300, 8],
      operands: [
        { dtype: "float32", strides: [0, 1], offset: 0 },
        { dtype: "int32", strides: [1, 0], offset: 0 },
      ],
      body: FOUND,
      dtype: "float32",
    },
    sizes: [784, 300],
  },
  {
    name: "sums of rows",
    kernel: {
      kind: "reduce",
      shape: [10, 64],
      over: [12],
      combine: "add",
      operands: [plain([10, 64, 12])],
      body: LOAD,
      epilogue: SUM,
      dtype: "float32",
    },
    sizes: [7680],
  },
  {
    name: "whole rows",
    kernel: {
      kind: "rows",
      shape: [1, 80],
      over: [64],
      each: "element",
      operands: [plain([1, 80, 64])],
      body: BELOW,
      dtype: "float32",
    },
    sizes: [5120],
  },
  {
    name: "products, rows by rows",
    kernel: {
      kind: "contract",
      batch: [1],
      rows: 64,
      columns: 20,
      depth: 30,
      operands: [
        plain([1, 64, 30]),
        plain([1, 30, 20]),
        { dtype: "float32", strides: [0, 0, 1], offset: 0 },
      ],
      epilogue: BIASED,
      dtype: "float32",
    },
    sizes: [1920, 600, 20],
  },
  {
    name: "products of a batch",
    kernel: {
      kind: "contract",
      batch: [6, 1],
      rows: 16,
      columns: 16,
      depth: 16,
      operands: [plain([6, 1, 16, 16]), plain([6, 1, 16, 16])],
      epilogue: SUM,
      dtype: "float32",
    },
    sizes: [1536, 1536],
  },
  {
    name: "a convolution",
    kernel: squareConvolution({
      sizes: [4, 1, 4, 3],
      input: 12,
      kernel: 3,
      padding: 1,
    }),
    sizes: [1728, 108],
  },
  {
    name: "attention",
    kernel: {
      kind: "attention",
      role: "output",
      batch: [12],
      queries: 16,
      keys: 16,
      depth: 8,
      width: 8,
      scale: 0.01,
      isCausal: false,
      operands: [0, 1, 2].map(() => plain([12, 16, 8])),
      dtype: "float32",
    },
    sizes: [1536, 1536, 1536],
  },
  {
    name: "a scan",
    kernel: {
      kind: "scan",
      shape: [100, 32],
      axis: 1,
      combine: "add",
      isReverse: false,
      isExclusive: false,
      operands: [plain([100, 32])],
      body: LOAD,
      dtype: "float32",
    },
    sizes: [3200],
  },
  {
    name: "sorted rows",
    kernel: {
      kind: "sort",
      shape: [64, 32],
      axis: 1,
      count: 8,
      isDescending: true,
      result: "values",
      operands: [plain([64, 32])],
      dtype: "float32",
    },
    sizes: [2048],
  },
  {
    name: "elements that are added up in rows",
    kernel: {
      kind: "scatter",
      shape: [64, 40],
      operands: [plain([64, 40]), plain([64, 40], "int32")],
      axis: 1,
      size: 32,
      dtype: "float32",
    },
    sizes: [2560, 2560],
  },
  {
    name: "gradients of windows",
    kernel: {
      kind: "scatterMax",
      shape: [32, 4, 4],
      over: [2, 2],
      operands: [
        { dtype: "float32", strides: [64, 16, 2, 8, 1], offset: 0 },
        plain([32, 4, 4]),
      ],
      output: [32, 8, 8],
      target: [64, 16, 2, 8, 1],
      dtype: "float32",
    },
    sizes: [2048, 512],
  },
];

Deno.test.each(KINDS)(
  `a kernel runs in parts that the device binds: $name${GPU_ABSENCE}`,
  { ignore: GPU_ABSENCE !== "" },
  async ({ kernel, sizes }) => {
    await using device = await smallBindings();
    assertEquals(device.refuses(kernel), undefined);
    const want = new Float64Array(sizeOf(outputShape(kernel)));
    runKernel(kernel, arraysOf(kernel, sizes), want);
    const got = await run(device, kernel, sizes);
    const gaps = got.map((found, i) => Math.abs(found - want[i]!));
    assert(
      gaps.every((gap, i) => gap <= 1e-5 * Math.max(1, Math.abs(want[i]!))),
    );
  },
);
