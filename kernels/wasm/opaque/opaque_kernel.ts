import {
  decodeHalf,
  encodeHalf,
  type HostArray,
  isCoded,
  isHalfDType,
  itemBytes,
  printable,
  sizeOf,
} from "../../../core/base/mod.ts";
import { kernelTrapped, type OpaqueKernel } from "../../ir/mod.ts";
import { type ArrayType, OwnMemoryKernel } from "../../opaque/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { inputSlot, OUTPUT_SLOT } from "../lanes/views.ts";

/**
 * Prepares a kernel of foreign code. Its module has a memory of its own, into which the inputs are
 * copied and out of which the output: it never sees the memory that all other arrays are in.
 *
 * @param kernel The kernel.
 * @param engine Where the arrays are.
 * @returns The prepared kernel, whose launch throws `KERNEL_TRAPPED` if the code does not finish.
 */
export function opaqueKernel(
  { name, code, operands, inputShapes, shape, dtype, settings }: OpaqueKernel,
  engine: Engine,
): CompiledKernel {
  const fail = (reason: string, cause?: unknown) =>
    kernelTrapped(name, "wasm", { reason, cause });
  const foreign = new OwnMemoryKernel(code.module, fail);
  const output: ArrayType = { dtype, shape };
  const inputs = operands.map(({ dtype }, i) => ({
    dtype,
    shape: inputShapes[i]!,
  }));
  const call = {
    types: [...inputs, output],
    settings: settings.map(([, value]) => value),
  };
  const { tables, bytes: { buffer } } = engine.memory;
  return {
    scratchBytes: 0,
    launch(parameters) {
      const arrays = inputs.map((type, i) => {
        const address = tables.read(parameters, inputSlot(i));
        const skipped = operands[i]!.offset * itemBytes(type.dtype);
        return elementsAt(buffer, address + skipped, type);
      });
      let found: HostArray;
      try {
        found = foreign.run(arrays, call);
      } catch (cause) {
        if (isCoded(cause)) throw cause;
        throw fail(printable(String((cause as Error).message), 400), cause);
      }
      const address = tables.read(parameters, OUTPUT_SLOT);
      storeElements(buffer, address, { type: output, found });
    },
  };
}

/** The elements of an array as foreign code takes them. */
function elementsAt(
  buffer: ArrayBufferLike,
  address: number,
  { dtype, shape }: ArrayType,
): HostArray {
  const size = sizeOf(shape);
  if (isHalfDType(dtype)) {
    return decodeHalf(dtype, new Uint16Array(buffer, address, size));
  }
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer, address, size);
    case "int32":
      return new Int32Array(buffer, address, size);
    case "int8":
      return new Int8Array(buffer, address, size);
    case "bool":
      return new Uint8Array(buffer, address, size);
    default:
      return dtype satisfies never;
  }
}

function storeElements(
  buffer: ArrayBufferLike,
  address: number,
  { type, found }: { readonly type: ArrayType; readonly found: HostArray },
): void {
  const { dtype, shape } = type;
  if (!isHalfDType(dtype)) {
    elementsAt(buffer, address, type).set(found);
    return;
  }
  const halves = new Uint16Array(buffer, address, sizeOf(shape));
  encodeHalf(dtype, Float32Array.from(found), halves);
}
