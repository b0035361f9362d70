/** Random convolutions, against the reference. */
import { assert } from "@std/assert";
import fc from "fast-check";
import { contiguousStrides, type Shape, sizeOf } from "../core/base/mod.ts";
import {
  ADDRESSES,
  createTestBackend,
  WIDE_REFUSAL,
} from "./addresses_test.ts";
import type { Backend, HostElements } from "./backend.ts";
import {
  type ConvolutionAxis,
  type ConvolutionKernel,
  type Expression,
  type Operand,
  outputShape,
  printKernel,
} from "./ir/mod.ts";
import { verifyKernel } from "./ir/verify_kernel.ts";
import { GPU_ABSENCE } from "./gpu_absence_test.ts";
import { createGpuBackend } from "./gpu_backend_test.ts";
import { runKernel } from "./reference/mod.ts";
import {
  type SquareConvolution,
  squareConvolution,
} from "./ir/square_convolution_test.ts";
import { createWasmBackend } from "./wasm/mod.ts";

const step = fc.constantFrom(1, 1, 1, 2, 3);
const padding = fc.integer({ min: -2, max: 7 });

/** An axis of an image, whose windows may reach anywhere. */
function anyAxis(inputMax: number): fc.Arbitrary<ConvolutionAxis> {
  return fc.record({
    input: fc.integer({ min: 1, max: inputMax }),
    kernel: fc.constantFrom(1, 2, 3, 3, 5, 9),
    stride: step,
    dilation: step,
    inputDilation: step,
    padding,
    high: padding,
  }).map(({ high, ...axis }) => {
    const room = (axis.input - 1) * axis.inputDilation + axis.padding + high -
      (axis.kernel - 1) * axis.dilation;
    const output = 1 + Math.max(0, Math.floor(room / axis.stride));
    return { ...axis, output };
  });
}

const count = fc.constantFrom(1, 2, 3, 1, 6, 0);

/** A view over a space: axes in any order, some of them reversed, with or without gaps. */
function anyView(space: Shape): fc.Arbitrary<Operand> {
  const axes = space.map((_, axis) => axis);
  const order = fc.oneof(
    fc.constant(axes),
    fc.shuffledSubarray(axes, { minLength: axes.length }),
  );
  const reversed = fc.subarray(axes);
  return fc.record({ order, reversed, gap: fc.constantFrom(1, 1, 2) }).map(
    ({ order, reversed, gap }) => {
      const sizes = order.map((axis) => space[axis]!);
      const steps = contiguousStrides(sizes);
      const strides = axes.map((axis) => gap * steps[order.indexOf(axis)]!);
      const turned = new Set(gap === 2 ? reversed : []);
      return {
        dtype: "float32",
        strides: strides.map((step, axis) => turned.has(axis) ? -step : step),
        offset: [...turned].reduce(
          (sum, axis) => sum + strides[axis]! * Math.max(0, space[axis]! - 1),
          0,
        ),
      };
    },
  );
}

const SUM: Expression = [{ kind: "accumulator", dtype: "float32" }];
const BIAS: Expression = [
  ...SUM,
  { kind: "load", operand: 2, dtype: "float32" },
  { kind: "binary", fn: "add", left: 0, right: 1, dtype: "float32" },
  { kind: "coordinate", axis: 2, dtype: "int32" },
  { kind: "cast", x: 3, dtype: "float32" },
  { kind: "binary", fn: "maximum", left: 2, right: 4, dtype: "float32" },
];
const IS_POSITIVE: Expression = [
  { kind: "constant", value: 0, dtype: "float32" },
  ...SUM,
  { kind: "binary", fn: "less", left: 0, right: 1, dtype: "bool" },
];

/** A convolution with axes of some sizes, by rank, and so many images and channels. */
function anyKernel(
  inputMax: readonly [number, number, number],
  sizes: {
    readonly batch: fc.Arbitrary<number>;
    readonly channels: fc.Arbitrary<number>;
    readonly depth: fc.Arbitrary<number>;
  },
): fc.Arbitrary<ConvolutionKernel> {
  return fc.tuple(
    fc.constantFrom(1, 2, 2, 2, 3).chain((rank) =>
      fc.array(anyAxis(inputMax[rank - 1]!), {
        minLength: rank,
        maxLength: rank,
      })
    ),
    fc.record({ ...sizes, groups: count }),
    fc.constantFrom(SUM, SUM, BIAS, IS_POSITIVE),
  ).chain(([axes, sizes, epilogue]) => {
    const { batch, groups, channels, depth } = sizes;
    const image = [batch, groups, depth, ...axes.map(({ input }) => input)];
    const kernels = axes.map((axis) => axis.kernel);
    const window = [groups, channels, depth, ...kernels];
    const bias: Operand = {
      dtype: "float32",
      strides: [0, channels, 1, ...axes.map(() => 0)],
      offset: 0,
    };
    return fc.tuple(anyView(image), anyView(window)).map((operands) => ({
      kind: "convolution",
      ...sizes,
      axes,
      operands: epilogue === BIAS ? [...operands, bias] : operands,
      epilogue,
      dtype: epilogue.at(-1)!.dtype,
    }));
  });
}

