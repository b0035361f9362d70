/** Where time comes from. A parameter wherever it matters, so that tests can supply their own. */
export interface Clock {
  /** Milliseconds since some fixed moment; never decreases. */
  nowMs(): number;
  /**
   * Calls `callback` once after `delayMs`, unless disposed before.
   *
   * @param callback What to call.
   * @param delayMs How long to wait, in milliseconds.
   */
  after(delayMs: number, callback: () => void): Disposable;
}

/** The machine's clock. */
export const SYSTEM_CLOCK: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
