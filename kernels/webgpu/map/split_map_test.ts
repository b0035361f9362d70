// Kernels over arrays that are larger than a device binds. The oracle is brute force.

import { assert, assertEquals } from "@std/assert";
import { isCoded, itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { Backend, Program } from "../../backend.ts";
import type { MapKernel, Operand } from "../../ir/mod.ts";
import { createWebGpuBackend } from "../mod.ts";
import { splitMap } from "./split_map.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;

const LIMITS = {
  maxStorageBufferBindingSize: 4096,
  minStorageBufferOffsetAlignment: 256,
};

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

/** A device that binds 4 KiB at most. */
async function smallBindings(): Promise<Backend> {
  const own = (await navigator.gpu.requestAdapter())!;
  const requestDevice = own.requestDevice.bind(own);
  own.requestDevice = async (descriptor) => {
    const device = await requestDevice(descriptor);
    const { maxBufferSize, maxStorageBuffersPerShaderStage } = device.limits;
    const limits = {
      maxBufferSize,
      maxStorageBuffersPerShaderStage,
      ...LIMITS,
    };
    return Object.defineProperty(device, "limits", { value: limits });
  };
  const gpu = { requestAdapter: () => Promise.resolve(own) };
  return createWebGpuBackend({ gpu });
}

/** What an array holds at a place. */
function valueAt(place: number, array: number): number {
  return place % 97 + array;
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

async function run(
  backend: Backend,
  kernel: MapKernel,
  sizes: readonly number[],
): Promise<number[]> {
  const inputs = sizes.map((size, i) => {
    const buffer = backend.allocate({ dtype: "float32", size });
    const values = Float32Array.from({ length: size }, (_, k) => valueAt(k, i));
    backend.write(buffer, values);
    return buffer;
  });
  const output = backend.allocate({
    dtype: kernel.dtype,
    size: sizeOf(kernel.shape),
  });
  const places = kernel.operands.map((_, i) => i % sizes.length);
  const program: Program = {
    inputs,
    outputs: [output],
    temporaries: [],
    steps: [{ kernel, inputs: places, output: sizes.length }],
  };
  using executable = await backend.compile(program);
  await executable.run(inputs, [output]);
  return [...await backend.read(output)];
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

Deno.test("splitMap() gives parts that cover the work, each within what is bound", () => {
  for (const { kernel } of CASES) {
    const parts = splitMap(kernel, [1, 2], LIMITS)!;
    const elements = parts.map((part) => sizeOf(part.kernel.shape));
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

Deno.test("splitMap() leaves what has no small parts", () => {
  const across: MapKernel = kernelOf([100, 100], [
    { strides: [1, 100], offset: 0 },
    { strides: [1, 100], offset: 0 },
  ]);
  assertEquals(splitMap(across, [1, 2], LIMITS), undefined);
  const backwards = kernelOf([5000], [
    { strides: [-1], offset: 4999 },
    { strides: [1], offset: 0 },
  ]);
  assertEquals(splitMap(backwards, [1, 2], LIMITS), undefined);
  const places: MapKernel = {
    ...CASES[0]!.kernel,
    body: [{ kind: "coordinate", axis: 0, dtype: "int32" }],
  };
  assertEquals(splitMap(places, [1, 2], LIMITS), undefined);
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
