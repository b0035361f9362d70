import type { Worker } from "node:worker_threads";

/** How long a process that ends waits for a thread that does not answer: one that has ended, or computes. */
const STOP_MS = 1_000;

/** A thread that messages go to and come from. */
export interface MessageThread {
  /**
   * Sends a message.
   *
   * @param message What to send; it is copied.
   * @param bytes What of it is handed over instead.
   */
  post(message: unknown, bytes: readonly ArrayBuffer[]): void;
  /** Keeps the process from ending until it is let go of. */
  hold(): void;
  /** Lets the process end. */
  letGo(): void;
  /** Ends the thread. */
  end(): Promise<unknown>;
}

/** Who hears what a thread says. */
export interface ThreadListener {
  /**
   * Hears a message.
   *
   * @param message What it says.
   */
  hear(message: unknown): void;
  /**
   * Hears that it has ended, which nobody asked for.
   *
   * @param reason Why.
   */
  miss(reason: string): void;
}

/** Starts a thread with a program, a module. */
export type StartThread = (
  source: string,
  listener: ThreadListener,
) => MessageThread | undefined;

/**
 * Starts a thread of Node's kind, which does not keep the process from ending.
 *
 * @param source Its program, a module.
 * @param listener Who hears what it says.
 * @returns The thread, or `undefined` where there are none.
 */
export function startThread(
  source: string,
  listener: ThreadListener,
): MessageThread | undefined {
  const worker = open(source);
  if (!worker) return undefined;
  const stop = () => stopAtExit(worker);
  globalThis.process.once("exit", stop);
  worker.unref();
  worker.on("message", (message) => listener.hear(message));
  worker.on("error", (error) => listener.miss(String(error)));
  worker.on("exit", () => {
    globalThis.process.off("exit", stop);
    listener.miss("it has ended");
  });
  return {
    post: (message, bytes) => worker.postMessage(message, bytes),
    hold: () => worker.ref(),
    letGo: () => worker.unref(),
    end: () => worker.terminate(),
  };
}

/**
 * Lets a thread stand still while the process ends: drivers of GPUs crash where one thread takes a device
 * down and another the driver. The program answers `leave` by setting its first word, and waiting for its
 * second.
 */
function stopAtExit(worker: Worker): void {
  const leave = new Int32Array(new SharedArrayBuffer(8));
  worker.postMessage({ leave });
  Atomics.wait(leave, 0, 0, STOP_MS);
}

function open(source: string): Worker | undefined {
  try {
    const { Worker } = globalThis.process.getBuiltinModule(
      "node:worker_threads",
    );
    const url = `data:text/javascript,${encodeURIComponent(source)}`;
    return new Worker(new URL(url));
  } catch {
    // A process that may have no threads has no GPU on one.
    return undefined;
  }
}
