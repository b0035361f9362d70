import { backendUnavailable } from "../ir/mod.ts";

/** What a backend needs of WebGPU. */
export type AdapterSource = Pick<GPU, "requestAdapter">;

/** A device, and what must be known of it. */
export interface OpenedDevice {
  /** The device. */
  readonly device: GPUDevice;
  /**
   * Whether it is a program that computes on the CPU. Older runtimes do not tell; what they run on is
   * taken for a device. It is asked once, of the adapter: a device that is asked when its adapter has
   * been collected aborts Deno 2.9.
   */
  readonly isSoftware: boolean;
  /** What its adapter is called. */
  readonly name: string;
}

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
 * What a device can do only if it is asked for it: `timestamp-query` is a clock of its own, `shader-f16`
 * reads `float16`.
 */
const FEATURES = ["shader-f16", "timestamp-query"] as const;

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
 * @returns The device, and what it is.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if there is no adapter, or it grants no device.
 */
export async function openDevice(
  gpu: AdapterSource | undefined,
): Promise<OpenedDevice> {
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
    const device = await adapter.requestDevice({
      requiredLimits,
      requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)),
    });
    const { isFallbackAdapter = false, description, vendor, architecture } =
      adapter.info ?? {};
    const name = description || `${vendor} ${architecture}`;
    return { device, isSoftware: isFallbackAdapter, name };
  } catch (error) {
    throw backendUnavailable(
      "webgpu",
      `the adapter grants no device (${error})`,
    );
  }
}
