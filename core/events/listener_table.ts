import { invalidOption } from "../base/mod.ts";
import type { Listener } from "./event.ts";
import { EVENT_KINDS } from "./event_type.ts";

/** One listener's place. */
export interface ListenerSlot {
  /** Number of the subscription. */
  readonly id: number;
  /** What it listens to. */
  readonly type: string;
  /** Id of the plugin it belongs to. */
  readonly owner: string | undefined;
  /** What to call. */
  readonly listener: Listener;
  /** Whether it hears one event only. */
  readonly once: boolean;
  /** Called when it has been taken out. */
  readonly onRemove: () => void;
  /** Whether it still listens: a delivery under way asks before each call. */
  isActive: boolean;
}

/** The listeners of one type, as they are now. */
export interface Channel {
  /** Whether the type is a kind or `*`, which custom events cannot have. */
  readonly isReserved: boolean;
  /** In the order of subscription. Replaced, never changed: whoever holds it has a snapshot. */
  slots: readonly ListenerSlot[];
}

/**
 * Requires something that can be called.
 *
 * @param listener What a caller of any making gave.
 * @throws {OptionError} `INVALID_OPTION` if it is not a function.
 */
export function assertListener(listener: unknown): void {
  if (typeof listener !== "function") {
    throw invalidOption("listener", listener, "a function");
  }
}

/** Who listens to what. */
export class ListenerTable {
  /** The listeners of `*`. */
  readonly everything: Channel = { isReserved: true, slots: [] };
  readonly #channels = new Map<string, Channel>([["*", this.everything]]);
  readonly #slots = new Map<number, ListenerSlot>();

  /** Constructs a new instance, with a channel for each kind. */
  constructor() {
    for (const kind of EVENT_KINDS) {
      this.#channels.set(kind, { isReserved: true, slots: [] });
    }
  }

  /**
   * Finds the listeners of a type.
   *
   * @param type The type.
   * @returns Its channel; `undefined` for a custom type to which nobody listens.
   */
  channel(type: string): Channel | undefined {
    return this.#channels.get(type);
  }

  /**
   * Finds a listener.
   *
   * @param id Number of the subscription.
   * @returns Its place, unless it has ended.
   */
  slot(id: number): ListenerSlot | undefined {
    return this.#slots.get(id);
  }

  /**
   * Adds a listener.
   *
   * @param slot Its place.
   */
  add(slot: ListenerSlot): void {
    const channel = this.#channels.get(slot.type) ??
      { isReserved: false, slots: [] };
    channel.slots = [...channel.slots, slot];
    this.#channels.set(slot.type, channel);
    this.#slots.set(slot.id, slot);
  }

  /**
   * Takes a listener out.
   *
   * @param id Number of the subscription.
   * @returns Whether it was there.
   */
  remove(id: number): boolean {
    const slot = this.#slots.get(id);
    if (slot === undefined) return false;
    slot.isActive = false;
    this.#slots.delete(id);
    const channel = this.#channels.get(slot.type)!;
    channel.slots = channel.slots.filter((other) => other !== slot);
    // Custom types come and go; a channel that is empty would stay for good.
    if (channel.slots.length === 0 && !channel.isReserved) {
      this.#channels.delete(slot.type);
    }
    slot.onRemove();
    return true;
  }

  /**
   * Takes listeners out.
   *
   * @param type The type to which it is limited.
   * @returns How many there were.
   */
  clear(type?: string): number {
    const slots = type === undefined
      ? [...this.#slots.values()]
      : this.#channels.get(type)?.slots ?? [];
    for (const { id } of slots) this.remove(id);
    return slots.length;
  }
}
