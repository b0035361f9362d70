// Kernels over arrays that are larger than a device binds. The oracle is brute force.

import { assert, assertEquals } from "@std/assert";
import { isCoded, itemBytes, sizeOf } from "../../../core/base/mod.ts";
import {
  type ConvolutionKernel,
  type Expression,
  type Kernel,
  type MapKernel,
  type Operand,
  outputShape,
} from "../../ir/mod.ts";
import { squareConvolution } from "../../ir/square_convolution_test.ts";
import {
  LIMITS,
  plain,
  run,
  smallBindings,
  valueAt,
} from "./small_bindings_test.ts";
import { splitKernel } from "./split_kernel.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;

/** One array less three times another, over some shape. */
function kernelOf(
  shape: readonly number[],
  operands: readonly Omit<Operand, "dtype">[],
): MapKernel {
  return {
    kind: "map",
    shape,
    operands: operands.map((one) => ({ dtype: "float32", ...one })),
    body: [
      { kind: "load", operand: 0, dtype: "float32" },
      { kind: "load", operand: 1, dtype: "float32" },
      { kind: "constant", value: 3, dtype: "float32" },
      { kind: "binary", fn: "mul", left: 1, right: 2, dtype: "float32" },
      { kind: "binary", fn: "sub", left: 0, right: 3, dtype: "float32" },
    ],
    dtype: "float32",
  };
}

function bruteForce({ shape, operands }: MapKernel, arrays: number): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, element) => {
    const [a, b] = operands.map(({ strides, offset }, i) => {
      let [rest, place] = [element, offset];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        place += rest % shape[axis]! * strides[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      return valueAt(place, i % arrays);
    });
    return a! - 3 * b!;
  });
}

const CASES: readonly {
  readonly name: string;
  readonly kernel: MapKernel;
  readonly sizes: readonly number[];
}[] = [
  {
    name: "arrays of one axis",
    kernel: kernelOf([5003], [
      { strides: [1], offset: 0 },
      { strides: [1], offset: 0 },
    ]),
    sizes: [5003, 5003],
  },
  {
    name: "a row that is the same for all, and a part of an array",
    kernel: kernelOf([1, 70, 60], [
      { strides: [0, 0, 1], offset: 3 },
      { strides: [4200, 60, 1], offset: 123 },
    ]),
    sizes: [63, 4323],
  },
  {
    name: "one array, seen twice",
    kernel: kernelOf([4000], [
      { strides: [1], offset: 0 },
      { strides: [1], offset: 77 },
    ]),
    sizes: [4077],
  },
  {
    name: "every third element",
    kernel: kernelOf([64, 32], [
      { strides: [96, 3], offset: 1 },
      { strides: [32, 1], offset: 0 },
    ]),
    sizes: [6144, 2048],
  },
  {
    name: "a single element far inside",
    kernel: kernelOf([], [
      { strides: [], offset: 4321 },
      { strides: [], offset: 2 },
    ]),
    sizes: [5000, 3],
  },
];

Deno.test.each(CASES)(
  `a kernel of single elements runs in parts that the device binds: $name${absence}`,
  { ignore },
  async ({ kernel, sizes }) => {
    await using device = await smallBindings();
    assertEquals(device.refuses(kernel), undefined);
    assertEquals(
      await run(device, kernel, sizes),
      bruteForce(kernel, sizes.length),
    );
  },
);

const LOAD: Expression = [{ kind: "load", operand: 0, dtype: "float32" }];
const SUM: Expression = [{ kind: "accumulator", dtype: "float32" }];

Deno.test("splitKernel() leaves work that is made of all of an array", () => {
  const total: Kernel = {
    kind: "reduce",
    shape: [],
    over: [5000],
    combine: "add",
    operands: [plain([5000])],
    body: LOAD,
    epilogue: SUM,
    dtype: "float32",
  };
  assertEquals(splitKernel(total, [1], LIMITS), undefined);
  const across: Kernel = {
    kind: "scan",
    shape: [5000],
    axis: 0,
    combine: "add",
    isReverse: false,
    isExclusive: false,
    operands: [plain([5000])],
    body: LOAD,
    dtype: "float32",
  };
  assertEquals(splitKernel(across, [1], LIMITS), undefined);
  const one: ConvolutionKernel = squareConvolution({
    sizes: [1, 1, 4, 3],
    input: 40,
    kernel: 3,
  });
  assertEquals(splitKernel(one, [1, 2], LIMITS), undefined);
  const random: Kernel = {
    kind: "random",
    shape: [5000],
    distribution: "uniform",
    key: [1, 2],
    operands: [],
    dtype: "float32",
  };
  assertEquals(splitKernel(random, [], LIMITS), undefined);
});

Deno.test("splitKernel() gives parts that cover the work, each within what is bound", () => {
  for (const { kernel } of CASES) {
    const parts = splitKernel(kernel, [1, 2], LIMITS)!;
    const elements = parts.map((part) => sizeOf(outputShape(part.kernel)));
    assertEquals(elements.reduce((a, b) => a + b), sizeOf(kernel.shape));
    let end = 0;
    parts.forEach(({ spans }, i) => {
      const output = spans.get(0)!;
      assertEquals(output.start, end);
      end += elements[i]! * itemBytes("float32");
      for (const { start, end } of spans.values()) {
        assert(start % 256 === 0 && (end - start) % 4 === 0);
        assert(end - start <= 4096);
      }
    });
  }
});

Deno.test("splitKernel() leaves what has no small parts", () => {
  const across: MapKernel = kernelOf([100, 100], [
    { strides: [1, 100], offset: 0 },
    { strides: [1, 100], offset: 0 },
  ]);
  assertEquals(splitKernel(across, [1, 2], LIMITS), undefined);
  const backwards = kernelOf([5000], [
    { strides: [-1], offset: 4999 },
    { strides: [1], offset: 0 },
  ]);
  assertEquals(splitKernel(backwards, [1, 2], LIMITS), undefined);
  const places: MapKernel = {
    ...CASES[0]!.kernel,
    body: [{ kind: "coordinate", axis: 0, dtype: "int32" }],
  };
  assertEquals(splitKernel(places, [1, 2], LIMITS), undefined);
});

Deno.test(
  `a kernel that cannot be split is refused where an array is too large to bind${absence}`,
  {
    ignore,
  },
  async () => {
    await using device = await smallBindings();
    const across = kernelOf([100, 100], [
      { strides: [1, 100], offset: 0 },
      { strides: [1, 100], offset: 0 },
    ]);
    assert(device.refuses(across)?.includes("its output has 40000 bytes"));
    const corner = kernelOf([10, 10], [
      { strides: [1, 100], offset: 0 },
      { strides: [-1, 0], offset: 9999 },
    ]);
    assertEquals(device.refuses(corner), undefined);
    const error = await run(device, corner, [10_000, 10_000]).catch((e) => e);
    assert(isCoded(error) && error.code === "KERNEL_REFUSED", String(error));
    assert(error.message.includes("it sees an array of 40000 bytes"));
  },
);
