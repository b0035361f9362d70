import type { Json, JsonObject } from "../base/mod.ts";
import { keepOrigin, type Origin } from "../events/async_chain.ts";
import type { EventInfo, PluginEvent } from "../events/event.ts";
import type { LogLevel, PluginContext } from "../plugin/context.ts";
import { EventQueue } from "./event_queue.ts";
import type { HostMessage } from "./messages.ts";
import { parseEvent } from "./parse_event.ts";
import { decodeValue, encodeValue } from "./wire_value.ts";

/** A listener of the guest, and what it is to know of the delivery. */
export interface Hearer {
  /** Where the listener is. */
  readonly slot: number;
  /** What it is told about the delivery. */
  readonly info: EventInfo;
}

/** An event on its way to the guest: to a listener, or to `onEvent`. */
interface EventDelivery {
  readonly event: PluginEvent;
  readonly to: Hearer | undefined;
  /** What led to it. */
  readonly origin: Origin;
}

/** What the events of a plugin need to cross. */
export interface EventBorderOptions {
  /** Where the plugin stands in the guest's module. */
  readonly plugin: number;
  /** Lets the guest handle an event, and waits until it has. */
  readonly ask: (message: (id: number) => HostMessage) => Promise<unknown>;
  /** Whether nobody is there any more to hear of events. */
  readonly isOver: () => boolean;
  /** Writes a line to the plugin's log. */
  readonly log: (level: LogLevel, line: string, fields: JsonObject) => void;
}

/** The events of one sandboxed plugin, both ways. */
export class EventBorder {
  readonly #options: EventBorderOptions;
  readonly #queue: EventQueue<EventDelivery> = new EventQueue({
    send: (delivery, dropped) => this.#send(delivery, dropped),
  });
  /** What led to the events that the guest is handling. */
  readonly #origins = new Set<Origin>();

  /**
   * Constructs a new instance.
   *
   * @param options What events need to cross.
   */
  constructor(options: EventBorderOptions) {
    this.#options = options;
  }

  /**
   * Delivers an event when the guest is ready for it.
   *
   * @param event The event.
   * @param to The listener; `onEvent` if left out.
   */
  async deliver(event: PluginEvent, to?: Hearer): Promise<void> {
    await this.#queue.add({ event, to, origin: keepOrigin() });
  }

  /**
   * Publishes an event of the guest. Whatever it says while it handles events follows from them, from
   * the last if there are several: a chain of events is as long as it is, whichever processes it leads
   * through.
   *
   * @param context The plugin's door to the host.
   * @param data The event, as it arrived.
   */
  publish(context: PluginContext, data: Json): void {
    const event = parseEvent(decodeValue(data));
    const origin = [...this.#origins].at(-1);
    if (origin === undefined) context.publish(event);
    else origin(() => context.publish(event));
  }

  async #send(
    { event, to, origin }: EventDelivery,
    dropped: number,
  ): Promise<void> {
    const { plugin, ask, isOver, log } = this.#options;
    // The end of its process is announced by its unload, not once an event.
    if (isOver()) return;
    if (dropped > 0) {
      const message = "Dropped events: the plugin is too slow for them";
      log("warn", message, { dropped });
    }
    const payload = encodeValue(event) ?? withoutData(event);
    const info = to === undefined
      ? null
      : { ...to.info, ...dropped > 0 && { dropped } };
    const slot = to?.slot ?? null;
    const body = { kind: "event", plugin, slot, event: payload, info } as const;
    this.#origins.add(origin);
    try {
      await ask((id) => ({ ...body, id }));
    } finally {
      this.#origins.delete(origin);
    }
  }
}

/** An event whose data cannot cross, without it. */
function withoutData(event: PluginEvent): Json {
  return event.kind === "Custom"
    ? { kind: event.kind, eventType: event.eventType, dataOmitted: true }
    : { kind: event.kind, dataOmitted: true };
}
