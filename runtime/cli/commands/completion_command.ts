import type { CommandDefinition, CommandInput } from "../command.ts";
import { SHELLS } from "../completion/shells.ts";

/** Makes shells complete the command. */
export function completionCommand(
  commands: () => readonly CommandDefinition[],
): CommandDefinition {
  return {
    name: "completion",
    description: "Writes what makes a shell complete this command.",
    args: [{ name: "shell", description: SHELLS.join(", ") }],
    run: async (input: CommandInput) => {
      const { completionScript } = await import(
        "../completion/completion_script.ts"
      );
      const shell = input.args[0]!;
      const script = completionScript(shell, commands());
      return { data: { shell, script }, text: () => script };
    },
    examples: [
      {
        line:
          "completion bash > ~/.local/share/bash-completion/completions/spiral",
        does: "completes it in bash from the next start on",
      },
      { line: "completion fish | source", does: "completes it in this fish" },
    ],
  };
}
