import type { LogRow } from "../page/wire.ts";

/** Most events of a type that are kept. */
export const ROWS_PER_TYPE_MAX = 256;
/** Most types that are told apart; plugins choose the names of theirs. */
export const TYPES_MAX = 64;

/** What stands for all types beyond those that are told apart. */
const OTHER_TYPES = "other types";

/**
 * The last events of each type, so that what is rare is not lost among what is frequent.
 *
 * **Cost**: constant for an event.
 */
export class EventLog {
  readonly #rowsByType = new Map<string, LogRow[]>();
  readonly #counts = new Map<string, number>();
  #nextIdx = 0;

  /** Number of the next event. */
  get nextIdx(): number {
    return this.#nextIdx;
  }

  /** How many events of each type there were. */
  get counts(): [type: string, count: number][] {
    return [...this.#counts];
  }

  /**
   * Adds an event.
   *
   * @param row The event, without its number.
   */
  add(row: Omit<LogRow, "idx">): void {
    const isApart = this.#rowsByType.has(row.type) ||
      this.#rowsByType.size < TYPES_MAX;
    const type = isApart ? row.type : OTHER_TYPES;
    let rows = this.#rowsByType.get(type);
    if (!rows) this.#rowsByType.set(type, rows = []);
    rows.push({ ...row, type, idx: this.#nextIdx++ });
    // Seldom, so that it costs little.
    if (rows.length === 2 * ROWS_PER_TYPE_MAX) {
      rows.splice(0, ROWS_PER_TYPE_MAX);
    }
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
  }

  /**
   * Gives events that somebody has not seen.
   *
   * @param idx Number of the first one that they have not seen.
   * @param countMax How many at most, the oldest first.
   * @returns The events that are left of those, in order.
   */
  after(idx: number, countMax: number): LogRow[] {
    const found: LogRow[] = [];
    for (const rows of this.#rowsByType.values()) {
      const kept = rows.slice(-ROWS_PER_TYPE_MAX);
      const first = kept.findLastIndex((row) => row.idx < idx) + 1;
      found.push(...kept.slice(first));
    }
    return found.sort((a, b) => a.idx - b.idx).slice(0, countMax);
  }
}
