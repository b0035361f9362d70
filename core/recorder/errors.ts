/**
 * What can go wrong when events are recorded and read back.
 *
 * @module
 */
import { printable } from "../base/mod.ts";
import { PluginError, quoted } from "../errors.ts";

/** The codes of the recorder, with the line their pages open with. */
export const ERROR_CODES = {
  RECORDER_WRITE_FAILED: "A recording of events could not be written.",
  RECORD_INVALID: "A line is no record of an event.",
} as const;

/** A stable, machine-readable name of one failure of the recorder. */
export type RecorderErrorCode = keyof typeof ERROR_CODES;

/**
 * Builds the error for a recording that could not be written.
 *
 * @param place Where it was to be written.
 * @param why What was found instead.
 * @param options What caused it.
 * @returns The error, for the caller to throw.
 */
export function recorderWriteFailed(
  place: string,
  why: string,
  options?: ErrorOptions,
): PluginError {
  const found = printable(why, 300);
  return new PluginError(
    "RECORDER_WRITE_FAILED",
    `Cannot write events to ${quoted(place)}: ${found}`,
    { place: printable(place, 300), found },
    options,
  );
}

/**
 * Builds the error for a line that is no record.
 *
 * @param line The line.
 * @param why What is wrong with it.
 * @param options What caused it, if that was another error.
 * @returns The error, for the caller to throw.
 */
export function recordInvalid(
  line: string,
  why: string,
  options?: ErrorOptions,
): PluginError {
  const shown = printable(String(line), 200);
  return new PluginError(
    "RECORD_INVALID",
    `Cannot read record ${
      quoted(shown)
    }: ${why}, wanted a line of an event log`,
    { line: shown, why },
    options,
  );
}
