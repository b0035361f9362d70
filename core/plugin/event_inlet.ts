/**
 * Through which the events of the bus reach one generation of a plugin. While the plugin is being
 * replaced, what arrives is held; then the generation that stays gets it, in order, each event once.
 *
 * @module
 */
import type { PluginEventBus } from "../events/bus.ts";
import type {
  EventInfo,
  Listener,
  ListenOptions,
  PluginEvent,
  Subscription,
} from "../events/event.ts";
import type { PluginScope } from "./scope.ts";

/** How many events are held for a plugin that is being replaced. */
export const HELD_EVENTS_MAX = 1024;

/** An event that waits for the generation that stays. */
interface HeldEvent {
  readonly event: PluginEvent;
  readonly info: EventInfo;
  /** Numbers of the subscriptions that would have heard it. */
  readonly heardBy: Set<number>;
}

/** The events of a plugin that is being replaced, for both of its generations. */
export class HeldEvents {
  readonly #bySeq = new Map<number, HeldEvent>();
  #dropped = 0;

  /** How many events had to make room for newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Holds an event; the oldest makes room for it.
   *
   * @param event The event.
   * @param info What is known of its delivery.
   * @param subscriptionId Number of the subscription that would have heard it.
   */
  add(event: PluginEvent, info: EventInfo, subscriptionId: number): void {
    const held = this.#bySeq.get(info.seq);
    if (held !== undefined) {
      held.heardBy.add(subscriptionId);
      return;
    }
    this.#bySeq.set(info.seq, {
      event,
      info,
      heardBy: new Set([subscriptionId]),
    });
    if (this.#bySeq.size <= HELD_EVENTS_MAX) return;
    const [oldest] = this.#bySeq.keys();
    this.#bySeq.delete(oldest!);
    this.#dropped++;
  }

  /**
   * Hands out what is held and holds it no longer.
   *
   * @returns The events, in the order in which they were published.
   */
  take(): HeldEvent[] {
    const held = [...this.#bySeq.values()];
    this.#bySeq.clear();
    return held;
  }
}

/** Brings the events of the bus to the listeners of one generation of a plugin. */
export class EventInlet {
  readonly #pluginId: string;
  readonly #events: PluginEventBus;
  readonly #scope: PluginScope;
  readonly #ids = new Set<number>();
  #held: HeldEvents | undefined;

  /**
   * Constructs a new instance, through which events pass at once.
   *
   * @param pluginId Id of the plugin.
   * @param events Carries the events.
   * @param scope Notes what the listeners start.
   */
  constructor(pluginId: string, events: PluginEventBus, scope: PluginScope) {
    this.#pluginId = pluginId;
    this.#events = events;
    this.#scope = scope;
  }

  /**
   * Lets a function of the plugin listen.
   *
   * @param type What to listen to.
   * @param listener What to call.
   * @param options For how long to listen, and before whom. Listening once is the caller's business:
   * an event that is held has not been heard.
   * @returns The subscription, for the plugin's scope to own.
   */
  subscribe(
    type: string,
    listener: Listener,
    { priority = 0, signal }: ListenOptions = {},
  ): Subscription {
    const subscription = this.#events.subscribe(
      type,
      (event, info) => {
        if (this.#held === undefined) {
          return this.#scope.track(listener(event, info));
        }
        this.#held.add(event, info, subscription.id);
      },
      { owner: this.#pluginId, priority, ...signal && { signal } },
    );
    const { id } = subscription;
    this.#ids.add(id);
    const dispose = () => {
      this.#ids.delete(id);
      subscription.dispose();
    };
    return { ...subscription, dispose, [Symbol.dispose]: dispose };
  }

  /**
   * Holds events from now on.
   *
   * @param held Where.
   */
  hold(held: HeldEvents): void {
    this.#held = held;
  }

  /** Brings what is held to those who would have heard it, and lets events pass again. */
  resume(): void {
    this.#release(({ heardBy }) => this.#ids.intersection(heardBy));
  }

  /**
   * Brings what is held, for this generation or the one before, to the listeners of this one, and
   * lets events pass.
   */
  takeOver(): void {
    this.#release(() => this.#ids);
  }

  #release(hearers: (held: HeldEvent) => ReadonlySet<number>): void {
    const held = this.#held?.take() ?? [];
    this.#held = undefined;
    for (const item of held) {
      const { event, info } = item;
      this.#events.publishTo(hearers(item), event, { info });
    }
  }
}
