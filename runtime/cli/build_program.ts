import {
  Command,
  CommanderError,
  InvalidArgumentError,
  Option,
} from "commander";
import type { CliIo } from "./cli_io.ts";
import type {
  ArgumentDefinition,
  CommandDefinition,
  CommandExample,
  CommandResult,
  OptionDefinition,
} from "./command.ts";
import { CommandOptions } from "./command_options.ts";
import { cliUsage } from "./errors.ts";

/** Options that every command has. */
export const COMMON_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--json", description: "write the result as one line of JSON" },
  { flags: "--no-color", description: "write without colors" },
  { flags: "--debug", description: "show the stack of an error" },
];

/** What the parser writes to, and what it calls. */
export interface ProgramOptions {
  /** The world outside. */
  readonly io: CliIo;
  /** Version that is told. */
  readonly version: string;
  /** Called with what came of the command that was meant. */
  readonly onResult: (result: CommandResult) => void;
}

/**
 * Makes the parser of the command line.
 *
 * @param commands The commands.
 * @param options What it writes to.
 * @returns The parser; it throws {@linkcode CommanderError}s instead of ending the process.
 */
export function buildProgram(
  commands: readonly CommandDefinition[],
  { io, version, onResult }: ProgramOptions,
): Command {
  const program = new Command("spiral")
    .description("Trains models, lists what there is, and looks after plugins.")
    .version(version, "--version", "write the version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      getOutHelpWidth: () => io.out.columns,
      getErrHelpWidth: () => io.err.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      // What is wrong is told in the way of all other errors.
      outputError: () => {},
    });
  for (const option of COMMON_OPTIONS) program.addOption(toOption(option));
  for (const command of commands) {
    addCommand(program, command, { io, onResult });
  }
  return program;
}

/**
 * Takes what the parser threw for what it is.
 *
 * @param error What was thrown.
 * @returns `undefined` where help or a version was asked for and written; otherwise what to tell.
 */
export function parserError(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.exitCode === 0 || error.code === "commander.help") return undefined;
  const [problem, hint = ""] = error.message.replace(/^error: /, "").split(
    "\n",
  );
  return cliUsage(problem!, hint.replace(/^\((.*)\)$/, "$1").toLowerCase());
}

function addCommand(
  parent: Command,
  definition: CommandDefinition,
  to: Pick<ProgramOptions, "io" | "onResult">,
): void {
  const { name, description, args = [], options = [] } = definition;
  const { examples = [], commands = [], isDefault = false, run } = definition;
  const command = parent.command(name, { isDefault });
  // A group is no command of its own: what is not one of its names is a mistake.
  command.description(description).copyInheritedSettings(parent);
  for (const arg of args) command.argument(argumentText(arg), arg.description);
  for (const option of options) command.addOption(toOption(option));
  for (const inner of commands) addCommand(command, inner, to);
  if (examples.length > 0) {
    command.addHelpText("after", `\nExamples:\n${examplesText(examples)}`);
  }
  if (!run) return;
  command.action(async () => {
    const values = command.optsWithGlobals();
    const input = {
      args: command.args,
      options: new CommandOptions(values),
      io: to.io,
      progress: values["json"] === true ? undefined : to.io.out,
    };
    to.onResult(await run(input));
  });
}

function toOption(definition: OptionDefinition): Option {
  const { flags, description, isRepeated, isCount, choices } = definition;
  const option = new Option(flags, description);
  if (choices) option.choices(choices);
  if (isCount) option.argParser(parseCount);
  if (isRepeated) {
    option.argParser((value: string, former: readonly string[] = []) => [
      ...former,
      value,
    ]);
  }
  return option;
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Wanted a whole number above 0");
}

/**
 * Writes an argument as help shows it.
 *
 * @param argument The argument.
 * @returns `<config>`, `[query]` or `<files...>`.
 */
export function argumentText(
  { name, count = "one" }: ArgumentDefinition,
): string {
  const isMany = count === "any" || count === "some";
  const text = isMany ? `${name}...` : name;
  return count === "any" || count === "optional" ? `[${text}]` : `<${text}>`;
}

function examplesText(examples: readonly CommandExample[]): string {
  return examples.map(({ line, does }) => `  $ spiral ${line}\n      ${does}`)
    .join("\n");
}
