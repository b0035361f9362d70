/** A device that binds little at once, and kernels that run there. */
import {
  contiguousStrides,
  type HostArray,
  hostArray,
  type Shape,
  sizeOf,
} from "../../../core/base/mod.ts";
import type { Backend, Program } from "../../backend.ts";
import { type Kernel, type Operand, outputShape } from "../../ir/mod.ts";
import { createWebGpuBackend } from "../mod.ts";
import { seenGpu } from "../seen_gpu_test.ts";

/** What it binds. */
export const LIMITS = {
  maxStorageBufferBindingSize: 4096,
  minStorageBufferOffsetAlignment: 256,
};

/** A device that binds 4 KiB at most. */
export function smallBindings(): Promise<Backend> {
  const gpu = seenGpu((device) => {
    const { maxBufferSize, maxStorageBuffersPerShaderStage } = device.limits;
    const limits = {
      maxBufferSize,
      maxStorageBuffersPerShaderStage,
      ...LIMITS,
    };
    Object.defineProperty(device, "limits", { value: limits });
  });
  return createWebGpuBackend({ gpu });
}

/** What an array holds at a place. */
export function valueAt(place: number, array: number): number {
  return place % 97 + array;
}

/** Arrays of so many elements for the first operands of a kernel. */
export function arraysOf(
  kernel: Kernel,
  sizes: readonly number[],
): HostArray[] {
  return sizes.map((size, i) =>
    hostArray(kernel.operands[i]!.dtype, size).map((_, k) => valueAt(k, i))
  );
}

/** Runs a kernel whose operands lie in so many arrays, one after another. */
export async function run(
  backend: Backend,
  kernel: Kernel,
  sizes: readonly number[],
): Promise<number[]> {
  const inputs = arraysOf(kernel, sizes).map((values, i) => {
    const { dtype } = kernel.operands[i]!;
    const buffer = backend.allocate({ dtype, size: values.length });
    backend.write(buffer, values);
    return buffer;
  });
  const output = backend.allocate({
    dtype: kernel.dtype,
    size: sizeOf(outputShape(kernel)),
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

/** An array without gaps. */
export function plain(
  shape: Shape,
  dtype: Operand["dtype"] = "float32",
): Operand {
  return { dtype, strides: contiguousStrides(shape), offset: 0 };
}
