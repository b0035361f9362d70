import { DashboardFeed, followEcosystem } from "../../dashboard/mod.ts";
import type { Ecosystem } from "../../ecosystem.ts";
import type { CommandInput } from "../command.ts";
import { openDash, untilAborted } from "./open_dash.ts";

/** A dashboard that shows a training, until it is disposed. */
export interface TrainingDash extends AsyncDisposable {
  /**
   * Shows an ecosystem from now on.
   *
   * @param ecosystem The ecosystem.
   */
  follow(ecosystem: Ecosystem): void;
  /** Keeps it open until Ctrl-C, then ends it. */
  stay(): Promise<void>;
}

/**
 * Serves a dashboard for a training. Its address goes to standard error: standard output is for the
 * result.
 *
 * @param input The command line.
 * @returns The dashboard.
 * @throws {CliError} `CLI_USAGE` if there is no such port.
 */
export async function openTrainingDash(
  input: CommandInput,
): Promise<TrainingDash> {
  const { args: [config = ""], io } = input;
  const feed = new DashboardFeed(config);
  const dashboard = await openDash(feed, input);
  const { url, port } = dashboard;
  io.err.write(
    input.progress
      ? `dashboard at ${url}\n`
      : `${JSON.stringify({ dashboard: { url, port } })}\n`,
  );
  const close = () => dashboard[Symbol.asyncDispose]();
  return {
    follow: (ecosystem) => void followEcosystem(feed, ecosystem),
    async stay() {
      await untilAborted(io.signal);
      await close();
    },
    [Symbol.asyncDispose]: close,
  };
}
