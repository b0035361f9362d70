import type { Issue } from "../../core/base/mod.ts";
import { joinPath } from "../discovery/paths.ts";
import type { NamedItem } from "./description.ts";
import { wanted } from "./issues.ts";

/** An id must not be mistaken for another's place, nor for the path of a parameter. */
const ID = /^[A-Za-z_][\w-]{0,127}$/;

/** What an id must be, for messages. */
export const ID_RULE =
  "a letter or _, then letters, digits, _ and -, at most 128";

/**
 * Tells whether something can be named so.
 *
 * @param id The name.
 * @returns Whether it is an id.
 */
export function isId(id: unknown): id is string {
  return typeof id === "string" && ID.test(id) && !(id in {});
}

/**
 * Reads what the parameters of an item are named after. A number is an id where it is the item's own
 * place, as in a list of modules that were put together without names.
 *
 * @param id What is written.
 * @param path Where the item is.
 * @param report Where to report what is wrong.
 * @returns The id, if there is one.
 */
export function readId(
  id: unknown,
  path: string,
  report: (issue: Issue) => void,
): NamedItem {
  if (id === undefined) return {};
  const isPlace = typeof id === "string" && path.endsWith(`[${id}]`);
  if (!isId(id) && !isPlace) report(wanted(joinPath(path, "id"), id, ID_RULE));
  return { id: String(id) };
}
