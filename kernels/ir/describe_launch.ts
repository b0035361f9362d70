import { itemBytes, sizeOf, type Work } from "../../core/base/mod.ts";
import { type Kernel, outputShape } from "./kernel.ts";

/**
 * Describes one launch of a kernel to those who watch it.
 *
 * @param backend Name of the backend.
 * @param kernel The kernel.
 * @returns Its kind, what it writes, and where.
 */
export function describeLaunch(backend: string, kernel: Kernel): Work {
  const shape = outputShape(kernel);
  const { kind, dtype } = kernel;
  const bytesWritten = sizeOf(shape) * itemBytes(dtype);
  return {
    name: "kernel",
    attributes: { backend, kind, dtype, shape: `[${shape}]`, bytesWritten },
  };
}