/** Small whole numbers, of which sums of products are exact: both sides agree to the last bit. */
function elementsFor(kernel: ConvolutionKernel): Float32Array[] {
  const { batch, groups, channels, depth, axes } = kernel;
  const spaces = [
    [batch, groups, depth, ...axes.map(({ input }) => input)],
    [groups, channels, depth, ...axes.map((axis) => axis.kernel)],
    outputShape(kernel),
  ];
  let state = 12345;
  return kernel.operands.map(({ strides, offset }, i) => {
    const reach = strides.reduce(
      (sum, step, axis) => sum + Math.max(0, step * (spaces[i]![axis]! - 1)),
      offset,
    );
    return Float32Array.from({ length: reach + 1 }, () => {
      state = Math.imul(state, 1664525) + 1013904223 | 0;
      return (state >>> 16) % 31 - 15;
    });
  });
}

/** Runs a convolution on a backend. */
async function run(
  backend: Backend,
  kernel: ConvolutionKernel,
  inputs: readonly Float32Array[],
): Promise<HostElements> {
  // What a kernel forgets to write shows.
  const stain = backend.allocate({ dtype: "float32", size: 2 ** 18 });
  backend.write(stain, new Float32Array(stain.size).fill(NaN));
  backend.free(stain);
  const sources = inputs.map((elements) => {
    const buffer = backend.allocate({
      dtype: "float32",
      size: elements.length,
    });
    backend.write(buffer, elements);
    return buffer;
  });
  const size = sizeOf(outputShape(kernel));
  const output = backend.allocate({ dtype: kernel.dtype, size });
  const step = {
    kernel,
    inputs: sources.map((_, i) => i),
    output: sources.length,
  };
  using executable = await backend.compile({
    inputs: sources,
    outputs: [output],
    temporaries: [],
    steps: [step],
  });
  await executable.run(sources, [output]);
  const elements = await backend.read(output);
  for (const buffer of [...sources, output]) backend.free(buffer);
  return elements;
}

async function assertAgreement(
  backend: Backend,
  kernel: ConvolutionKernel,
): Promise<void> {
  const inputs = elementsFor(kernel);
  verifyKernel(kernel, inputs.map(({ length }) => length));
  const want = new Float64Array(sizeOf(outputShape(kernel)));
  runKernel(kernel, inputs, want);
  const got = await run(backend, kernel, inputs);
  const wrong = want.findIndex((wanted, i) => got[i] !== wanted);
  assert(
    wrong === -1,
    `element ${wrong}: got ${got[wrong]}, want ${want[wrong]}\n${
      printKernel(kernel)
    }`,
  );
}

const many = fc.constantFrom(13, 14, 17);

const CASES = [
  {
    name: "any convolution",
    kernels: anyKernel([30, 13, 5], {
      batch: count,
      channels: count,
      depth: count,
    }),
    numRuns: 400,
    gpuRuns: 40,
  },
  {
    name: "any convolution of many channels",
    kernels: anyKernel([13, 5, 2], {
      batch: count,
      channels: many,
      depth: many,
    }),
    numRuns: 60,
    gpuRuns: 8,
  },
  {
    name: "any convolution of many images to many channels",
    kernels: anyKernel([13, 5, 2], {
      batch: many,
      channels: many,
      depth: count,
    }),
    numRuns: 60,
    gpuRuns: 8,
  },
];

Deno.test.each(
  CASES.flatMap((one) => ADDRESSES.map((addresses) => ({ ...one, addresses }))),
)(
  "createWasmBackend() agrees on $name, $addresses addresses",
  async ({ kernels, numRuns, addresses }) => {
    await using backend = createTestBackend(addresses, {
      memoryBytes: 2 ** 24,
    });
    const property = fc.asyncProperty(
      kernels,
      (kernel) => assertAgreement(backend, kernel),
    );
    const count = addresses === "32-bit" ? numRuns : Math.ceil(numRuns / 3);
    await fc.assert(property, { seed: 1, numRuns: count });
  },
);

const VARIANTS = ["alone", "shared"] as const;

Deno.test.each(
  CASES.flatMap((one) => VARIANTS.map((variant) => ({ ...one, variant }))),
)(
  `createWebGpuBackend() agrees on $name, $variant code${GPU_ABSENCE}`,
  { ignore: GPU_ABSENCE !== "" },
  async ({ kernels, gpuRuns, variant }) => {
    await using backend = await createGpuBackend(variant);
    const property = fc.asyncProperty(
      kernels,
      (kernel) => assertAgreement(backend, kernel),
    );
    await fc.assert(property, { seed: 1, numRuns: gpuRuns });
  },
);

interface Large extends SquareConvolution {
  readonly name: string;
}

