import { parseBareSpecifier } from "../../../core/tools.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { describeLocked, lockedText } from "./list_plugins.ts";
import { readLocked, withLockfile } from "./locked_plugins.ts";
import { placeOf } from "./place_option.ts";

/**
 * Loads plugins beside those that are locked, asks for what they want, and locks them.
 *
 * @param input The command line.
 * @returns What was locked.
 */
export async function addPlugins(input: CommandInput): Promise<CommandResult> {
  const wanted = input.args.map((name) =>
    parseBareSpecifier(name) ? name : placeOf(name, input.options)
  );
  const asked = wanted.map((name) => parseBareSpecifier(name)?.id ?? name);
  const others = (await readLocked(input)).filter(({ url, entry }) =>
    !asked.some((name) => name === url || entry.plugins.has(name))
  ).map(({ url }) => url);
  await withLockfile(input, async ({ loader }) => {
    // With those that are there: what is added may need them, and must not be at odds with them.
    await loader.load([...others, ...wanted]);
  });
  const added = (await readLocked(input)).filter(({ url }) =>
    !others.includes(url)
  );
  return {
    data: { added: added.map(describeLocked) },
    text: (paint) => lockedText(added, paint),
  };
}
