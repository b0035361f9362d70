import type { Clock } from "../base/mod.ts";

/** A timer that fires this late tells that the host itself was busy. */
const LATE_MS = 100;
/** What a sandbox then gets to be heard: its answer may lie unread in the pipe. */
const GRACE_MS = 250;

/**
 * Calls `onExpiry` when time is up, unless disposed before. A host that computed for so long that
 * the timer came late reads its pipes first, so that it does not blame a sandbox for its own delay.
 *
 * @param clock Where time comes from.
 * @param delayMs How long to wait, in milliseconds.
 * @param onExpiry What to call when time is up.
 * @returns The timer.
 */
export function startDeadline(
  clock: Clock,
  delayMs: number,
  onExpiry: () => void,
): Disposable {
  const dueMs = clock.nowMs() + delayMs;
  let timer = clock.after(delayMs, () => {
    if (clock.nowMs() - dueMs < LATE_MS) return onExpiry();
    timer = clock.after(GRACE_MS, onExpiry);
  });
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
