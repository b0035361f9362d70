import { assertMethods } from "./assert_methods.ts";

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

/**
 * Takes what a caller passed as a clock.
 *
 * @param owner Whose option it is, `PluginEventBus`.
 * @param clock The clock; the machine's if left out.
 * @returns The clock.
 * @throws {OptionError} `INVALID_OPTION` if it is none.
 */
export function clockOf(owner: string, clock: Clock | undefined): Clock {
  if (clock === undefined) return SYSTEM_CLOCK;
  assertMethods(`${owner} clock`, clock, "nowMs", "after");
  return clock;
}
