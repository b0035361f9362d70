/**
 * Plugins in workers of the host's process: for those that are trusted but untidy. A worker keeps its
 * globals, its exceptions and its blocking from the host, and talks like a process does. It does not
 * hold anybody: the platform cannot stop a worker that computes, its memory is the host's, and without
 * a flag it may do what the host may do. What is not held is in every report.
 *
 * @module
 */
import { z } from "zod";
import { type Json, printable } from "../base/mod.ts";
import { PORT_SOURCE } from "./bootstrap.ts";
import { startDeadline } from "./deadline.ts";
import type { Enclosure, EnclosureOptions, Tier } from "./enclosure.ts";
import { type Death, isolationUnavailable } from "./errors.ts";
import { encodeFrame, FrameDecoder, ProtocolViolation } from "./frame.ts";
import type { OptionalLimit } from "./limits.ts";

/** What workers may touch: what this process may, or nothing that Deno asks permission for. */
export type WorkerPermissions = "inherit" | "none";

/** How workers are started. */
export interface WorkerTierOptions {
  /**
   * What they may touch. `"none"` takes a program that was started with `--unstable-worker-options`:
   * without the flag, Deno ends the program with status 70.
   */
  readonly permissions: WorkerPermissions;
  /** Told of a worker that could not be stopped. */
  readonly onTaint: (name: string, death: Death) => void;
}

/** How long a worker that is to end may take to show that it does not compute, in milliseconds. */
const STOP_MS = 1_000;

/** What no worker is held to. */
const NOT_HELD: readonly OptionalLimit[] = [
  "data-size",
  "heap-size",
  "resident-memory",
  "termination",
];

/** What a worker says of its own end. */
const exitSchema = z.strictObject({ exitCode: z.int(), lastWords: z.string() });

/**
 * Makes the tier of workers.
 *
 * @param options How they are started.
 * @returns The tier.
 */
export function workerTier(options: WorkerTierOptions): Tier {
  return {
    isolation: "worker",
    open: (enclosure) => new WorkerThread(enclosure, options),
  };
}

/** A worker that speaks in frames. */
class WorkerThread implements Enclosure {
  readonly pid = undefined;
  readonly #options: EnclosureOptions;
  readonly #tier: WorkerTierOptions;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  /** Asks whether the worker computes; none of what the plugin sends comes by it. */
  readonly #control: MessagePort;
  readonly #decoder: FrameDecoder;
  readonly #ended = Promise.withResolvers<Death>();
  #death: Death | undefined;
  #stopTimer: Disposable | undefined;

  constructor(options: EnclosureOptions, tier: WorkerTierOptions) {
    this.#options = options;
    this.#tier = tier;
    this.#decoder = new FrameDecoder(options.limits.messageBytesMax);
    this.#worker = startWorker(options, tier);
    this.#worker.onerror = (event) => {
      event.preventDefault(); // or it would be an error of the host
      this.#end({ reason: "exit", exitCode: 1, lastWords: event.message });
    };
    const frames = new MessageChannel();
    const control = new MessageChannel();
    this.#port = frames.port1;
    this.#port.onmessage = ({ data }) => this.#take(data);
    this.#control = control.port1;
    const guestPorts = [frames.port2, control.port2];
    this.#worker.postMessage(guestPorts, guestPorts);
  }

  get ended(): Promise<Death> {
    return this.#ended.promise;
  }

  confine(): Promise<readonly OptionalLimit[]> {
    const { cpuSecondsMax } = this.#options.limits;
    const limits: OptionalLimit[] = [...NOT_HELD];
    if (this.#tier.permissions !== "none") limits.push("permissions");
    if (cpuSecondsMax !== undefined) limits.push("cpu-time");
    return Promise.resolve(limits.sort());
  }

  send(header: Json, bytes?: Uint8Array<ArrayBuffer>): void {
    if (this.#death !== undefined) return;
    const { buffer } = encodeFrame(header, bytes);
    this.#port.postMessage(buffer, [buffer]);
  }

  sendState(_of: string, read: () => Json | undefined): void {
    const state = read();
    if (state !== undefined) this.send(state);
  }

  kill(reason: string): void {
    if (this.#death !== undefined) return;
    const death: Death = { reason };
    this.#death = death;
    // What it said before it was ended no longer counts, and may be more than can be read in time.
    this.#port.close();
    // Nobody says when a worker has stopped; one that answers is not busy, and then it can be.
    this.#control.onmessage = () => this.#close(death);
    this.#control.postMessage("ping");
    this.#stopTimer = startDeadline(this.#options.clock, STOP_MS, () => {
      const tainted: Death = { reason, isTainted: true };
      this.#close(tainted);
      this.#tier.onTaint(this.#options.name, tainted);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("disposed");
    await this.ended;
  }

  #take(data: unknown): void {
    if (this.#death !== undefined) return;
    try {
      if (data instanceof ArrayBuffer) this.#takeFrame(data);
      else this.#takeExit(data);
    } catch (error) {
      this.kill(
        error instanceof ProtocolViolation ? error.rule : "internal-error",
      );
    }
  }

  #takeFrame(data: ArrayBuffer): void {
    for (const frame of this.#decoder.push(new Uint8Array(data))) {
      this.#options.onFrame(frame);
    }
    if (this.#decoder.isInsideFrame) {
      throw new ProtocolViolation("protocol", "Part of a frame");
    }
  }

  #takeExit(data: unknown): void {
    const exit = exitSchema.safeParse(data);
    if (!exit.success) {
      throw new ProtocolViolation("protocol", "A message that is no frame");
    }
    const { exitCode, lastWords } = exit.data;
    this.#end({ reason: "exit", exitCode, lastWords });
  }

  /** Takes note of an end that nobody asked for. */
  #end({ lastWords = "", ...death }: Death): void {
    if (this.#death !== undefined) return;
    const said = printable(lastWords, LAST_WORDS_LENGTH);
    this.#death = said === "" ? death : { ...death, lastWords: said };
    this.#close(this.#death);
  }

  #close(death: Death): void {
    this.#stopTimer?.[Symbol.dispose]();
    this.#port.close();
    this.#control.close();
    this.#worker.terminate();
    this.#ended.resolve(death);
  }
}

/** How much of what a worker says last is kept, in characters. */
const LAST_WORDS_LENGTH = 500;

function startWorker(
  { name, program }: EnclosureOptions,
  { permissions }: WorkerTierOptions,
): Worker {
  const url = `data:text/javascript,${
    encodeURIComponent(`${PORT_SOURCE}${program}`)
  }`;
  const options: WorkerOptions & { deno?: { permissions: "none" } } = {
    type: "module",
    name,
    ...permissions === "none" && { deno: { permissions } },
  };
  try {
    return new Worker(url, options);
  } catch (cause) {
    const why = "this platform has no workers, or none may be started";
    throw isolationUnavailable("worker", why, { cause });
  }
}
