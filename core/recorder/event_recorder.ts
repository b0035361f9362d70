import { type Clock, clockOf, invalidOption, optionsOf } from "../base/mod.ts";
import type { PluginEventBus } from "../events/bus.ts";
import {
  dotOfEvents,
  type EventFlowOptions,
  mermaidOfEvents,
} from "./event_flow.ts";
import {
  type EventRecord,
  fromWireRecord,
  toWireEvent,
  toWireRecord,
  type WireRecord,
} from "./event_record.ts";
import { type EventFilter, tapEvents } from "./event_tap.ts";
import { writeLineFile } from "./line_file.ts";

/** How events are recorded. */
export interface EventRecorderOptions extends EventFilter {
  /**
   * How many events are kept; an older one goes for each that comes then.
   *
   * @default {2048}
   */
  readonly capacity?: number;
  /** Where time comes from; the machine's clock if left out. */
  readonly clock?: Clock;
}

/** What a recorder holds. */
export interface EventSnapshot {
  /** How many events had to make room for newer ones. */
  readonly droppedEvents: number;
  /** The events, in the order in which they were heard. */
  readonly events: readonly EventRecord[];
}

/**
 * Keeps the last events of a bus. What an event carries is copied when it is heard: what becomes of
 * it later does not show.
 *
 * @example What has happened lately
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PluginEventBus, PluginEventRecorder } from "@spiraltorch/spiraltorch/core";
 *
 * const bus = new PluginEventBus();
 * using recorder = PluginEventRecorder.subscribe(bus, { capacity: 1 });
 * bus.publish({ kind: "EpochStart", epoch: 1 });
 * bus.publish({ kind: "EpochEnd", epoch: 1, loss: 0.5 });
 * const { droppedEvents, events } = recorder.snapshot();
 * assertEquals(droppedEvents, 1);
 * assertEquals(events[0]?.event, { kind: "EpochEnd", epoch: 1, loss: 0.5 });
 * ```
 */
export class PluginEventRecorder implements Disposable {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #capacity: number;
  readonly #tap: Disposable;
  /** A ring: the record with index `i` lies at `i` modulo the capacity. */
  #records: WireRecord[] = [];
  #nextIdx = 0;

  /**
   * Constructs a new instance, which records from now on.
   *
   * @param bus Whose events.
   * @param options Which events, and how many are kept.
   * @throws {OptionError} `INVALID_OPTION` for what is no bus, and for a capacity or a filter that cannot be.
   * @throws {PluginError} `EVENT_TYPE_INVALID` for a type that no event has.
   */
  constructor(bus: PluginEventBus, options: EventRecorderOptions = {}) {
    const { capacity = 2048, clock: given, ...filter } = optionsOf<
      EventRecorderOptions
    >("PluginEventRecorder", options);
    const clock = clockOf("PluginEventRecorder", given);
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw invalidOption("capacity", capacity, "a whole number above 0");
    }
    this.#clock = clock;
    this.#startMs = clock.nowMs();
    this.#capacity = capacity;
    this.#tap = tapEvents(bus, filter, (event, { source }) => {
      const idx = this.#nextIdx++;
      const place = { idx, elapsedMs: this.elapsedMs(), source };
      const record = toWireRecord(toWireEvent(event), place);
      this.#records[idx % this.#capacity] = record;
    });
  }

  /**
   * Begins to record.
   *
   * @param bus Whose events.
   * @param options Which events, and how many are kept.
   * @returns The recorder, to be disposed.
   * @throws {OptionError} `INVALID_OPTION` for a capacity or a filter that cannot be.
   * @throws {PluginError} `EVENT_TYPE_INVALID` for a type that no event has.
   */
  static subscribe(
    bus: PluginEventBus,
    options: EventRecorderOptions = {},
  ): PluginEventRecorder {
    return new PluginEventRecorder(bus, options);
  }

  /**
   * Copies what is held.
   *
   * @returns The events, and how many had to go.
   */
  snapshot(): EventSnapshot {
    const records = this.#inOrder();
    const droppedEvents = this.#nextIdx - records.length;
    return { droppedEvents, events: records.map(fromWireRecord) };
  }

  /** Forgets all events; the next one has index 0 again. */
  clear(): void {
    this.#records = [];
    this.#nextIdx = 0;
  }

  /**
   * Tells for how long it has recorded.
   *
   * @returns Milliseconds.
   */
  elapsedMs(): number {
    return this.#clock.nowMs() - this.#startMs;
  }

  /**
   * Writes what is held to a file, one line of JSON an event.
   *
   * @param path The file; what was in it is gone.
   * @throws {PluginError} `RECORDER_WRITE_FAILED` if it cannot be written.
   */
  async writeJsonl(path: string | URL): Promise<void> {
    const lines = this.#inOrder().map((record) => JSON.stringify(record));
    await writeLineFile(path, lines);
  }

  /**
   * Draws what is held as a Mermaid flowchart.
   *
   * @param options How many events are drawn.
   * @returns The text of the chart.
   * @throws {OptionError} `INVALID_OPTION` if `maxNodes` is no whole number above 0.
   */
  toMermaidFlowchart(options: EventFlowOptions = {}): string {
    return mermaidOfEvents(this.#inOrder(), options);
  }

  /**
   * Draws what is held in the DOT language of Graphviz.
   *
   * @param options How many events are drawn.
   * @returns The text of the graph.
   * @throws {OptionError} `INVALID_OPTION` if `maxNodes` is no whole number above 0.
   */
  toDot(options: EventFlowOptions = {}): string {
    return dotOfEvents(this.#inOrder(), options);
  }

  /** Stops recording. What has been recorded stays. */
  dispose(): void {
    this.#tap[Symbol.dispose]();
  }

  /** Stops recording. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #inOrder(): WireRecord[] {
    const first = this.#nextIdx % this.#capacity;
    return this.#nextIdx <= this.#capacity
      ? [...this.#records]
      : [...this.#records.slice(first), ...this.#records.slice(0, first)];
  }
}
