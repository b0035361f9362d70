import type { CommandInput, CommandResult } from "../command.ts";
import {
  dependenciesOf,
  findLocked,
  openConsentsOf,
  openLockfile,
  readLocked,
} from "./locked_plugins.ts";

/**
 * Takes plugins out of the lockfile, and forgets what they were granted. Unless it is forced, what another
 * one needs stays. Starts nothing.
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
  if (!input.options.isOn("force")) {
    dependenciesOf(rest).assertAsMetAs(dependenciesOf(locked));
  }
  await openLockfile(input).remove(gone.map(({ url }) => url));
  const consents = await openConsentsOf(input);
  for (const { url } of gone) await consents?.forget(url);
  const removed = gone.flatMap(({ entry }) => [...entry.plugins.keys()]);
  return {
    data: { removed },
    text: () => `removed ${removed.join(", ")}`,
  };
}
