import type { CommandInput, CommandResult } from "../command.ts";
import { cliUsage } from "../errors.ts";
import { EXIT_CODES } from "../exit_codes.ts";
import { readLocked, withLockfile } from "./locked_plugins.ts";

/**
 * Loads plugins beside those that are locked, tells what they bring, and keeps them until Ctrl-C or
 * until one of them dies. What they log goes to standard error. The lockfile stays as it is.
 *
 * @param input The command line.
 * @returns What they brought; a finding if one died.
 * @throws {CliError} `CLI_USAGE` if there is none.
 */
export async function runPlugins(input: CommandInput): Promise<CommandResult> {
  const { options, io: { signal }, progress } = input;
  const locked = await readLocked(input);
  if (locked.length + input.args.length === 0) {
    throw cliUsage("found no plugin, wanted one there or in the lockfile");
  }
  return await withLockfile(input, async ({ loader, plugins, events }) => {
    const urls = locked.map(({ url }) => url);
    const handles = await loader.load([...urls, ...input.args]);
    await plugins.initializeAll();
    const brought = handles.map((handle) => ({
      plugin: handle.id,
      version: handle.version,
      contributions: handle.contributions(),
    }));
    for (const { plugin, version, contributions } of brought) {
      progress?.write(`${plugin} ${version}\n`);
      for (const line of contributions) progress?.write(`  brings ${line}\n`);
    }
    const died = options.isOn("once")
      ? undefined
      : await new Promise<string | undefined>((resolve) => {
        if (signal.aborted) return resolve(undefined);
        signal.addEventListener("abort", () => resolve(undefined));
        events.subscribe("PluginUnloaded", (event) => {
          if (event.kind === "PluginUnloaded") resolve(event.pluginId);
        });
      });
    return {
      data: { plugins: brought, died: died ?? null },
      text: ({ red }) => died === undefined ? "" : red(`${died} died`),
      exitCode: died === undefined ? EXIT_CODES.fine : EXIT_CODES.finding,
    };
  }, { readOnly: true });
}
