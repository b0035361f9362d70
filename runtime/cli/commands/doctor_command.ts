import type { CommandDefinition, CommandInput } from "../command.ts";
import { INLINE_OPTION } from "../with_ecosystem.ts";

/** Looks at the machine. */
export const DOCTOR_COMMAND: CommandDefinition = {
  name: "doctor",
  description:
    "Tells what this machine and this process can do, with advice where that is not all.",
  options: [INLINE_OPTION],
  run: async (input: CommandInput) =>
    await (await import("../doctor/doctor.ts")).doctor(input),
  examples: [
    { line: "doctor --json", does: "tells it as JSON" },
    {
      line: "doctor --inline ./plugins/counting_backend.ts",
      does: "starts the backends of a plugin too",
    },
  ],
};
