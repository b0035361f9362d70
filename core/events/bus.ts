/**
 * The event bus: who hears what, in which order, and what a failing listener may spoil (nothing).
 *
 * Every public call checks its event whether anybody listens or not, so that a mistake shows before
 * there is a listener. What nobody hears costs one map look-up.
 *
 * @module
 */
import {
  assertFunction,
  assertInstance,
  assertMethods,
  clockOf,
  invalidOption,
  optionsOf,
} from "../base/mod.ts";
import type {
  EventBusOptions,
  PublishAsyncOptions,
  SubscribeOptions,
} from "./bus_options.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { EventInfo, EventInput, Listener, Subscription } from "./event.ts";
import { assertSubscribable } from "./event_pattern.ts";
import { eventTypeOf } from "./event_type.ts";
import { assertListener } from "./listener_table.ts";
import {
  type Outcome,
  type PublishReport,
  reportOf,
} from "./publish_report.ts";
import { quietLog } from "./quiet_log.ts";
import { assertTimeoutMs } from "./with_deadline.ts";

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
  readonly #dispatcher: Dispatcher;
  #lastId = 0;

  /**
   * Constructs a new instance, on which nobody listens.
   *
   * @param options Where time comes from and where unheard failures go.
   * @throws {OptionError} `INVALID_OPTION` if one is none of those it may be.
   */
  constructor(options: EventBusOptions = {}) {
    const { clock, log } = optionsOf("PluginEventBus", options);
    this.#dispatcher = new Dispatcher(
      clockOf("PluginEventBus", clock),
      quietLog(log),
    );
  }

  /**
   * Starts to listen, to what is published after this call. Listeners are called by priority; among
   * equals those of the event's own type come first, then those of its namespaces, the longest
   * first, then those of `*`; each in the order of subscription.
   *
   * Cost: a listener with exactly one parameter is handed the event alone, which spares the bus the
   * look at the clock.
   *
   * @param type A kind other than `Custom`, a custom event's type, a namespace such as `acme.*` or
   * `acme:*`, or `*` for all events.
   * @param listener What to call. The same function twice makes two subscriptions.
   * @param options For how long to listen, before whom, and for whom.
   * @returns The subscription, to be disposed.
   * @throws {PluginError} `EVENT_TYPE_INVALID` if no event is routed by `type`.
   * @throws {OptionError} `INVALID_OPTION` if `listener` is not a function, or an option none of those
   * it may be.
   */
  subscribe(
    type: string,
    listener: Listener,
    options: SubscribeOptions = {},
  ): Subscription {
    assertSubscribable(type);
    assertListener(listener);
    const { once = false, priority = 0, signal, owner } = optionsOf<
      SubscribeOptions
    >("subscribe", options);
    if (signal !== undefined) {
      assertInstance("subscribe signal", signal, AbortSignal);
    }
    if (!Number.isFinite(priority)) {
      throw invalidOption("subscribe priority", priority, "a finite number");
    }
    const id = ++this.#lastId;
    const dispose = () => void this.unsubscribe(id);
    if (!signal?.aborted) {
      const onRemove = () => signal?.removeEventListener("abort", dispose);
      const how = { once, priority, onRemove };
      const state = { isActive: true, isAsync: false };
      this.#dispatcher.table.add({
        id,
        type,
        owner,
        listener,
        ...how,
        ...state,
      });
      signal?.addEventListener("abort", dispose);
      this.#dispatcher.changed();
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
    return this.#dispatcher.remove(id);
  }

  /**
   * Ends all subscriptions, those of plugins too.
   *
   * @param type The type to which it is limited; `*` stands for the listeners of `*`, a namespace for
   * those of the namespace as such.
   * @returns How many there were.
   */
  clearListeners(type?: string): number {
    const count = this.#dispatcher.table.clear(type);
    if (count > 0) this.#dispatcher.changed();
    return count;
  }

  /**
   * Tells whether an event would be heard.
   *
   * @param type What it is routed by.
   * @returns Whether somebody listens to the type, to a namespace that holds it, or to `*`.
   */
  hasListeners(type: string): boolean {
    return this.#dispatcher.table.isHeard(type);
  }

  /**
   * Learns when a type begins or ceases to be heard, so that a publisher can test one boolean of its
   * own instead of asking each time.
   *
   * @param type What events are routed by.
   * @param callback Told at once how it stands, then each time that changes. It must not throw.
   * @returns The watch, to be disposed.
   * @throws {OptionError} `INVALID_OPTION` if `callback` is not a function.
   */
  watchListeners(
    type: string,
    callback: (isHeard: boolean) => void,
  ): Disposable {
    assertFunction("callback of watchListeners", callback);
    return this.#dispatcher.heard.watch(type, callback);
  }

  /**
   * Announces an event: starts every listener, then returns. A failing listener stops no other; its
   * failure is published as `PluginError`, or logged if nobody listens to that.
   *
   * Cost: one map look-up and no allocation if nobody listens.
   *
   * The listeners of plugins get the event frozen, though not what it holds, and then so do all
   * others: no plugin can change what somebody else sees. What only the host's own listeners hear is
   * not frozen, which would take longer than all the rest.
   *
   * Events that publish each other without end are stopped, whether their listeners do so at once,
   * or after they have waited for something, as long as they return promises.
   *
   * @param event The event.
   * @throws {PluginError} `EVENT_TYPE_RESERVED` if it is a custom event with a kind, `*` or nothing
   * as its type; `EVENT_TYPE_INVALID` if it is of no known kind; `EVENT_LOOP` if it is nested too
   * deep in listeners that publish.
   */
  publish(event: EventInput): void {
    const dispatcher = this.#dispatcher;
    const route = dispatcher.routeOf("host", event);
    if (route.slots.length > 0) dispatcher.tell("host", event, route);
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
    const dispatcher = this.#dispatcher;
    const route = dispatcher.routeOf(source, event);
    if (route.slots.length > 0) dispatcher.tell(source, event, route);
  }

  /**
   * Announces an event to some of its listeners alone, who could not hear it with the others.
   *
   * @param to Numbers of their subscriptions.
   * @param event The event.
   * @param options What it was stamped with, if it has been published before.
   * @throws {OptionError} `INVALID_OPTION` if `to` is no set.
   * @throws {PluginError} `EVENT_TYPE_RESERVED`, `EVENT_TYPE_INVALID`, `EVENT_LOOP`, as
   * {@linkcode PluginEventBus.publish}.
   */
  publishTo(
    to: ReadonlySet<number>,
    event: EventInput,
    options: { readonly info?: EventInfo } = {},
  ): void {
    assertMethods("subscriptions of publishTo", to, "has");
    const { info } = optionsOf("publishTo", options);
    const dispatcher = this.#dispatcher;
    const { slots } = dispatcher.routeOf("host", event);
    const some = slots.filter(({ id }) => to.has(id));
    if (some.length === 0) return;
    const delivery = dispatcher.open("host", event, some);
    dispatcher.start(info === undefined ? delivery : { ...delivery, info });
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
    const dispatcher = this.#dispatcher;
    const { slots } = dispatcher.routeOf("host", event);
    const outcomes = slots.length === 0
      ? []
      : dispatcher.start(dispatcher.open("host", event, slots));
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
   * @throws {OptionError} `INVALID_OPTION` if `timeoutMs` is no length of time, or `mode` no such word.
   */
  async publishAsync(
    event: EventInput,
    options: PublishAsyncOptions = {},
  ): Promise<PublishReport> {
    const { timeoutMs = 0, mode = "parallel" } = optionsOf<PublishAsyncOptions>(
      "publishAsync",
      options,
    );
    assertTimeoutMs("publishAsync timeoutMs", timeoutMs);
    if (mode !== "parallel" && mode !== "series") {
      throw invalidOption("publishAsync mode", mode, '"parallel" or "series"');
    }
    const dispatcher = this.#dispatcher;
    const { slots } = dispatcher.routeOf("host", event);
    const outcomes: Outcome[] = [];
    if (slots.length > 0) {
      const delivery = dispatcher.open("host", event, slots);
      // Each inner list starts together.
      const turns = mode === "series" ? slots.map((slot) => [slot]) : [slots];
      for (const turn of turns) {
        const part = { ...delivery, slots: turn };
        outcomes.push(...await dispatcher.startAndWait(part, timeoutMs));
      }
    }
    return reportOf(eventTypeOf(event), outcomes);
  }

  /**
   * Announces an event that is made only if somebody listens.
   *
   * @param type What the event is routed by.
   * @param make Makes the event.
   * @returns Whether it was made.
   * @throws {OptionError} `INVALID_OPTION` if `make` is not a function.
   * @throws {PluginError} `EVENT_TYPE_RESERVED`, `EVENT_TYPE_INVALID`, `EVENT_LOOP`, as
   * {@linkcode PluginEventBus.publish}.
   */
  publishLazy(type: string, make: () => EventInput): boolean {
    assertFunction("make of publishLazy", make);
    if (!this.hasListeners(type)) return false;
    this.publish(make());
    return true;
  }
}
