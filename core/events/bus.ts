/**
 * The event bus: who hears what, in which order, and what a failing listener may spoil (nothing).
 *
 * Every public call checks its event whether anybody listens or not, so that a mistake shows before
 * there is a listener. What nobody hears costs one map look-up.
 *
 * @module
 */
import { type Clock, SYSTEM_CLOCK } from "../base/mod.ts";
import type { LogRecord } from "../plugin/context.ts";
import type {
  EventBusOptions,
  PublishAsyncOptions,
  SubscribeOptions,
} from "./bus_options.ts";
import { describeFailure } from "./describe_failure.ts";
import {
  eventLoop,
  eventTypeInvalid,
  eventTypeReserved,
  listenerTimeout,
} from "./errors.ts";
import type {
  EventInfo,
  EventInput,
  Listener,
  PluginEvent,
  Subscription,
} from "./event.ts";
import { assertSubscribable, eventTypeOf, isBlankType } from "./event_type.ts";
import { isThenable } from "./is_thenable.ts";
import {
  assertListener,
  type ListenerSlot,
  ListenerTable,
} from "./listener_table.ts";
import {
  type ListenerFailure,
  type Outcome,
  type PublishReport,
  reportOf,
} from "./publish_report.ts";
import { quietLog } from "./quiet_log.ts";
import { assertTimeoutMs, withDeadline } from "./with_deadline.ts";

/** How many events may be under way inside each other. */
const DEPTH_MAX = 64;

const NOBODY: readonly ListenerSlot[] = [];

/** One event on its way. */
interface Delivery {
  readonly event: PluginEvent;
  readonly info: EventInfo;
  readonly slots: readonly ListenerSlot[];
}

/**
 * Carries events from those who publish them to those who listen.
 *
 * @example A listener for one type
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PluginEventBus } from "@spiraltorch/spiraltorch/core";
 *
 * const bus = new PluginEventBus();
 * const epochs: number[] = [];
 * const subscription = bus.subscribe("EpochStart", (event) => {
 *   if (event.kind === "EpochStart") epochs.push(event.epoch);
 * });
 * bus.publish({ kind: "EpochStart", epoch: 1 });
 * subscription.dispose();
 * bus.publish({ kind: "EpochStart", epoch: 2 });
 * assertEquals(epochs, [1]);
 * ```
 */
export class PluginEventBus {
  readonly #clock: Clock;
  readonly #log: (record: LogRecord) => void;
  readonly #table = new ListenerTable();
  #lastId = 0;
  #lastSeq = 0;
  #lastMs = 0;
  #depth = 0;

  /**
   * Constructs a new instance, on which nobody listens.
   *
   * @param options Where time comes from and where unheard failures go.
   */
  constructor(options: EventBusOptions = {}) {
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#log = quietLog(options.log);
  }

  /**
   * Starts to listen, to what is published after this call. Listeners are called in the order of
   * subscription, those of `*` after those of the event's own type.
   *
   * @param type A kind other than `Custom`, a custom event's type, or `*` for all events.
   * @param listener What to call. The same function twice makes two subscriptions.
   * @param options For how long to listen, and for whom.
   * @returns The subscription, to be disposed.
   * @throws {PluginError} `EVENT_TYPE_INVALID` if no event is routed by `type`.
   * @throws {OptionError} `INVALID_OPTION` if `listener` is not a function.
   */
  subscribe(
    type: string,
    listener: Listener,
    options: SubscribeOptions = {},
  ): Subscription {
    assertSubscribable(type);
    assertListener(listener);
    const { once = false, signal, owner } = options;
    const id = ++this.#lastId;
    const dispose = () => void this.#table.remove(id);
    if (!signal?.aborted) {
      const onRemove = () => signal?.removeEventListener("abort", dispose);
      const isActive = true;
      this.#table.add({ id, type, owner, listener, once, onRemove, isActive });
      signal?.addEventListener("abort", dispose);
    }
    return { id, type, dispose, [Symbol.dispose]: dispose };
  }

  /**
   * Ends a subscription. A delivery under way does not call the listener any more.
   *
   * @param id Number of the subscription.
   * @returns Whether it was there.
   */
  unsubscribe(id: number): boolean {
    return this.#table.remove(id);
  }

  /**
   * Ends all subscriptions, those of plugins too.
   *
   * @param type The type to which it is limited; `*` stands for the listeners of `*`.
   * @returns How many there were.
   */
  clearListeners(type?: string): number {
    return this.#table.clear(type);
  }

