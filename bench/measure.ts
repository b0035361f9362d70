/**
 * Times several things against one another: in turns, in one process, after a warm-up that lasts until
 * nothing gets faster any more.
 *
 * @module
 */
import { median } from "./statistics.ts";

/** Something to be timed. */
export interface Entry {
  readonly name: string;
  /** Does it once, completely. */
  run(): void | Promise<void>;
}

/** How long to measure. */
export interface Patience {
  /** Rounds of samples, at least. */
  readonly samplesMin: number;
  /** Rounds of samples, at most. */
  readonly samplesMax: number;
  /** Time after which enough samples are enough. */
  readonly samplingMs: number;
  /** Time after which the warm-up ends whether the medians are stable or not. */
  readonly warmingMs: number;
}

/** Rounds that a median of the warm-up is taken of. */
const WINDOW = 5;
/** A median is stable if the one before it differs by less than this share. */
const STABLE_SHARE = 0.03;

function isStable(times: readonly number[]): boolean {
  if (times.length < 2 * WINDOW) return false;
  const before = median(times.slice(-2 * WINDOW, -WINDOW));
  const now = median(times.slice(-WINDOW));
  return Math.abs(now - before) < STABLE_SHARE * before;
}

/**
 * Times entries in turns.
 *
 * Whoever comes first changes from round to round, so that nobody always finds the caches as the same
 * neighbor left them.
 *
 * @param entries What to time.
 * @param patience How long.
 * @param nowMs Reads a clock.
 * @returns For each entry, the durations of its samples in milliseconds.
 */
export async function measure(
  entries: readonly Entry[],
  { samplesMin, samplesMax, samplingMs, warmingMs }: Patience,
  nowMs: () => number,
): Promise<number[][]> {
  let times: number[][] = entries.map(() => []);
  let turn = 0;
  async function round(): Promise<void> {
    const first = turn++;
    for (let i = 0; i < entries.length; i++) {
      const place = (first + i) % entries.length;
      const startMs = nowMs();
      await entries[place]!.run();
      times[place]!.push(nowMs() - startMs);
    }
  }
  let startMs = nowMs();
  do await round(); while (
    nowMs() - startMs < warmingMs && !times.every(isStable)
  );
  times = entries.map(() => []);
  startMs = nowMs();
  for (let i = 0; i < samplesMax; i++) {
    if (i >= samplesMin && nowMs() - startMs >= samplingMs) break;
    await round();
  }
  return times;
}
