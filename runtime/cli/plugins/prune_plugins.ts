import { pruneStore } from "../../../core/tools.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliUsage } from "../errors.ts";
import { cacheFolderOf, openLockfile } from "./locked_plugins.ts";

/**
 * Takes modules out of the folder for modules that no lockfile names: neither that of the command line nor
 * any that has used the folder. Starts nothing.
 *
 * @param input The command line.
 * @returns What has gone, and what is left.
 * @throws {CliError} `CLI_USAGE` if there is no such folder.
 * @throws {PluginError} `LOCKFILE_INVALID` if one of the lockfiles cannot be read: nothing has gone then.
 */
export async function prunePlugins(
  input: CommandInput,
): Promise<CommandResult> {
  const folder = await cacheFolderOf(input);
  if (folder === undefined) {
    throw cliUsage("found no folder for caches, wanted --cache <folder>");
  }
  const dryRun = input.options.isOn("dryRun");
  const report = await pruneStore(folder, {
    lockfiles: [openLockfile(input).path],
    dryRun,
  });
  const { removed, removedBytes, kept, keptBytes, lockfiles } = report;
  const done = dryRun ? "would go" : "gone";
  return {
    data: { folder, dryRun, removed, removedBytes, kept, keptBytes, lockfiles },
    text: ({ dim }) =>
      [
        `${removed} modules ${done}, ${inKib(removedBytes)} KiB`,
        `${kept} modules left, ${inKib(keptBytes)} KiB`,
        ...lockfiles.map((path) => dim(`  named by ${path}`)),
      ].join("\n"),
  };
}

function inKib(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
