import { outOfMemory } from "../ir/mod.ts";
import { deviceLost, gpuRejected } from "./errors.ts";

/** Something the device was asked to do, and what it will have had to say to it. */
interface Task {
  readonly work: string;
  readonly problem: Promise<GPUError | null>;
  readonly bytes: number;
  readonly undo: (() => void) | undefined;
}

/** Options of {@linkcode DeviceWatch.do}. */
export interface TaskOptions {
  /** What it is, for the message: a kernel's first line. */
  readonly work: string;
  /** Bytes of memory that it asks for. */
  readonly bytes?: number;
  /** What to do if the device rejects it. */
  readonly undo?: () => void;
}

/**
 * Collects what a device says about what it is told. WebGPU answers later, and only if asked: an error
 * that nobody asked for would be lost, and what depends on it would quietly compute nothing.
 */
export class DeviceWatch {
  readonly #name: string;
  readonly #device: GPUDevice;
  /** What still waits for the device. */
  readonly #waiting = new Set<(reason: Error) => void>();
  #tasks: Task[] = [];
  #lost: string | undefined;

  /**
   * Constructs a new instance.
   *
   * @param name Name of the backend.
   * @param device The device.
   */
  constructor(name: string, device: GPUDevice) {
    this.#name = name;
    this.#device = device;
    device.lost.then(({ reason, message }) => {
      this.#lost = message || reason;
      for (const reject of this.#waiting) {
        reject(deviceLost(this.#name, this.#lost));
      }
    });
  }

  /**
   * Waits for an answer of the device, but no longer than there is one: a driver that is gone may leave
   * promises as they are.
   *
   * @param answer The answer.
   * @returns The answer.
   * @throws {GpuError} `DEVICE_LOST` if the device is lost before it answers.
   */
  async wait<T>(answer: Promise<T>): Promise<T> {
    // No race with `device.lost`: it would keep every promise that ever took part.
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#lost !== undefined) reject(deviceLost(this.#name, this.#lost));
    this.#waiting.add(reject);
    answer.then(resolve, reject);
    try {
      return await promise;
    } finally {
      this.#waiting.delete(reject);
    }
  }

  /** Stops where the device is known to be lost. */
  assertAlive(): void {
    if (this.#lost !== undefined) throw deviceLost(this.#name, this.#lost);
  }

  /**
   * Tells the device to do something, and notes what it says.
   *
   * @param action What tells it.
   * @param options What it is.
   * @returns What the action returns.
   */
  do<T>(action: () => T, { work, bytes = 0, undo }: TaskOptions): T {
    const filter = bytes > 0 ? "out-of-memory" : "validation";
    this.#device.pushErrorScope(filter);
    try {
      return action();
    } finally {
      const problem = this.#device.popErrorScope();
      this.#tasks.push({ work, problem, bytes, undo });
    }
  }

  /**
   * Waits for what the device says about all it was told so far.
   *
   * @param usedBytes Memory in use, for the message.
   * @param totalBytes Memory there is.
   */
  async settle(
    { usedBytes, totalBytes }: {
      readonly usedBytes: number;
      readonly totalBytes: number;
    },
  ): Promise<void> {
    const tasks = this.#tasks;
    this.#tasks = [];
    let failure: Error | undefined;
    for (const { work, problem, bytes, undo } of tasks) {
      const error = await this.wait(problem).catch((error) => error as Error);
      if (!error) continue;
      undo?.();
      failure ??= bytes > 0
        ? outOfMemory(this.#name, { wantedBytes: bytes, usedBytes, totalBytes })
        : gpuRejected(this.#name, { work, reason: error.message.trim() });
    }
    // What a lost device says about the rest does not matter.
    this.assertAlive();
    if (failure) throw failure;
  }
}
