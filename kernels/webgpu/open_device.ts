import { backendUnavailable } from "../ir/mod.ts";

/** What a backend needs of WebGPU. */
export type AdapterSource = Pick<GPU, "requestAdapter">;

/** Limits that kernels profit from, which a device has only if it is asked for them. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

/**
 * Finds the WebGPU of this process.
 *
 * @returns It, or `undefined` where there is none.
 */
export function platformGpu(): AdapterSource | undefined {
  return "gpu" in navigator ? navigator.gpu : undefined;
}

/**
 * Opens a device with all that its adapter grants.
 *
 * @param gpu The WebGPU to ask.
 * @returns The device.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if there is no adapter, or it grants no device.
 */
export async function openDevice(
  gpu: AdapterSource | undefined,
): Promise<GPUDevice> {
  const adapter = await gpu?.requestAdapter({
    powerPreference: "high-performance",
  });
  if (!adapter) {
    throw backendUnavailable(
      "webgpu",
      gpu ? "there is no adapter" : "this runtime has no WebGPU",
    );
  }
  const requiredLimits = Object.fromEntries(
    LIMITS.map((name) => [name, adapter.limits[name]]),
  );
  try {
    return await adapter.requestDevice({ requiredLimits });
  } catch (error) {
    throw backendUnavailable(
      "webgpu",
      `the adapter grants no device (${error})`,
    );
  }
}
