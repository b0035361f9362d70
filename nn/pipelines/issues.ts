import { didYouMean, type Issue, suggest } from "../../core/base/mod.ts";
import { describeValue } from "../discovery/describe_value.ts";

/** Most names that an issue lists: more than there are types. */
const NAMES_TOLD_MAX = 500;

/**
 * Reports a value that is not what it must be.
 *
 * @param path Where it is.
 * @param found The value.
 * @param rule What was wanted.
 * @returns The issue.
 */
export function wanted(path: string, found: unknown, rule: string): Issue {
  const message = `Found ${describeValue(found)}, wanted ${rule}`;
  return { code: "ENTRY_INVALID", path, message };
}

/**
 * Reports a name that nothing has.
 *
 * @param issue Code and path.
 * @param name The name.
 * @param options What was looked for, and the names there are.
 * @returns The issue, with a suggestion if one comes to mind.
 */
export function nameUnknown(
  issue: Pick<Issue, "code" | "path">,
  name: string,
  { what, known }: {
    /** What was looked for, `a variable`. */
    readonly what: string;
    /** The names there are. */
    readonly known: readonly string[];
  },
): Issue {
  const hint = didYouMean(suggest(name, known));
  const hidden = known.length - NAMES_TOLD_MAX;
  const told = known.slice(0, NAMES_TOLD_MAX).join(", ");
  const names = known.length === 0
    ? "there is none"
    : hidden > 0
    ? `${told} and ${hidden} more`
    : told;
  const message = `Found ${describeValue(name)}, wanted ${what}: ${names}`;
  return { ...issue, message, ...hint === "" ? {} : { hint } };
}
