import type { LogRecord } from "../../core/mod.ts";

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
 */
export function consoleLog(record: LogRecord): void {
  const { level, source, message, fields } = record;
  const rest = Object.keys(fields).length === 0
    ? ""
    : ` ${JSON.stringify(fields)}`;
  // deno-lint-ignore no-console -- the console is what Deno makes logs of
  console[level](`${source}: ${message}${rest}`);
}
