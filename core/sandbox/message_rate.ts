import type { Clock } from "../base/mod.ts";

/** How fast messages may come. */
export interface MessageRateOptions {
  /** How many in the long run, a second. */
  readonly perSecond: number;
  /** How many at once, after a pause. */
  readonly burst: number;
  /** Where time comes from. */
  readonly clock: Clock;
}

/** Counts messages against a rate: a bucket that each message takes from and time fills again. */
export class MessageRate {
  readonly #options: MessageRateOptions;
  #left: number;
  #filledMs: number;

  /**
   * Constructs a new instance, with a full bucket.
   *
   * @param options How fast messages may come.
   */
  constructor(options: MessageRateOptions) {
    this.#options = options;
    this.#left = options.burst;
    this.#filledMs = options.clock.nowMs();
  }

  /**
   * Counts one message.
   *
   * @returns Whether it comes at a time when it may.
   */
  take(): boolean {
    const { perSecond, burst, clock } = this.#options;
    // The time is asked for only when it matters.
    if (this.#left < 1) {
      const nowMs = clock.nowMs();
      const filled = (nowMs - this.#filledMs) / 1000 * perSecond;
      this.#left = Math.min(burst, this.#left + filled);
      this.#filledMs = nowMs;
    }
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
