/**
 * Times several things against one another: in turns, in one process, each after a warm-up of its own
 * that lasts until it gets no faster any more.
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
  /** Time after which warming up ends whether the medians are stable or not, shared by all entries. */
  readonly warmingMs: number;
}

/** Rounds that a median of the warm-up is taken of. */
const WINDOW = 5;
/** A median is stable if the one before it differs by less than this share. */
const STABLE_SHARE = 0.03;

/** Share of its time that everybody warms up for: what is short is stable before its code is fast. */
const WARMING_SHARE_MIN = 1 / 8;

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
  async function sample({ run }: Entry): Promise<number> {
    const startMs = nowMs();
    await run();
    return nowMs() - startMs;
  }
  // One by one: who is slow must not keep others from having run often enough for fast code.
  for (const entry of entries) {
    const startMs = nowMs();
    const times: number[] = [];
    const shareMs = warmingMs / entries.length;
    let isWarm = false;
    while (!isWarm) {
      times.push(await sample(entry));
      const passedMs = nowMs() - startMs;
      const isPatient = passedMs >= WARMING_SHARE_MIN * shareMs;
      isWarm = passedMs >= shareMs || isPatient && isStable(times);
    }
  }
  const times: number[][] = entries.map(() => []);
  const startMs = nowMs();
  for (let i = 0; i < samplesMax; i++) {
    if (i >= samplesMin && nowMs() - startMs >= samplingMs) break;
    for (let turn = 0; turn < entries.length; turn++) {
      const place = (i + turn) % entries.length;
      times[place]!.push(await sample(entries[place]!));
    }
  }
  return times;
}