  /**
   * Tells whether an event would be heard.
   *
   * @param type What it is routed by.
   * @returns Whether somebody listens to the type or to `*`.
   */
  hasListeners(type: string): boolean {
    return this.#table.everything.slots.length > 0 ||
      (this.#table.channel(type)?.slots.length ?? 0) > 0;
  }

  /**
   * Announces an event: starts every listener, then returns. A failing listener stops no other; its
   * failure is published as `PluginError`, or logged if nobody listens to that.
   *
   * Cost: one map look-up and no allocation if nobody listens.
   *
   * @param event The event. It is frozen, though not what it holds.
   * @throws {PluginError} `EVENT_TYPE_RESERVED` if it is a custom event with a kind, `*` or nothing
   * as its type; `EVENT_TYPE_INVALID` if it is of no known kind; `EVENT_LOOP` if it is nested too
   * deep in listeners that publish.
   */
  publish(event: EventInput): void {
    this.publishFrom("host", event);
  }

  /**
   * Announces an event in the name of a plugin.
   *
   * @param source Id of the plugin.
   * @param event The event.
   * @throws {PluginError} `EVENT_TYPE_RESERVED`, `EVENT_TYPE_INVALID`, `EVENT_LOOP`, as
   * {@linkcode PluginEventBus.publish}.
   */
  publishFrom(source: string, event: EventInput): void {
    const slots = this.#hearing(source, event);
    if (slots.length > 0) this.#start(this.#open(source, event, slots));
  }

  /**
   * Announces an event to some of its listeners alone, who could not hear it with the others.
   *
   * @param to Numbers of their subscriptions.
   * @param event The event.
   * @param options What it was stamped with, if it has been published before.
   * @throws {PluginError} `EVENT_TYPE_RESERVED`, `EVENT_TYPE_INVALID`, `EVENT_LOOP`, as
   * {@linkcode PluginEventBus.publish}.
   */
  publishTo(
    to: ReadonlySet<number>,
    event: EventInput,
    { info }: { readonly info?: EventInfo } = {},
  ): void {
    const slots = this.#hearing("host", event).filter(({ id }) => to.has(id));
    if (slots.length === 0) return;
    const delivery = this.#open("host", event, slots);
    this.#start(info === undefined ? delivery : { ...delivery, info });
  }

  /**
   * Announces an event and tells what became of it so far.
   *
   * @param event The event.
   * @returns What became of it; `pending` listeners have returned a promise.
   * @throws {PluginError} `EVENT_TYPE_RESERVED`, `EVENT_TYPE_INVALID`, `EVENT_LOOP`, as
   * {@linkcode PluginEventBus.publish}.
   */
  publishReport(event: EventInput): PublishReport {
    const slots = this.#hearing("host", event);
    const outcomes = slots.length === 0
      ? []
      : this.#start(this.#open("host", event, slots));
    return reportOf(eventTypeOf(event), outcomes);
  }

  /**
   * Announces an event and waits for its listeners.
   *
   * @param event The event.
   * @param options How long to wait, and whether listeners wait for each other.
   * @returns What became of it; nothing is pending.
   * @throws {PluginError} `EVENT_TYPE_RESERVED`, `EVENT_TYPE_INVALID`, `EVENT_LOOP`, as
   * {@linkcode PluginEventBus.publish}.
   * @throws {OptionError} `INVALID_OPTION` if `timeoutMs` is no length of time.
   */
  async publishAsync(
    event: EventInput,
    options: PublishAsyncOptions = {},
  ): Promise<PublishReport> {
    const { timeoutMs = 0, mode = "parallel" } = options;
    assertTimeoutMs("publishAsync timeoutMs", timeoutMs);
    const slots = this.#hearing("host", event);
    if (slots.length === 0) return reportOf(eventTypeOf(event), []);
    const delivery = this.#open("host", event, slots);
    // Each inner list starts together.
    const turns = mode === "series" ? slots.map((slot) => [slot]) : [slots];
    const outcomes: Outcome[] = [];
    for (const turn of turns) {
      const started = this.#nested(
        { ...delivery, slots: turn },
        (slot) => ({ slot, result: this.#call(delivery, slot) }),
      );
      outcomes.push(
        ...await Promise.all(
          started.map(({ slot, result }) =>
            result instanceof Promise
              ? this.#settle(delivery, { slot, work: result, timeoutMs })
              : result
          ),
        ),
      );
    }
    return reportOf(eventTypeOf(event), outcomes);
  }

  /**
   * Announces an event that is made only if somebody listens.
   *
   * @param type What the event is routed by.
   * @param make Makes the event.
   * @returns Whether it was made.
   * @throws {PluginError} `EVENT_TYPE_RESERVED`, `EVENT_TYPE_INVALID`, `EVENT_LOOP`, as
   * {@linkcode PluginEventBus.publish}.
   */
  publishLazy(type: string, make: () => EventInput): boolean {
    if (!this.hasListeners(type)) return false;
    this.publish(make());
    return true;
  }

  /** The listeners that are to hear an event, after a look at its type. */
  #hearing(source: string, event: EventInput): readonly ListenerSlot[] {
    const type = eventTypeOf(event);
    const channel = this.#table.channel(type);
    if (event.kind === "Custom") {
      if (channel?.isReserved || isBlankType(type)) {
        throw eventTypeReserved(String(type), source);
      }
    } else if (!channel?.isReserved || type === "*") {
      const wanted = "a known kind, or a custom event of this type";
      throw eventTypeInvalid("publish", String(type), wanted);
    }
    const own = channel?.slots ?? NOBODY;
    const all = this.#table.everything.slots;
    return all.length === 0 ? own : own.length === 0 ? all : [...own, ...all];
  }

  /** Stamps an event. */
  #open(
    source: string,
    event: EventInput,
    slots: readonly ListenerSlot[],
  ): Delivery {
    const type = eventTypeOf(event);
    if (this.#depth >= DEPTH_MAX) throw eventLoop(type, DEPTH_MAX);
    // A clock that goes back must not show.
    this.#lastMs = Math.max(this.#lastMs, this.#clock.nowMs());
    const seq = ++this.#lastSeq;
    const info = Object.freeze({
      type,
      seq,
      source,
      timestampMs: this.#lastMs,
    });
    return { event: Object.freeze(event), info, slots };
  }

  /** Calls every listener without waiting for any. */
  #start(delivery: Delivery): Outcome[] {
    return this.#nested(delivery, (slot) => {
      const result = this.#call(delivery, slot);
      if (!(result instanceof Promise)) return result;
      result.catch((error) => void this.#fail(delivery, slot, error));
      return "pending";
    });
  }

  /** Does something for each listener, one level deeper. */
  #nested<T>(delivery: Delivery, each: (slot: ListenerSlot) => T): T[] {
    this.#depth++;
    try {
      return delivery.slots.map(each);
    } finally {
      this.#depth--;
    }
  }

  /** Calls one listener. A promise may still reject; nothing is thrown. */
  #call(delivery: Delivery, slot: ListenerSlot): Outcome | Promise<unknown> {
    if (!slot.isActive) return "skipped";
    if (slot.once) this.#table.remove(slot.id);
    try {
      const result: unknown = slot.listener(delivery.event, delivery.info);
      return isThenable(result) ? Promise.resolve(result) : "done";
    } catch (error) {
      return this.#fail(delivery, slot, error);
    }
  }

  /** Waits for a listener that has been called. */
  async #settle(
    delivery: Delivery,
    { slot, work, timeoutMs }: {
      slot: ListenerSlot;
      work: Promise<unknown>;
      timeoutMs: number;
    },
  ): Promise<Outcome> {
    try {
      const late = () => listenerTimeout(delivery.info.type, timeoutMs);
      await withDeadline(work, { clock: this.#clock, timeoutMs, late });
      return "done";
    } catch (error) {
      return this.#fail(delivery, slot, error);
    }
  }

  /** Publishes that a listener has failed, unless nobody would hear it. */
  #tellFailure(event: EventInput): boolean {
    if (!this.hasListeners("PluginError")) return false;
    try {
      this.publish(event);
      return true;
    } catch {
      return false; // too deep already
    }
  }

  /**
   * Reports that a listener has failed. Failures of listeners of `PluginError` are only logged:
   * telling those very listeners could go on for ever.
   */
  #fail(
    { event, info }: Delivery,
    { id, owner }: ListenerSlot,
    error: unknown,
  ): ListenerFailure {
    const failure = describeFailure(error, "LISTENER_FAILED");
    const plugin = owner === undefined ? {} : { pluginId: owner };
    const phase = "listener";
    const isTold = event.kind !== "PluginError" &&
      this.#tellFailure({ kind: "PluginError", ...plugin, phase, ...failure });
    if (!isTold) {
      const fields = { type: info.type, subscriptionId: id, ...failure };
      const message = "A listener failed";
      this.#log({ level: "error", source: owner ?? "host", message, fields });
    }
    return {
      subscriptionId: id,
      ...owner === undefined ? {} : { owner },
      ...failure,
    };
  }
}
