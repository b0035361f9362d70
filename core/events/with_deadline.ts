import { type Clock, invalidOption } from "../base/mod.ts";

/** Longest time limit that a timer can keep, in milliseconds. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/** How long work may take. */
export interface Deadline {
  /** Where time comes from. */
  readonly clock: Clock;
  /** How long it may take, in milliseconds; 0 sets no limit. */
  readonly timeoutMs: number;
  /**
   * Makes the error for work that takes longer.
   *
   * @returns The error.
   */
  late(): Error;
}

/**
 * Waits for work, but not longer than it may take. Work that comes too late goes on unheard: what
 * it throws then is dropped.
 *
 * @param work The work.
 * @param deadline How long it may take.
 * @returns What the work gives.
 * @throws What the work throws, or what `late` makes.
 */
export async function withDeadline<T>(
  work: Promise<T>,
  { clock, timeoutMs, late }: Deadline,
): Promise<T> {
  if (timeoutMs === 0) return await work;
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  using _timer = clock.after(timeoutMs, () => reject(late()));
  // A race listens to both for good, so that a loser's rejection is not unheard.
  return await Promise.race([work, tooLate]);
}

/**
 * Requires a length of time that a timer can keep.
 *
 * @param option Name of the option, for the message.
 * @param timeoutMs What it was set to.
 * @throws {OptionError} `INVALID_OPTION` if it is no such length.
 */
export function assertTimeoutMs(option: string, timeoutMs: number): void {
  // Not `timeoutMs < 0 || …`: NaN must fail too.
  const isTimeout = timeoutMs >= 0 && timeoutMs <= TIMEOUT_MS_MAX;
  if (typeof timeoutMs !== "number" || !isTimeout) {
    throw invalidOption(
      option,
      timeoutMs,
      `a number of milliseconds from 0 to ${TIMEOUT_MS_MAX}`,
    );
  }
}
