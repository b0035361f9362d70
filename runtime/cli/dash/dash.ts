import { isCoded } from "../../../core/base/mod.ts";
import {
  DashboardFeed,
  followLog,
  type PluginFacts,
} from "../../dashboard/mod.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliFileUnreadable } from "../errors.ts";
import { grantText } from "../plugins/list_plugins.ts";
import { type LockedPlugins, readLocked } from "../plugins/locked_plugins.ts";
import { openDash, untilAborted } from "./open_dash.ts";

/**
 * Serves a page with what an event log tells, and goes on telling, and with the plugins of the lockfile.
 * Starts none of them.
 *
 * @param input The command line.
 * @returns Its address; it is served until Ctrl-C.
 * @throws {CliError} `CLI_FILE_UNREADABLE` if the log cannot be read, `CLI_USAGE` if there is no such port.
 * @throws {PluginError} `RECORD_INVALID` for a line that is no record of an event.
 */
export async function dash(input: CommandInput): Promise<CommandResult> {
  const { args: [log], io: { signal } } = input;
  const feed = new DashboardFeed(log ?? "Plugins of the lockfile");
  feed.showPlugins((await readLocked(input)).flatMap(lockedFacts));
  const { over } = log === undefined
    ? { over: untilAborted(signal) }
    : await startReading(feed, log, signal);
  const dashboard = await openDash(feed, input);
  const { url, port } = dashboard;
  return {
    data: { url, port },
    text: ({ bold, dim }) =>
      `dashboard at ${bold(url)}\n${dim("Ctrl-C ends it")}`,
    async goOn() {
      await using _dashboard = dashboard;
      await over;
    },
  };
}

/** Reads all that the log holds now, and goes on until it is told to end. */
async function startReading(
  feed: DashboardFeed,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly over: Promise<void> }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const over = followLog(feed, path, { signal, onEnd: resolve })
    .catch((error) => {
      throw isCoded(error) ? error : cliFileUnreadable(path, error);
    });
  await Promise.race([promise, over]);
  return { over };
}

function lockedFacts(
  { specifier, entry, unconfirmed }: LockedPlugins,
): PluginFacts[] {
  return [...entry.plugins].map(([id, { version, description = "" }]) => ({
    id,
    version,
    description,
    specifier,
    state: "locked",
    permissions: entry.grants.map((grant) => ({
      resource: grantText(grant),
      ...unconfirmed.includes(grant)
        ? { decision: "refused", rule: "lock-unconfirmed" }
        : { decision: "granted", rule: "lock" },
    })),
  }));
}
