import type { ListenerTable } from "./listener_table.ts";

/** One publisher that wants to know whether it would be heard. */
interface Watch {
  readonly type: string;
  readonly callback: (isHeard: boolean) => void;
  isHeard: boolean;
}

/** Tells publishers when somebody begins to listen to a type, and when the last one has gone. */
export class HeardTypes {
  readonly #table: ListenerTable;
  readonly #watches = new Set<Watch>();

  /**
   * Constructs a new instance.
   *
   * @param table Who listens to what.
   */
  constructor(table: ListenerTable) {
    this.#table = table;
  }

  /**
   * Begins to watch a type.
   *
   * @param type The type.
   * @param callback Told at once how it stands, then each time that changes.
   * @returns The watch.
   */
  watch(type: string, callback: (isHeard: boolean) => void): Disposable {
    const watch = { type, callback, isHeard: this.#table.isHeard(type) };
    this.#watches.add(watch);
    callback(watch.isHeard);
    return { [Symbol.dispose]: () => void this.#watches.delete(watch) };
  }

  /** To be called when listeners have come or gone. */
  update(): void {
    for (const watch of this.#watches) {
      const isHeard = this.#table.isHeard(watch.type);
      if (isHeard === watch.isHeard) continue;
      watch.isHeard = isHeard;
      watch.callback(isHeard);
    }
  }
}
