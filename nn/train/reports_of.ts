import { invalidOption, listOf } from "../../core/base/mod.ts";
import type { EpochReport } from "./progress.ts";

/**
 * Takes what is to be shown of passes over the data.
 *
 * @param operation What shows it, for the message.
 * @param reports What was given.
 * @returns The reports.
 * @throws {OptionError} `INVALID_OPTION` if it is no list of reports.
 */
export function reportsOf(
  operation: string,
  reports: readonly EpochReport[],
): readonly EpochReport[] {
  const all = listOf(`reports of ${operation}`, reports);
  const wrong = all.findIndex((report) => !isReport(report));
  if (wrong < 0) return all;
  throw invalidOption(
    `report ${wrong} of ${operation}`,
    all[wrong],
    "what fit gives of a pass",
  );
}

/**
 * Tells whether something is the report of a pass over the data.
 *
 * @param value Whatever it is.
 * @returns Whether it has the numbers that are shown.
 */
export function isReport(value: unknown): value is EpochReport {
  const { epoch, durationMs, validation } = Object(value);
  return areNumbers(epoch, durationMs) && areMeasures(value) &&
    (validation === undefined || areMeasures(validation));
}

function areMeasures(value: unknown): boolean {
  const { loss, accuracy = 0 } = Object(value);
  return areNumbers(loss, accuracy);
}

function areNumbers(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "number");
}
