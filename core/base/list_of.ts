import { invalidOption } from "./errors.ts";

/**
 * Takes things that come one after another as a list: of a list, a map, or whatever else can be gone
 * through. Text is none, whose characters nobody meant.
 *
 * @typeParam Item What they are, which is checked where each is used.
 * @param option Name of the argument or option, `modules of Sequential`.
 * @param items What was given.
 * @returns The things.
 * @throws {OptionError} `INVALID_OPTION` if it is something else.
 */
export function listOf<Item>(
  option: string,
  items: Iterable<Item> | ArrayLike<Item>,
): readonly Item[] {
  const found: unknown = items;
  const isList = typeof found === "object" && found !== null &&
    Symbol.iterator in found;
  if (!isList) throw invalidOption(option, found, "a list");
  return Array.isArray(items) ? items : Array.from(items);
}
