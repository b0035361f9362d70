/**
 * How one event is handed to those who hear it: in order, each failure by itself, none of them
 * stopping another.
 *
 * What changes with every event are plain fields, not private ones: V8 takes twice as long to write
 * the latter, which would be half of the time of an event with one listener.
 *
 * @module
 */
import type { Clock } from "../base/mod.ts";
import { AsyncChain, LINKS_MAX } from "./async_chain.ts";
import type { LogRecord } from "../plugin/context.ts";
import { type CallHooks, compileCalls } from "./compile_calls.ts";
import { describeFailure } from "./describe_failure.ts";
import { asyncEventLoop, eventLoop, listenerTimeout } from "./errors.ts";
import type { EventInfo, EventInput, PluginEvent } from "./event.ts";
import { eventTypeOf } from "./event_type.ts";
import { HeardTypes } from "./heard_types.ts";
import { isThenable } from "./is_thenable.ts";
import {
  type ListenerSlot,
  ListenerTable,
  type Route,
} from "./listener_table.ts";
import type { ListenerFailure, Outcome } from "./publish_report.ts";
import { withDeadline } from "./with_deadline.ts";

/** How many events may be under way inside each other. */
export const DEPTH_MAX = 64;

/**
 * The same, once events have been found to publish each other without end, until the outermost of
 * them has been delivered: two listeners that each publish would else be called 2 ** 64 times.
 */
const DEPTH_MAX_AFTER_LOOP = 2;

/** An event that nobody publishes: `undefined` may be published by mistake, and is to be refused. */
const NO_EVENT: PluginEvent = Object.freeze({ kind: "SystemInit" });

/** After how many events a list of listeners is worth code of its own: making it takes as long. */
const USES_COMPILED = 1000;

/** One event on its way. */
export interface Delivery {
  /** The event, frozen if a plugin hears it. */
  readonly event: PluginEvent;
  /** What listeners are told about it. */
  readonly info: EventInfo;
  /** Who hears it. */
  readonly slots: readonly ListenerSlot[];
}

/** A listener that takes nothing but the event. */
type PlainListener = (event: PluginEvent) => unknown;

