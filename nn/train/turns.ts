import type { Clock } from "../../core/base/mod.ts";

/** How often, at most, numbers are read and other work has its turn. */
const READ_INTERVAL_MS = 100;
/** Most steps whose numbers have not been read. */
const PENDING_MAX = 64;

/**
 * Decides when numbers are read, and lets other work have its turn then: steps may be computed without
 * ever waiting, and then no timer fires and no signal arrives.
 */
export class Turns {
  readonly #clock: Clock;
  /** Passes may be shorter than the interval, so this is kept from pass to pass. */
  #readAtMs: number;

  /**
   * Constructs a new instance.
   *
   * @param clock What the interval is measured by.
   */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#readAtMs = clock.nowMs();
  }

  /**
   * Tells whether numbers are to be read now.
   *
   * @param pendingCount How many steps have not been read.
   * @returns Whether they are.
   */
  isDue(pendingCount: number): boolean {
    return pendingCount >= PENDING_MAX ||
      this.#clock.nowMs() - this.#readAtMs >= READ_INTERVAL_MS;
  }

  /** Lets timers and signals have their turn. */
  async letOthersWork(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.after(0, resolve));
    this.#readAtMs = this.#clock.nowMs();
  }
}
