import type { CommandInput, CommandResult } from "../command.ts";
import {
  findLocked,
  openLockfile,
  readLocked,
  withLockfile,
} from "./locked_plugins.ts";

/**
 * Takes plugins out of the lockfile. Unless it is forced, those that remain are loaded without them
 * first: what would be missing to one of them stays.
 *
 * @param input The command line.
 * @returns What was taken out.
 * @throws {CliError} `CLI_USAGE` if the lockfile knows no such plugin.
 * @throws {PluginError} `DEPENDENCY_MISSING` if another one needs it.
 */
export async function removePlugins(
  input: CommandInput,
): Promise<CommandResult> {
  const locked = await readLocked(input);
  const gone = findLocked(input.args, locked);
  const rest = locked.filter((plugins) => !gone.includes(plugins));
  if (rest.length > 0 && !input.options.isOn("force")) {
    await withLockfile(input, async ({ loader }) => {
      await loader.load(rest.map(({ url }) => url));
    });
  }
  await openLockfile(input).remove(gone.map(({ url }) => url));
  const removed = gone.flatMap(({ entry }) => [...entry.plugins.keys()]);
  return {
    data: { removed },
    text: () => `removed ${removed.join(", ")}`,
  };
}
