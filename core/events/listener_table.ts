import { assertFunction } from "../base/mod.ts";
import { eventTypeInvalid, eventTypeReserved } from "./errors.ts";
import type { Listener, PluginEvent } from "./event.ts";
import { isPattern, patternHolds } from "./event_pattern.ts";
import { EVENT_KINDS, isBlankType } from "./event_type.ts";

/** Most custom types whose listeners are remembered as found: publishers may make up any number. */
const CUSTOM_ROUTES_MAX = 1024;

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
  /** Listeners with a higher number are called earlier. */
  readonly priority: number;
  /** Called when it has been taken out. */
  readonly onRemove: () => void;
  /** Whether it still listens: a delivery under way asks before each call. */
  isActive: boolean;
  /** Whether it has ever returned a promise. */
  isAsync: boolean;
}

/** Who hears events of one type. Replaced when that changes: whoever holds it has a snapshot. */
export interface Route {
  /** In the order in which they are called. */
  readonly slots: readonly ListenerSlot[];
  /** Whether nobody among them listens once, or takes more than the event. */
  readonly isPlain: boolean;
  /** Whether a plugin is among them. */
  readonly isForeign: boolean;
  /** How many plain events it has seen. */
  uses: number;
  /** Calls all of them, once they are worth code of their own. */
  calls: ((event: PluginEvent) => void) | undefined;
}

const NOBODY: readonly ListenerSlot[] = [];

const KINDS: ReadonlySet<string> = new Set(
  EVENT_KINDS.filter((kind) => kind !== "Custom"),
);

/**
 * Requires something that can be called.
 *
 * @param listener What a caller of any making gave.
 * @throws {OptionError} `INVALID_OPTION` if it is not a function.
 */
export function assertListener(listener: unknown): void {
  assertFunction("listener", listener);
}

/** Who listens to what. */
export class ListenerTable {
  /** By what is listened to; in the order of calls. Lists are replaced, never changed. */
  readonly #buckets = new Map<string, readonly ListenerSlot[]>();
  readonly #slots = new Map<number, ListenerSlot>();
  /** Namespaces that somebody listens to, the longest first. */
  #namespaces: readonly string[] = [];
  // Remembered until a listener comes or goes; kinds and custom types may share names.
  readonly #kindRoutes = new Map<string, Route>();
  readonly #customRoutes = new Map<string, Route>();
  /** The custom type that was found last, and its route; plain fields, which are quicker to write. */
  lastType: string | undefined;
  lastRoute: Route | undefined;

  /**
   * Finds who hears an event, if that has been found out before: one map look-up.
   *
   * @param event The event, of whatever making.
   * @returns The listeners; `undefined` if its type has to be looked at first.
   */
  known(event: PluginEvent): Route | undefined {
    // Whatever is no event is found by nothing, and refused by `find`.
    const kind = event?.kind;
    if (kind !== "Custom") return this.#kindRoutes.get(kind);
    const { eventType } = event;
    if (eventType === this.lastType) return this.lastRoute;
    const route = this.#customRoutes.get(eventType);
    if (route === undefined) return undefined;
    this.lastType = eventType;
    return this.lastRoute = route;
  }

  /**
   * Finds who hears an event, after a look at its type.
   *
   * @param event The event, of whatever making.
   * @param source Who publishes it.
   * @returns The listeners.
   * @throws {PluginError} `EVENT_TYPE_RESERVED` if it is a custom event with a kind, a pattern or
   * nothing as its type; `EVENT_TYPE_INVALID` if it is of no known kind.
   */
  find(event: PluginEvent, source: string): Route {
    if (event?.kind !== "Custom") {
      const kind: unknown = event?.kind;
      if (typeof kind === "string" && KINDS.has(kind)) {
        return this.#remember(this.#kindRoutes, kind);
      }
      const wanted = "a known kind, or a custom event of this type";
      throw eventTypeInvalid("publish", String(kind), wanted);
    }
    const { eventType } = event;
    const isReserved = isBlankType(eventType) || eventType.includes("*") ||
      EVENT_KINDS.includes(eventType);
    if (isReserved) throw eventTypeReserved(String(eventType), String(source));
    if (this.#customRoutes.size >= CUSTOM_ROUTES_MAX) {
      this.#customRoutes.clear();
      this.lastType = undefined;
    }
    return this.#remember(this.#customRoutes, eventType);
  }

