import { invalidOption } from "../../core/base/mod.ts";

/**
 * Requires one of some words.
 *
 * @param option Name of the argument or option, `Parallel merge`.
 * @param value What was given.
 * @param words The words.
 * @throws {OptionError} `INVALID_OPTION` if it is something else.
 */
export function assertOneOf(
  option: string,
  value: unknown,
  words: readonly string[],
): void {
  if (words.some((word) => word === value)) return;
  const shown = words.map((word) => `"${word}"`).join(", ");
  throw invalidOption(option, value, `one of ${shown}`);
}
