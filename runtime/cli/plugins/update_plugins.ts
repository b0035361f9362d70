import type { CommandInput, CommandResult } from "../command.ts";
import { describeLocked } from "./list_plugins.ts";
import { findLocked, readLocked, withLockfile } from "./locked_plugins.ts";

/**
 * Fetches plugins anew and locks what they are now; asks for what they want and have not been granted.
 *
 * @param input The command line: ids or specifiers, or all if there are none.
 * @returns What changed.
 */
export async function updatePlugins(
  input: CommandInput,
): Promise<CommandResult> {
  const before = await readLocked(input);
  const wanted = input.args.length === 0
    ? before
    : findLocked(input.args, before);
  await withLockfile(input, async ({ loader }) => {
    const urls = before.map(({ url }) => url);
    await loader.load(urls, { update: wanted.map(({ url }) => url) });
  });
  const after = await readLocked(input);
  const changed = after.filter(({ url, entry: { digest } }) =>
    before.find((old) => old.url === url)?.entry.digest !== digest
  );
  return {
    data: { updated: changed.map(describeLocked) },
    text: ({ green }) =>
      changed.length === 0
        ? "everything is what it was"
        : changed.flatMap(({ url, entry }) =>
          [...entry.plugins].map(([id, version]) => {
            const old = before.find((one) => one.url === url);
            const former = old?.entry.plugins.get(id);
            return green(`${id} ${former ?? "new"} -> ${version}`);
          })
        ).join("\n"),
  };
}
