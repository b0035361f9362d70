import { type Issue, printable } from "../../core/base/mod.ts";
import { itemName, type Nameable } from "./description.ts";

/**
 * Finds modules that would give their parameters the same names.
 *
 * @param items The modules in order; `undefined` for one that could not be read.
 * @param path Where their list is.
 * @returns An issue for each but the first of a name.
 */
export function duplicateIds(
  items: readonly (Nameable | undefined)[],
  path = "modules",
): Issue[] {
  const names = new Set<string>();
  const issues: Issue[] = [];
  for (const [i, item] of items.entries()) {
    if (!item) continue;
    const name = itemName(item, i);
    if (names.has(name)) {
      const shown = printable(name, 100);
      issues.push({
        code: "DUPLICATE_ID",
        path: `${path}[${i}].id`,
        message: `Found the id "${shown}" twice, wanted different ids`,
      });
    }
    names.add(name);
  }
  return issues;
}
