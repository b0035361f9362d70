import type { DeviceWatch } from "./device_watch.ts";
import type { GpuArray } from "./gpu_array.ts";
import { classOf } from "./buffer_pool.ts";

/** One array on its way to the host. */
interface Reading {
  readonly array: GpuArray;
  readonly bytes: number;
  readonly start: number;
  readonly settle: PromiseWithResolvers<ArrayBuffer>;
}

/**
 * Copies arrays to the host. Those that are asked for before anything else is done are copied together,
 * because each wait for the device costs 11 ms, and blocks the thread meanwhile.
 */
export class ReadBack {
  readonly #device: GPUDevice;
  readonly #watch: DeviceWatch;
  readonly #staging: GPUBuffer[] = [];
  readonly #underway = new Set<Promise<void>>();
  #waiting: Reading[] = [];
  #bytes = 0;

  /**
   * Constructs a new instance.
   *
   * @param device Where the arrays are.
   * @param watch Who listens to it.
   */
  constructor(device: GPUDevice, watch: DeviceWatch) {
    this.#device = device;
    this.#watch = watch;
  }

  /**
   * Copies an array, as it is now.
   *
   * @param array The array.
   * @param bytes How much of it.
   * @returns The bytes.
   */
  read(array: GpuArray, bytes: number): Promise<ArrayBuffer> {
    const settle = Promise.withResolvers<ArrayBuffer>();
    if (this.#waiting.length === 0) queueMicrotask(() => this.flush());
    this.#waiting.push({ array, bytes, start: this.#bytes, settle });
    this.#bytes += Math.ceil(bytes / 8) * 8;
    return settle.promise;
  }

  /** Starts the copies that wait. To be called before an array is changed or given back. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const readings = this.#waiting;
    const size = this.#bytes;
    this.#waiting = [];
    this.#bytes = 0;
    const job = this.#copy(readings, size).catch((error) => {
      for (const { settle } of readings) settle.reject(error);
    }).finally(() => this.#underway.delete(job));
    this.#underway.add(job);
  }

  /** Waits for all copies, then lets go of the memory they went through. */
  async finish(): Promise<void> {
    this.flush();
    await Promise.all(this.#underway);
    for (const staging of this.#staging) staging.destroy();
    this.#staging.length = 0;
  }

  async #copy(readings: readonly Reading[], size: number): Promise<void> {
    const staging = this.#watch.do(() => {
      const staging = this.#take(size);
      const encoder = this.#device.createCommandEncoder();
      for (const { array, bytes, start } of readings) {
        const whole = Math.ceil(bytes / 4) * 4;
        encoder.copyBufferToBuffer(array.raw, 0, staging, start, whole);
      }
      this.#device.queue.submit([encoder.finish()]);
      return staging;
    }, { work: `a copy of ${size} bytes to the host` });
    await this.#watch.wait(staging.mapAsync(GPUMapMode.READ, 0, size));
    const mapped = staging.getMappedRange(0, size);
    for (const { start, bytes, settle } of readings) {
      settle.resolve(mapped.slice(start, start + bytes));
    }
    staging.unmap();
    this.#staging.push(staging);
  }

  /** The smallest one that is free and large enough, or a new one in place of the largest. */
  #take(bytes: number): GPUBuffer {
    this.#staging.sort((a, b) => a.size - b.size);
    const at = this.#staging.findIndex(({ size }) => size >= bytes);
    if (at >= 0) return this.#staging.splice(at, 1)[0]!;
    this.#staging.pop()?.destroy();
    return this.#device.createBuffer({
      size: classOf(bytes),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }
}
