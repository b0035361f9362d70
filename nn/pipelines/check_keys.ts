import { printable } from "../../core/base/mod.ts";
import { unknownKey } from "../discovery/normalize_keys.ts";
import { joinPath } from "../discovery/paths.ts";
import type { ReadContext } from "./read_context.ts";

/**
 * Reports keys that nothing is known by.
 *
 * @param fields The object.
 * @param known The keys that it may have.
 * @param place Where it is, and where to report.
 */
export function checkKeys(
  fields: Readonly<Record<string, unknown>>,
  known: readonly string[],
  { path, context }: {
    /** Where the object is. */
    readonly path: string;
    /** What is known of the description. */
    readonly context: ReadContext;
  },
): void {
  for (const key of Object.keys(fields)) {
    if (known.includes(key)) continue;
    const place = joinPath(path, printable(key, 100));
    context.report(unknownKey(key, { path: place, known }));
  }
}