/** Hands events to listeners. */
export class Dispatcher {
  /** Who listens to what. To be changed by `changed` and `remove` only. */
  readonly table: ListenerTable = new ListenerTable();
  /** Who wants to know whether a type is heard. */
  readonly heard: HeardTypes = new HeardTypes(this.table);
  /** Where time comes from. */
  readonly clock: Clock;
  readonly #log: (record: LogRecord) => void;
  readonly #hooks: CallHooks = {
    hearOut: (event, slot, result) => this.#hearOut(event, slot, result),
    goOn: (event, slots, { at, error }) => {
      this.#fail(event, slots[at]!, error);
      const rest = slots.slice(at + 1);
      if (rest.length > 0) this.#callAll(event, rest);
    },
  };
  lastSeq = 0;
  lastMs = 0;
  depth = 0;
  depthMax: number = DEPTH_MAX;
  /** An event that came frozen, so that its publisher is likely to publish it again; and its route. */
  ready: PluginEvent = NO_EVENT;
  readyRoute: Route | undefined;
  /** Follows events through listeners that go on later, once there is one. */
  chain: AsyncChain | undefined;

  /**
   * Constructs a new instance, on which nobody listens.
   *
   * @param clock Where time comes from.
   * @param log Where failures go that no listener is told about; never throws.
   */
  constructor(clock: Clock, log: (record: LogRecord) => void) {
    this.clock = clock;
    this.#log = log;
  }

  /** To be called when a listener has come or gone. */
  changed(): void {
    this.ready = NO_EVENT;
    this.heard.update();
  }

  /**
   * Takes a listener out.
   *
   * @param id Number of the subscription.
   * @returns Whether it was there.
   */
  remove(id: number): boolean {
    const isThere = this.table.remove(id);
    if (isThere) this.changed();
    return isThere;
  }

  /**
   * Finds who hears an event.
   *
   * @param source Who publishes it.
   * @param event The event.
   * @returns The listeners.
   * @throws {PluginError} `EVENT_TYPE_RESERVED` or `EVENT_TYPE_INVALID` for its type.
   */
  routeOf(source: string, event: EventInput): Route {
    if (event === this.ready) return this.readyRoute!;
    return this.table.known(event) ?? this.table.find(event, source);
  }

  /**
   * Starts every listener of an event. What goes wrong is published or logged.
   *
   * @param source Who publishes it.
   * @param event The event.
   * @param route Who hears it; somebody does.
   * @throws {PluginError} `EVENT_LOOP` if it is nested too deep.
   */
  tell(source: string, event: EventInput, route: Route): void {
    const { slots } = route;
    if (!route.isPlain) {
      this.start(this.open(source, event, slots));
      return;
    }
    this.lastSeq++;
    if (event !== this.ready) this.#prepare(event, route);
    const outer = this.depth;
    if (outer >= this.depthMax || this.chain) this.#assertNoLoop(event);
    this.depth = outer + 1;
    try {
      if (route.calls !== undefined) route.calls(event);
      else {
        if (++route.uses === USES_COMPILED) {
          route.calls = compileCalls(slots, this.#hooks);
        }
        this.#callAll(event, slots);
      }
    } finally {
      this.depth = outer;
      if (outer === 0) this.depthMax = DEPTH_MAX;
    }
  }

  /** Calls listeners that take the event alone. */
  #callAll(event: PluginEvent, slots: readonly ListenerSlot[]): void {
    let next = 0;
    try {
      // In one `try` for all of them: a failure costs, the lack of one does not.
      for (; next < slots.length; next++) {
        const slot = slots[next]!;
        if (!slot.isActive) continue;
        const listener = slot.listener as PlainListener;
        const result = slot.isAsync
          ? this.chain!.run(() => listener(event))
          : listener(event);
        if (result !== undefined) this.#hearOut(event, slot, result);
      }
    } catch (error) {
      this.#hooks.goOn(event, slots, { at: next, error });
    }
  }

  /**
   * Freezes an event, if a plugin hears it, and stamps it.
   *
   * @param source Who publishes it.
   * @param event The event.
   * @param slots Who hears it.
   * @returns The event on its way.
   */
  open(
    source: string,
    event: EventInput,
    slots: readonly ListenerSlot[],
  ): Delivery {
    this.#assertNoLoop(event);
    if (slots.some(({ owner }) => owner !== undefined)) Object.freeze(event);
    const seq = ++this.lastSeq;
    // A clock that goes back must not show.
    const timestampMs = Math.max(this.lastMs, this.clock.nowMs());
    this.lastMs = timestampMs;
    const type = eventTypeOf(event);
    const info = Object.freeze({ type, seq, source, timestampMs });
    return { event, info, slots };
  }

  /**
   * Calls every listener without waiting for any.
   *
   * @param delivery The event on its way.
   * @returns What the call of each came to.
   */
  start(delivery: Delivery): Outcome[] {
    return this.#nested(delivery, (slot) => {
      const result = this.#call(delivery, slot);
      if (!(result instanceof Promise)) return result;
      result.catch((error) => void this.#fail(delivery.event, slot, error));
      return "pending";
    });
  }

  /**
   * Calls every listener and waits for all of them.
   *
   * @param delivery The event on its way.
   * @param timeoutMs How long each may take, in milliseconds; 0 sets no limit.
   * @returns What the call of each came to.
   */
  async startAndWait(
    delivery: Delivery,
    timeoutMs: number,
  ): Promise<Outcome[]> {
    const started = this.#nested(
      delivery,
      (slot) => ({ slot, result: this.#call(delivery, slot) }),
    );
    return await Promise.all(
      started.map(({ slot, result }) =>
        result instanceof Promise
          ? this.#settle(delivery, { slot, work: result, timeoutMs })
          : result
      ),
    );
  }

  /** Takes care of what a listener returned. */
  #hearOut(event: PluginEvent, slot: ListenerSlot, result: unknown): void {
    if (!isThenable(result)) return;
    this.#noteAsync(slot);
    Promise.resolve(result)
      .catch((error) => void this.#fail(event, slot, error));
  }

  #prepare(event: PluginEvent, route: Route): void {
    // Asking costs a part of freezing. A publisher that keeps an event is soon found all the same.
    if (this.lastSeq % 64 === 0 && Object.isFrozen(event)) {
      this.ready = event;
      this.readyRoute = route;
    } else if (route.isForeign) Object.freeze(event);
  }

  #assertNoLoop(event: PluginEvent): void {
    if (this.depth >= this.depthMax) {
      this.depthMax = DEPTH_MAX_AFTER_LOOP;
      throw eventLoop(eventTypeOf(event), DEPTH_MAX);
    }
    if (this.chain === undefined || event.kind === "PluginError") return;
    // Whoever listens for failures is told of this one all the same.
    if (this.chain.isSpent) {
      throw asyncEventLoop(eventTypeOf(event), LINKS_MAX);
    }
  }

  /** Follows a listener from now on, which has returned a promise. */
  #noteAsync(slot: ListenerSlot): void {
    if (slot.isAsync) return;
    this.chain ??= new AsyncChain(this.clock);
    this.ready = NO_EVENT;
    this.table.markAsync(slot);
  }

  /** Does something for each listener, one level deeper. */
  #nested<T>(delivery: Delivery, each: (slot: ListenerSlot) => T): T[] {
    const outer = this.depth++;
    try {
      return delivery.slots.map(each);
    } finally {
      this.depth = outer;
      if (outer === 0) this.depthMax = DEPTH_MAX;
    }
  }

  /** Calls one listener. A promise may still reject; nothing is thrown. */
  #call(delivery: Delivery, slot: ListenerSlot): Outcome | Promise<unknown> {
    if (!slot.isActive) return "skipped";
    if (slot.once) this.remove(slot.id);
    try {
      const { event, info } = delivery;
      const result: unknown = slot.isAsync
        ? this.chain!.run(() => slot.listener(event, info))
        : slot.listener(event, info);
      if (!isThenable(result)) return "done";
      this.#noteAsync(slot);
      return Promise.resolve(result);
    } catch (error) {
      return this.#fail(delivery.event, slot, error);
    }
  }

  /** Waits for a listener that has been called. */
  async #settle(
    { event, info }: Delivery,
    { slot, work, timeoutMs }: {
      readonly slot: ListenerSlot;
      readonly work: Promise<unknown>;
      readonly timeoutMs: number;
    },
  ): Promise<Outcome> {
    try {
      const late = () => listenerTimeout(info.type, timeoutMs);
      await withDeadline(work, { clock: this.clock, timeoutMs, late });
      return "done";
    } catch (error) {
      return this.#fail(event, slot, error);
    }
  }

  /** Publishes that a listener has failed, unless nobody would hear it. */
  #tellFailure(event: EventInput): boolean {
    const route = this.routeOf("host", event);
    if (route.slots.length === 0) return false;
    try {
      this.tell("host", event, route);
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
    event: PluginEvent,
    { id, owner }: ListenerSlot,
    error: unknown,
  ): ListenerFailure {
    const failure = describeFailure(error, "LISTENER_FAILED");
    const plugin = owner === undefined ? {} : { pluginId: owner };
    const phase = "listener";
    const isTold = event.kind !== "PluginError" &&
      this.#tellFailure({ kind: "PluginError", ...plugin, phase, ...failure });
    if (!isTold) {
      const type = eventTypeOf(event);
      const fields = { type, subscriptionId: id, ...failure };
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
