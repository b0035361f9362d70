import { parseSpecifier } from "../../../core/mod.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { workingFolderUrl } from "../files.ts";
import { describeLocked, lockedText } from "./list_plugins.ts";
import { readLocked, withLockfile } from "./locked_plugins.ts";

/**
 * Loads plugins beside those that are locked, asks for what they want, and locks them.
 *
 * @param input The command line.
 * @returns What was locked.
 */
export async function addPlugins(input: CommandInput): Promise<CommandResult> {
  const before = await readLocked(input);
  const baseUrl = workingFolderUrl();
  const wanted = input.args.map((specifier) =>
    parseSpecifier(specifier, { baseUrl }).href
  );
  await withLockfile(input, async ({ loader }) => {
    // With those that are there: what is added may need them, and must not be at odds with them.
    const urls = new Set([...before.map(({ url }) => url), ...wanted]);
    await loader.load([...urls]);
  });
  const added = (await readLocked(input)).filter(({ url }) =>
    wanted.includes(url)
  );
  return {
    data: { added: added.map(describeLocked) },
    text: (paint) => lockedText(added, paint),
  };
}
