/**
 * What can go wrong on a GPU.
 *
 * @module
 */
import { CodedError } from "../../core/base/mod.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  DEVICE_LOST: "The GPU was lost while a backend used it.",
  GPU_REJECTED: "The GPU or its driver rejected work.",
  KERNEL_REFUSED: "A backend was given a kernel that it refuses.",
} as const;

/** A failure of a GPU. */
export class GpuError extends CodedError<keyof typeof ERROR_CODES> {
  /** Name of the class. */
  override readonly name: string = "GpuError";
}

/**
 * Builds the error for a GPU that is gone.
 *
 * @param backend Name of the backend.
 * @param reason What the driver says.
 * @returns The error, for the caller to throw.
 */
export function deviceLost(backend: string, reason: string): GpuError {
  return new GpuError(
    "DEVICE_LOST",
    `Cannot use backend "${backend}": its device was lost (${reason})`,
    { backend, reason },
  );
}

/**
 * Builds the error for work that the GPU does not take.
 *
 * @param backend Name of the backend.
 * @param work What was asked of it: the kernels' first lines.
 * @param reason What the driver says.
 * @returns The error, for the caller to throw.
 */
export function gpuRejected(
  backend: string,
  { work, reason }: { readonly work: string; readonly reason: string },
): GpuError {
  return new GpuError(
    "GPU_REJECTED",
    `Cannot run ${work} on backend "${backend}": the device found ${reason}`,
    { backend, work, reason },
  );
}

/**
 * Builds the error for a kernel that was compiled although it is refused.
 *
 * @param backend Name of the backend.
 * @param kernel The kernel's first line.
 * @param reason Why it is refused.
 * @returns The error, for the caller to throw.
 */
export function kernelRefused(
  backend: string,
  { kernel, reason }: { readonly kernel: string; readonly reason: string },
): GpuError {
  return new GpuError(
    "KERNEL_REFUSED",
    `Cannot compile ${kernel} on backend "${backend}": ${reason}`,
    { backend, kernel, reason },
  );
}
