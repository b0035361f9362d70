import { sizeOf } from "../../core/base/mod.ts";
import { type KernelIn, kernelTrapped, type WasmCode } from "../ir/mod.ts";
import { OwnMemoryKernel, runLinked } from "../opaque/mod.ts";
import { type ReferenceArray, toStored } from "./places.ts";

/**
 * Runs the code that an operator brought, in an instance of its own.
 *
 * @param kernel The kernel.
 * @param inputs One array an operand.
 * @param output Where the elements go.
 * @throws {BackendError} `KERNEL_TRAPPED` if the code does not finish.
 */
export function runOpaque(
  { name, code, operands, inputShapes, shape, dtype, settings }: KernelIn<
    WasmCode
  >,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  code.signal?.throwIfAborted();
  const fail = (reason: string, cause?: unknown) =>
    kernelTrapped(name, "reference", { reason, cause });
  const types = operands.map(({ dtype }, i) => ({
    dtype,
    shape: inputShapes[i]!,
  }));
  const arrays = inputs.map((array, i) => {
    const { offset } = operands[i]!;
    return array.subarray(offset, offset + sizeOf(inputShapes[i]!));
  });
  const call = {
    types: [...types, { dtype, shape }],
    settings: settings.map(([, value]) => value),
  };
  const found = code.arrays === "imported"
    ? runLinked(code, arrays, { call, fail })
    : new OwnMemoryKernel(code.module, fail).run(arrays, call);
  found.forEach((value, i) => output[i] = toStored(value, dtype));
}
