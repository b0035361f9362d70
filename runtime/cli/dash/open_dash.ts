import {
  type Dashboard,
  type DashboardFeed,
  serveDashboard,
} from "../../dashboard/mod.ts";
import { openBrowser } from "../../dashboard/open_browser.ts";
import type { CommandInput } from "../command.ts";
import { cliUsage } from "../errors.ts";

/** Highest number of a port. */
const PORT_MAX = 65535;

/**
 * Serves a dashboard at the port of the command line, and opens it in the browser if that is wanted.
 *
 * @param feed What is shown.
 * @param input The command line.
 * @returns The dashboard.
 * @throws {CliError} `CLI_USAGE` if there is no such port.
 */
export async function openDash(
  feed: DashboardFeed,
  { options, io }: Pick<CommandInput, "options" | "io">,
): Promise<Dashboard & AsyncDisposable> {
  const port = options.count("port") ?? 0;
  if (port > PORT_MAX) {
    throw cliUsage(`found --port ${port}, wanted at most ${PORT_MAX}`);
  }
  await using stack = new AsyncDisposableStack();
  const { url, port: taken } = stack.use(await serveDashboard(feed, { port }));
  if (options.isOn("open")) {
    const { isOpen } = stack.use(await openBrowser(url));
    if (!isOpen) io.err.write("no browser could be opened\n");
  }
  const owned = stack.move();
  return {
    url,
    port: taken,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * Waits for Ctrl-C.
 *
 * @param signal What Ctrl-C aborts.
 */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}
