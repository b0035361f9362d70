/** Programs and kernels of a few elements. */
import type { Backend, DeviceBuffer, Program } from "../backend.ts";
import type { MapKernel } from "../ir/mod.ts";

/** An array with some elements. */
export function filled(backend: Backend, ...elements: number[]): DeviceBuffer {
  const buffer = backend.allocate({ dtype: "float32", size: elements.length });
  backend.write(buffer, Float32Array.from(elements));
  return buffer;
}

/** x + step. */
export function addKernel(size: number, step: number): MapKernel {
  return {
    kind: "map",
    shape: [size],
    operands: [{ dtype: "float32", strides: [1], offset: 0 }],
    body: [
      { kind: "load", operand: 0, dtype: "float32" },
      { kind: "constant", value: step, dtype: "float32" },
      { kind: "binary", fn: "add", left: 0, right: 1, dtype: "float32" },
    ],
    dtype: "float32",
  };
}

/** left * right, the right one reversed. */
export function mulReversedKernel(size: number): MapKernel {
  return {
    kind: "map",
    shape: [size],
    operands: [
      { dtype: "float32", strides: [1], offset: 0 },
      { dtype: "float32", strides: [-1], offset: size - 1 },
    ],
    body: [
      { kind: "load", operand: 0, dtype: "float32" },
      { kind: "load", operand: 1, dtype: "float32" },
      { kind: "binary", fn: "mul", left: 0, right: 1, dtype: "float32" },
    ],
    dtype: "float32",
  };
}

/** Three fractions. */
export const F32_3 = { dtype: "float32", size: 3 } as const;

/** (x + 1) * reverse(x + 10), through two temporaries. */
export const TWO_TEMPORARIES: Program = {
  inputs: [F32_3],
  outputs: [F32_3],
  temporaries: [12, 12],
  steps: [
    { kernel: addKernel(3, 1), inputs: [0], output: 2 },
    { kernel: addKernel(3, 10), inputs: [0], output: 3 },
    { kernel: mulReversedKernel(3), inputs: [2, 3], output: 1 },
  ],
};
