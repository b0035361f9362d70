import type { CommandDefinition, CommandInput } from "../command.ts";

/** Looks at the machine. */
export const DOCTOR_COMMAND: CommandDefinition = {
  name: "doctor",
  description:
    "Tells what this machine and this process can do, with advice where that is not all.",
  run: async (input: CommandInput) =>
    await (await import("../doctor/doctor.ts")).doctor(input),
  examples: [{ line: "doctor --json", does: "tells it as JSON" }],
};
