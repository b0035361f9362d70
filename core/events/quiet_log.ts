import { assertFunction } from "../base/mod.ts";
import type { LogRecord } from "../plugin/context.ts";

/**
 * Makes a log that never throws. What is logged has gone wrong already; a log that fails has
 * nowhere to say so, and must not stop the delivery or the clean-up under way.
 *
 * @param log The log, which may throw; nothing is written if it is left out.
 * @returns The log that does not.
 * @throws {OptionError} `INVALID_OPTION` if it is no function.
 */
export function quietLog(
  log: ((record: LogRecord) => void) | undefined,
): (record: LogRecord) => void {
  if (log !== undefined) assertFunction("log", log);
  return (record) => {
    try {
      log?.(record);
    } catch {
      // See above.
    }
  };
}
