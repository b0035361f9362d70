import { invalidOption } from "../../core/base/mod.ts";

/**
 * Requires text.
 *
 * @param option Name of the argument or option, `text of CharacterVocabulary`.
 * @param value What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is something else.
 */
export function assertText(option: string, value: unknown): void {
  if (typeof value !== "string") throw invalidOption(option, value, "text");
}
