import { type Json, searchEntries } from "../../../core/base/mod.ts";
import { searchIndex } from "../../../core/tools.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliUsage } from "../errors.ts";
import { EXIT_CODES } from "../exit_codes.ts";
import { textTable } from "../text_table.ts";
import { indexOf } from "./index_option.ts";
import { openLockfile } from "./locked_plugins.ts";

/**
 * Finds plugins of an index by words; all of them if there are none. Loads nothing.
 *
 * @param input The command line.
 * @returns The plugins, each in its newest version.
 * @throws {CliError} `CLI_USAGE` without an index.
 */
export async function searchPlugins(
  input: CommandInput,
): Promise<CommandResult> {
  const index = indexOf(input.options);
  if (!index) throw cliUsage("found no --index, wanted one to search");
  const { indexes } = await openLockfile(input).readAll();
  const all = await searchIndex(index, { seen: indexes.get(index.url) });
  const entries = all.map((each) => ({ ...each, name: each.id }));
  const found = searchEntries(entries, input.args.join(" "));
  return {
    data: {
      plugins: found.map(({ id, version, description }): Json => ({
        id,
        version,
        description,
      })),
    },
    text: () =>
      found.length === 0 ? "no plugin was found" : textTable(
        found.map(({ id, version, description }) => [id, version, description]),
      ),
    exitCode: found.length === 0 ? EXIT_CODES.finding : EXIT_CODES.fine,
  };
}
