import { invalidOption } from "./errors.ts";

/**
 * Requires a function.
 *
 * @param option Name of the argument or option, `Trainer loss`.
 * @param value What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is something else.
 */
export function assertFunction(option: string, value: unknown): void {
  if (typeof value !== "function") {
    throw invalidOption(option, value, "a function");
  }
}