  /**
   * Tells whether an event of a type would be heard.
   *
   * @param type The type.
   * @returns Whether somebody listens to it, to a namespace that holds it, or to everything.
   */
  isHeard(type: string): boolean {
    return this.#buckets.has("*") || this.#buckets.has(type) ||
      typeof type === "string" &&
        this.#namespaces.some((pattern) => patternHolds(pattern, type));
  }

  /**
   * Adds a listener.
   *
   * @param slot Its place.
   */
  add(slot: ListenerSlot): void {
    const bucket = this.#buckets.get(slot.type) ?? NOBODY;
    this.#put(slot.type, inOrder([...bucket, slot]));
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
    const bucket = this.#buckets.get(slot.type)!;
    this.#put(slot.type, bucket.filter((other) => other !== slot));
    slot.onRemove();
    return true;
  }

  /**
   * Takes listeners out.
   *
   * @param type The type, namespace or `*` to which it is limited.
   * @returns How many there were.
   */
  clear(type?: string): number {
    const slots = type === undefined
      ? [...this.#slots.values()]
      : this.#buckets.get(type) ?? NOBODY;
    for (const { id } of slots) this.remove(id);
    return slots.length;
  }

  /**
   * Notes that a listener has returned a promise.
   *
   * @param slot Its place.
   */
  markAsync(slot: ListenerSlot): void {
    slot.isAsync = true;
    // Code that was made for its lists knows nothing of that.
    this.#forgetRoutes(slot.type);
  }

  /** Replaces a list; custom types come and go, so one that is empty does not stay. */
  #put(type: string, bucket: readonly ListenerSlot[]): void {
    if (bucket.length === 0) this.#buckets.delete(type);
    else this.#buckets.set(type, bucket);
    this.#forgetRoutes(type);
    if (!isPattern(type)) return;
    this.#namespaces = [...this.#buckets.keys()]
      .filter((key) => key !== "*" && isPattern(key))
      .sort((a, b) => b.length - a.length);
  }

  /** Forgets what was found out about a type, or all types that a pattern may hold. */
  #forgetRoutes(type: string): void {
    this.lastType = undefined;
    if (isPattern(type)) {
      this.#kindRoutes.clear();
      this.#customRoutes.clear();
    } else {
      this.#kindRoutes.delete(type);
      this.#customRoutes.delete(type);
    }
  }

  /** Lists who hears a type: its own listeners, those of its namespaces, those of everything. */
  #remember(routes: Map<string, Route>, type: string): Route {
    const patterns = this.#namespaces.filter((pattern) =>
      patternHolds(pattern, type)
    );
    const lists = [type, ...patterns, "*"].flatMap((key) =>
      this.#buckets.get(key) ?? NOBODY
    );
    const slots = inOrder(lists);
    // Who takes something else than one value may want to know more than the event.
    const isPlain = slots.every(({ once, listener }) =>
      !once && listener.length === 1
    );
    const isForeign = slots.some(({ owner }) => owner !== undefined);
    const state = { uses: 0, calls: undefined };
    const route: Route = { slots, isPlain, isForeign, ...state };
    routes.set(type, route);
    return route;
  }
}

/** The higher priority first; as they are where it is equal. */
function inOrder(slots: readonly ListenerSlot[]): readonly ListenerSlot[] {
  return slots.every(({ priority }) => priority === slots[0]?.priority)
    ? slots
    : slots.toSorted((a, b) => b.priority - a.priority);
}
