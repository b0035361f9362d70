/**
 * What the page knows: the sum of the frames that the server has sent.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import type {
  CurveGroup,
  Frame,
  GraphView,
  KernelsView,
  LogRow,
  PluginRow,
  RunState,
} from "./wire.ts";

/** A curve, as far as it is known. */
export interface Curve {
  /** Which chart. */
  readonly group: CurveGroup;
  /** What it is called. */
  readonly name: string;
  /** Steps, increasing. */
  readonly xs: number[];
  /** Values. */
  readonly ys: (number | null)[];
}

/** Most events of a type that are kept: as many as the server keeps. */
const ROWS_PER_TYPE_MAX = 256;

/** What the page knows. */
export class Store {
  /** Whether the server is there. */
  connection: "connecting" | "open" | "lost" = "connecting";
  /** What is shown. */
  title = "";
  /** Where training stands. */
  run: RunState | undefined;
  /** Curves by group and name. */
  curves: Map<string, Curve> = new Map();
  /** Events, the oldest first. */
  rows: readonly LogRow[] = [];
  /** How many events of each type there were. */
  counts: readonly (readonly [type: string, count: number])[] = [];
  /** Plugins. */
  plugins: readonly PluginRow[] = [];
  /** Kernels, if they were measured. */
  kernels: KernelsView | undefined;
  /** The graph, if there is one. */
  graph: GraphView | undefined;
  readonly #listeners = new Set<() => void>();

  /** Begins to follow the server. */
  connect(): void {
    const source = new EventSource("/live");
    source.addEventListener("open", () => {
      this.connection = "open";
      this.#changed();
    });
    source.addEventListener("message", ({ data }) => {
      this.#apply(JSON.parse(data));
      this.#changed();
    });
    source.addEventListener("error", () => {
      // The browser tries again by itself.
      this.connection = "lost";
      this.#changed();
    });
  }

  /**
   * Learns when something has changed.
   *
   * @param listener Told after each change.
   * @returns Ends it.
   */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #apply(frame: Frame): void {
    if (frame.title !== undefined) {
      // The first frame of a connection tells everything.
      this.title = frame.title;
      this.rows = [];
      this.curves = new Map();
    }
    if (frame.isNewRun) this.curves = new Map();
    for (const { group, name, isWhole, xs, ys } of frame.curves ?? []) {
      const key = `${group} ${name}`;
      const before = isWhole ? undefined : this.curves.get(key);
      this.curves.set(key, {
        group,
        name,
        xs: [...before?.xs ?? [], ...xs],
        ys: [...before?.ys ?? [], ...ys],
      });
    }
    if (frame.rows) this.rows = newestOfEachType([...this.rows, ...frame.rows]);
    if (frame.log) this.counts = frame.log.counts;
    this.run = frame.run ?? this.run;
    this.plugins = frame.plugins ?? this.plugins;
    this.kernels = frame.kernels ?? this.kernels;
    this.graph = frame.graph ?? this.graph;
  }
}

/** What is rare is not lost among what is frequent. */
function newestOfEachType(rows: readonly LogRow[]): LogRow[] {
  const counts = new Map<string, number>();
  const kept: LogRow[] = [];
  for (const row of rows.toReversed()) {
    const count = counts.get(row.type) ?? 0;
    if (count === ROWS_PER_TYPE_MAX) continue;
    counts.set(row.type, count + 1);
    kept.push(row);
  }
  return kept.reverse();
}

/**
 * Draws a component again whenever the store has changed.
 *
 * @param store The store.
 */
export function useStore(store: Store): void {
  const [, setVersion] = useState(0);
  useEffect(
    () => store.watch(() => setVersion((version) => version + 1)),
    [store],
  );
}
