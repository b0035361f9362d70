import { eventLoop } from "../events/errors.ts";

/** How many changes may cause each other. */
const DEPTH_MAX = 64;

/** What is watched, and whom to tell. */
export interface WatchOptions<Value> {
  /** Reads what is watched, as it is now. It must not throw. */
  readonly read: () => Value;
  /** Tells whether two values are no change. */
  readonly isSame: (one: Value, other: Value) => boolean;
  /** Told of each change. It must not throw. */
  readonly tell: (value: Value) => void;
}

/** A watch that is under way. */
export interface WatchPlace extends Disposable {
  /** Number of the watch, from 1. */
  readonly id: number;
}

interface Watch<Value> extends WatchOptions<Value> {
  last: Value;
  isActive: boolean;
}

interface Change<Value> {
  readonly watch: Watch<Value>;
  readonly value: Value;
  readonly depth: number;
}

/**
 * Tells those who watch something of its changes: after each change, in the order of the changes, to
 * each in the order in which they began to watch. A change that a watcher makes waits until the one
 * before has been told to everybody.
 *
 * @typeParam Value What is watched.
 */
export class WatchTable<Value> {
  readonly #watches = new Map<string, readonly Watch<Value>[]>();
  readonly #queue: Change<Value>[] = [];
  #lastId = 0;
  #depth = 0;
  #isTelling = false;

  /**
   * Begins to watch.
   *
   * @param topic Under what name changes are told.
   * @param options What is watched, and whom to tell.
   * @returns The watch.
   */
  watch(topic: string, options: WatchOptions<Value>): WatchPlace {
    const watch = { ...options, last: options.read(), isActive: true };
    this.#watches.set(topic, [...this.#watches.get(topic) ?? [], watch]);
    const id = ++this.#lastId;
    return {
      id,
      [Symbol.dispose]: () => {
        watch.isActive = false;
        const left = this.#watches.get(topic)?.filter((one) => one !== watch);
        if (left?.length) this.#watches.set(topic, left);
        else this.#watches.delete(topic);
      },
    };
  }

  /**
   * To be called before a change that plugins can make.
   *
   * @param topic What is to change.
   * @throws {PluginError} `EVENT_LOOP` if watchers keep making changes that they are told of.
   */
  assertNoLoop(topic: string): void {
    if (this.#depth >= DEPTH_MAX) throw eventLoop(topic, DEPTH_MAX);
  }

  /**
   * To be called after a change.
   *
   * @param topic What has changed.
   */
  changed(topic: string): void {
    const depth = this.#depth + 1;
    for (const watch of this.#watches.get(topic) ?? []) {
      const value = watch.read();
      if (watch.isSame(value, watch.last)) continue;
      watch.last = value;
      this.#queue.push({ watch, value, depth });
    }
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        this.#depth = next.depth;
        if (next.watch.isActive) next.watch.tell(next.value);
      }
    } finally {
      this.#depth = 0;
      this.#isTelling = false;
    }
  }
}
