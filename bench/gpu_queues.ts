type Request = (descriptor?: GPUDeviceDescriptor) => Promise<GPUDevice>;

/**
 * The GPU queues of everybody in a process.
 *
 * Libraries return when their work is in a queue; a sample ends when it is done. Waiting is the same
 * for all, one wait for all the dispatches of a sample.
 */
export class GpuQueues {
  // A queue without its device, which may be collected, aborts Deno 2.9.
  readonly #devices: GPUDevice[] = [];

  /**
   * Notes each device that is requested from now on.
   *
   * @param adapters The prototype of adapters, `GPUAdapter.prototype`.
   */
  watch(adapters: { requestDevice: Request }): void {
    const devices = this.#devices;
    const { requestDevice } = adapters;
    adapters.requestDevice = async function (descriptor) {
      const device = await requestDevice.call(this, descriptor);
      devices.push(device);
      return device;
    };
  }

  /**
   * Waits for all that is in the queues.
   *
   * @returns Nothing, when it is done.
   */
  async finish(): Promise<void> {
    await Promise.all(
      this.#devices.map(({ queue }) => queue.onSubmittedWorkDone()),
    );
  }
}
