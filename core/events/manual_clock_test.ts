import type { Clock } from "../base/mod.ts";

/** A clock for tests, which goes on only when it is told to. */
export class ManualClock implements Clock {
  readonly #timers = new Set<{ dueMs: number; callback: () => void }>();
  #nowMs = 0;

  /** Timers that are set and not yet due. */
  get pending(): number {
    return this.#timers.size;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Disposable {
    const timer = { dueMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Lets time pass, and all promises settle that can. */
  async advance(ms: number): Promise<void> {
    this.#nowMs += ms;
    for (const timer of [...this.#timers]) {
      if (timer.dueMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
    await settle();
  }

  /** Sets the time, which may go back. */
  setMs(nowMs: number): void {
    this.#nowMs = nowMs;
  }
}

/** Waits until all promises have settled that can without time passing. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
