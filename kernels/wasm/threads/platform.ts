import type { Worker } from "node:worker_threads";

/** What threads need of the platform. */
export interface ThreadPlatform {
  /** How many threads can run at once; 0 where there are none but the calling one. */
  readonly cores: number;
  /**
   * Starts a thread, which does not keep the process from ending.
   *
   * @param source Its program, a module.
   * @param data What it is handed.
   * @returns The thread, or `undefined` if none can be had.
   */
  start(source: string, data: unknown): PlatformThread | undefined;
}

/** A thread. */
export interface PlatformThread {
  /**
   * Sends a message.
   *
   * @param message What to send; it is copied.
   */
  post(message: unknown): void;
  /** Ends the thread. */
  end(): Promise<void>;
}

/**
 * Finds what this process offers. Worker threads of Node's kind are asked for, since web workers keep
 * a process alive.
 *
 * @returns The platform.
 */
export function threadPlatform(): ThreadPlatform {
  // To look at `process`, not only for it, loads much of it: that can wait.
  const isCapable = "SharedArrayBuffer" in globalThis &&
    "process" in globalThis;
  const cores = isCapable ? navigator.hardwareConcurrency : 0;
  return { cores, start: startThread };
}

function startThread(
  source: string,
  data: unknown,
): PlatformThread | undefined {
  const worker = startWorker(source, data);
  worker?.unref();
  return worker && {
    post: (message) => worker.postMessage(message),
    async end() {
      await worker.terminate();
    },
  };
}

function startWorker(source: string, data: unknown): Worker | undefined {
  try {
    const { Worker } = globalThis.process.getBuiltinModule(
      "node:worker_threads",
    );
    const url = `data:text/javascript,${encodeURIComponent(source)}`;
    return new Worker(new URL(url), { workerData: data });
  } catch {
    // A process that may have no threads can do without.
    return undefined;
  }
}
