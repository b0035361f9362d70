import {
  assertInstance,
  assertMethods,
  type Clock,
  clockOf,
  invalidOption,
  optionsOf,
} from "../base/mod.ts";
import type { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import { describeFailure } from "../events/describe_failure.ts";
import type { PluginEvent } from "../events/event.ts";
import { recorderWriteFailed } from "./errors.ts";
import {
  type RecorderDropped,
  toWireEvent,
  toWireRecord,
} from "./event_record.ts";
import { type EventFilter, tapEvents } from "./event_tap.ts";
import { type LineSink, openLineFile } from "./line_file.ts";

/** How events are written. */
export interface JsonlWriterOptions extends EventFilter {
  /** Whether calls of operators are written too. */
  readonly captureTensorOps?: boolean;
  /**
   * How many events may wait to be written; those beyond are counted, and one record
   * `RecorderDropped` stands for them.
   *
   * @default {10_000}
   */
  readonly queueMax?: number;
  /** Where time comes from; the machine's clock if left out. */
  readonly clock?: Clock;
}

/** How events are written to a file. */
export interface JsonlFileOptions extends JsonlWriterOptions {
  /** Whether what is in the file stays. */
  readonly append?: boolean;
}

/**
 * Writes the events of a bus as they come, one line of JSON each. Publishing never waits for it.
 *
 * After the first failure it writes nothing more: it publishes one `PluginError` and says so to
 * whoever flushes.
 *
 * @example A file of events
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   parseRecord,
 *   PluginEventBus,
 *   PluginEventJsonlWriter,
 * } from "@spiraltorch/spiraltorch/core";
 *
 * const bus = new PluginEventBus();
 * const path = await Deno.makeTempFile();
 * {
 *   await using _writer = await PluginEventJsonlWriter.open(bus, path);
 *   bus.publish({ kind: "EpochStart", epoch: 1 });
 * }
 * const [line] = (await Deno.readTextFile(path)).split("\n");
 * assertEquals(parseRecord(line!).event, { kind: "EpochStart", epoch: 1 });
 * await Deno.remove(path);
 * ```
 */
export class PluginEventJsonlWriter implements AsyncDisposable {
  readonly #bus: PluginEventBus;
  readonly #sink: LineSink;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #queueMax: number;
  readonly #tap: Disposable;
  #queue: string[] = [];
  #nextIdx = 0;
  #dropped = 0;
  #pump: Promise<void> | undefined;
  #failure: PluginError | undefined;
  #disposal: Promise<void> | undefined;

  /**
   * Constructs a new instance, which writes from now on.
   *
   * @param bus Whose events.
   * @param sink Where the lines go; the writer disposes it.
   * @param options Which events, and how many may wait.
   * @throws {OptionError} `INVALID_OPTION` for a number or a filter that cannot be.
   * @throws {PluginError} `EVENT_TYPE_INVALID` for a type that no event has.
   */
  constructor(
    bus: PluginEventBus,
    sink: LineSink,
    options: JsonlWriterOptions = {},
  ) {
    const { queueMax = 10_000, captureTensorOps = false, clock, ...filter } =
      optionsOf<JsonlWriterOptions>("PluginEventJsonlWriter", options);
    assertMethods("sink", sink, "write", Symbol.asyncDispose);
    if (!Number.isSafeInteger(queueMax) || queueMax < 1) {
      throw invalidOption("queueMax", queueMax, "a whole number above 0");
    }
    this.#bus = bus;
    this.#sink = sink;
    this.#clock = clockOf("PluginEventJsonlWriter", clock);
    this.#startMs = this.#clock.nowMs();
    this.#queueMax = queueMax;
    this.#tap = tapEvents(bus, filter, (event, { source }) => {
      if (event.kind === "TensorOp" && !captureTensorOps) return;
      this.#take(event, source);
    });
  }

  /**
   * Opens a file and writes to it from now on.
   *
   * @param bus Whose events.
   * @param path The file.
   * @param options Which events, how many may wait, and whether what is in the file stays.
   * @returns The writer, to be disposed.
   * @throws {OptionError} `INVALID_OPTION` for a number or a filter that cannot be.
   * @throws {PluginError} `RECORDER_WRITE_FAILED` if the file cannot be opened;
   * `EVENT_TYPE_INVALID` for a type that no event has.
   */
  static async open(
    bus: PluginEventBus,
    path: string | URL,
    options: JsonlFileOptions = {},
  ): Promise<PluginEventJsonlWriter> {
    // The file is left alone where nothing could be written to it.
    assertInstance("bus", bus, PluginEventBus);
    const { append = false } = optionsOf<JsonlFileOptions>(
      "PluginEventJsonlWriter",
      options,
    );
    await using stack = new AsyncDisposableStack();
    const sink = stack.use(await openLineFile(path, { append }));
    const writer = new PluginEventJsonlWriter(bus, sink, options);
    stack.move();
    return writer;
  }

  /**
   * Waits until everything heard so far is written.
   *
   * @throws {PluginError} `RECORDER_WRITE_FAILED` if something could not be written.
   */
  async flush(): Promise<void> {
    while (this.#pump !== undefined) await this.#pump;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Stops listening, writes what waits, and closes the file. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#disposal ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#tap[Symbol.dispose]();
    await using _sink = this.#sink;
    // Whoever wants to know of a failure flushes; it has been published besides.
    while (this.#pump !== undefined) await this.#pump;
  }

  #take(event: PluginEvent, source: string): void {
    if (this.#failure !== undefined) return;
    if (this.#queue.length >= this.#queueMax) this.#dropped++;
    else this.#queue.push(this.#line(event, source));
    this.#pump ??= this.#run();
  }

  #line(event: PluginEvent | RecorderDropped, source: string): string {
    const elapsedMs = this.#clock.nowMs() - this.#startMs;
    const place = { idx: this.#nextIdx++, elapsedMs, source };
    return `${JSON.stringify(toWireRecord(toWireEvent(event), place))}\n`;
  }

  /** Writes until nothing waits any more. */
  async #run(): Promise<void> {
    // Events that are published in one go are written in one go.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0) await this.#sink.write(this.#batch());
    } catch (cause) {
      this.#fail(cause);
    } finally {
      this.#pump = undefined;
    }
  }

  #batch(): string {
    const lines = this.#queue;
    if (this.#dropped > 0) {
      const count = this.#dropped;
      lines.push(this.#line({ kind: "RecorderDropped", count }, "host"));
    }
    this.#dropped = 0;
    this.#queue = [];
    return lines.join("");
  }

  #fail(cause: unknown): void {
    const { name } = this.#sink;
    const { message: why } = describeFailure(cause, "");
    const failure = recorderWriteFailed(name, why, { cause });
    this.#failure = failure;
    this.#queue = [];
    this.#tap[Symbol.dispose]();
    const { code, message } = failure;
    const phase = "recorder";
    this.#bus.publish({ kind: "PluginError", phase, code, message });
  }
}
