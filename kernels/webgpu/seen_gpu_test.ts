/** GPUs whose devices tests see before anybody uses them. */
import type { AdapterSource } from "./open_device.ts";

/**
 * Shows each device of a GPU.
 *
 * @param see Is given the device, and may change it.
 * @param gpu Whose devices; those of this process, if left out.
 * @returns The GPU.
 */
export function seenGpu(
  see: (device: GPUDevice) => void,
  gpu: AdapterSource = navigator.gpu,
): AdapterSource {
  return {
    async requestAdapter(options) {
      const adapter = (await gpu.requestAdapter(options))!;
      const requestDevice = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => {
        const device = await requestDevice(descriptor);
        see(device);
        return device;
      };
      return adapter;
    },
  };
}
