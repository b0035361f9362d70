import type {
  CommandDefinition,
  CommandInput,
  OptionDefinition,
} from "../command.ts";
import { LOCK_OPTION } from "./plugin_commands.ts";

/** Where a dashboard is served. */
export const SERVE_OPTIONS: readonly OptionDefinition[] = [
  {
    flags: "--port <number>",
    description:
      "port of the page, on this machine alone; a free one if left out",
    isCount: true,
  },
  { flags: "--open", description: "open the page in the browser" },
];

/** Shows trainings. */
export const DASH_COMMAND: CommandDefinition = {
  name: "dash",
  description:
    "Shows an event log, as it grows, and the plugins of the lockfile in the browser.",
  args: [{
    name: "log",
    description: "what train --log wrote, or writes; none if left out",
    count: "optional",
  }],
  options: [...SERVE_OPTIONS, LOCK_OPTION],
  run: async (input: CommandInput) =>
    await (await import("../dash/dash.ts")).dash(input),
  examples: [
    {
      line: "dash out/circles.jsonl",
      does:
        "shows a training that was recorded, or that another process records",
    },
    {
      line: "dash --open",
      does: "shows the plugins of the lockfile, and what they were granted",
    },
  ],
};
