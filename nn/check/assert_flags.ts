import { invalidOption } from "../../core/base/mod.ts";

/**
 * Requires options that are set or not.
 *
 * @param owner Whose options they are, `Linear`.
 * @param flags What each was set to, by its name.
 * @throws {OptionError} `INVALID_OPTION` if one is neither true nor false.
 */
export function assertFlags(
  owner: string,
  flags: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(flags)) {
    if (typeof value === "boolean") continue;
    throw invalidOption(`${owner} ${name}`, value, "true or false");
  }
}
