/**
 * The GPU backend: kernels compiled to WGSL, for the WebGPU that is built into Deno.
 *
 * @module
 */

export {
  deviceLost,
  ERROR_CODES,
  GpuError,
  gpuRejected,
  kernelRefused,
} from "./errors.ts";
export type { AdapterSource } from "./open_device.ts";
export type { CodeVariant } from "./gpu_kernel.ts";
export { threadGpu } from "./thread/thread_gpu.ts";
export { TuningTable } from "./tuning/tuning_table.ts";
export { createWebGpuBackend, type WebGpuOptions } from "./webgpu_backend.ts";
