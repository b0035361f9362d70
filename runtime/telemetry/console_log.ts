import {
  invalidOption,
  isPlainObject,
  optionsOf,
} from "../../core/base/mod.ts";
import type { LogLevel, LogRecord } from "../../core/mod.ts";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/**
 * Writes log lines of an ecosystem and its plugins to the console. Started with `OTEL_DENO=true`, Deno
 * sends them as logs that belong to the span in which they were written.
 *
 * @example Where log lines go
 * ```ts
 * import { createEcosystem } from "@spiraltorch/spiraltorch";
 * import { consoleLog } from "@spiraltorch/spiraltorch/telemetry";
 *
 * await using _ecosystem = await createEcosystem({ log: consoleLog });
 * ```
 *
 * @param record The line.
 * @throws {OptionError} `INVALID_OPTION` if it is none.
 */
export function consoleLog(record: LogRecord): void {
  const { level, source, message, fields } = optionsOf<LogRecord>(
    "consoleLog",
    record,
  );
  if (!LEVELS.includes(level)) {
    throw invalidOption("the level of a log line", level, LEVELS.join(", "));
  }
  for (const text of [source, message]) {
    if (typeof text === "string") continue;
    throw invalidOption("source and message of a log line", text, "text");
  }
  if (!isPlainObject(fields)) {
    throw invalidOption("the fields of a log line", fields, "values by name");
  }
  const rest = Object.keys(fields).length === 0
    ? ""
    : ` ${JSON.stringify(fields)}`;
  // deno-lint-ignore no-console -- the console is what Deno makes logs of
  console[level](`${source}: ${message}${rest}`);
}