const LARGE: readonly Large[] = [
  {
    name: "more depth and columns than a block, in groups",
    sizes: [2, 2, 13, 70],
    input: 13,
    kernel: 3,
    padding: 1,
  },
  {
    name: "more rows than a block, strides of two",
    sizes: [2, 1, 67, 13],
    input: 21,
    kernel: 3,
    stride: 2,
    padding: 1,
  },
  {
    name: "windows larger than the output, in parts",
    sizes: [13, 1, 14, 5],
    input: 27,
    kernel: 24,
  },
  {
    name: "zeros between elements, cut at the ends",
    sizes: [3, 1, 14, 13],
    input: 19,
    kernel: 2,
    inputDilation: 3,
    padding: -2,
  },
  {
    name: "images that are copied some at a time",
    sizes: [5, 1, 13, 30],
    input: 30,
    kernel: 2,
    padding: 20,
    stride: 3,
  },
  {
    name: "images that are read where they are",
    sizes: [1, 1, 14, 13],
    input: 30,
    kernel: 3,
  },
  {
    name: "tiles of two by two",
    sizes: [2, 2, 16, 16],
    input: 16,
    kernel: 3,
    padding: 1,
  },
  {
    name: "tiles of two by two, cut at the ends",
    sizes: [2, 1, 23, 20],
    input: 23,
    kernel: 3,
    padding: 2,
  },
  {
    name: "groups of one channel",
    sizes: [3, 37, 1, 1],
    input: 30,
    kernel: 3,
    padding: 1,
  },
  {
    name: "groups of one channel, strides of two",
    sizes: [2, 19, 3, 1],
    input: 41,
    kernel: 5,
    padding: 2,
    stride: 2,
  },
  {
    name: "groups of one channel, zeros between elements",
    sizes: [2, 11, 1, 2],
    input: 20,
    kernel: 3,
    padding: 1,
    inputDilation: 2,
  },
  {
    name: "few channels, those of the output shared out",
    sizes: [1, 1, 21, 2],
    input: 37,
    kernel: 3,
  },
  {
    name: "few channels, windows larger than the output",
    sizes: [2, 2, 3, 2],
    input: 37,
    kernel: 33,
    padding: 1,
  },
  {
    name: "few channels, more weights than code is written for",
    sizes: [2, 1, 3, 2],
    input: 41,
    kernel: 13,
  },
];

function convolutionOf({ name: _, ...large }: Large): ConvolutionKernel {
  return squareConvolution(large);
}

Deno.test.each(LARGE)(
  "createWasmBackend() agrees on a large convolution: $name",
  async (large) => {
    await using backend = createWasmBackend({ memoryBytes: 2 ** 25 });
    await assertAgreement(backend, convolutionOf(large));
  },
);

Deno.test("createWasmBackend() convolves tiles within 2 ** -22 of the sum of magnitudes", async () => {
  const kernel = squareConvolution({
    sizes: [1, 1, 32, 64],
    input: 16,
    kernel: 3,
    padding: 1,
  });
  const inputs = elementsFor(kernel).map((elements) =>
    elements.map((element, i) => Math.sin(element + i))
  );
  await using backend = createWasmBackend({ memoryBytes: 2 ** 24 });
  const got = await run(backend, kernel, inputs);
  const want = new Float64Array(got.length);
  runKernel(kernel, inputs, want);
  const magnitudes = new Float64Array(got.length);
  const absolute = inputs.map((elements) => elements.map(Math.abs));
  runKernel(kernel, absolute, magnitudes);
  const errors = want.map((wanted, i) =>
    Math.abs(Number(got[i]) - wanted) / magnitudes[i]!
  );
  const worst = Math.max(...errors);
  assert(worst < 2 ** -22, `${worst}`);
});

Deno.test({
  name:
    "createWasmBackend() agrees on large convolutions with 64-bit addresses",
  // A system that grants no such memory says so where the memory is tested.
  ignore: WIDE_REFUSAL !== undefined,
  fn: async () => {
    await using backend = createTestBackend("64-bit", {
      memoryBytes: 2 ** 25,
      threads: 2,
    });
    for (const large of LARGE) {
      await assertAgreement(backend, convolutionOf(large));
    }
  },
});

Deno.test.each(LARGE)(
  "createWasmBackend() gives the same bits with three threads: $name",
  async (large) => {
    const kernel = convolutionOf(large);
    // Fractions, so that another order of sums would show.
    const inputs = elementsFor(kernel).map((elements) =>
      elements.map((element) => Math.sin(element))
    );
    const options = { memoryBytes: 2 ** 25 };
    await using alone = createWasmBackend({ ...options, threads: 1 });
    await using together = createWasmBackend({ ...options, threads: 3 });
    const want = await run(alone, kernel, inputs);
    const got = await run(together, kernel, inputs);
    assert(want.every((wanted, i) => Object.is(wanted, got[i])));
  },
);

Deno.test.each(
  LARGE.flatMap((one) => VARIANTS.map((variant) => ({ ...one, variant }))),
)(
  `createWebGpuBackend() agrees on a large convolution: $name, $variant code${GPU_ABSENCE}`,
  { ignore: GPU_ABSENCE !== "" },
  async ({ variant, ...large }) => {
    await using backend = await createGpuBackend(variant);
    await assertAgreement(backend, convolutionOf(large));
  },
);
