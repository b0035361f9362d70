import { VERSION } from "../version.ts";
import { buildProgram, parserError } from "./build_program.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandResult } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT_CODES, type ExitCode } from "./exit_codes.ts";
import { printError, printResult } from "./print_outcome.ts";

/**
 * Runs the command `spiral`, inside this process and without ending it.
 *
 * @param args What stands behind its name.
 * @param io The world outside.
 * @returns How it ended; see `EXIT_CODES`.
 */
export async function spiral(
  args: readonly string[],
  io: CliIo,
): Promise<ExitCode> {
  // Read here too: what cannot be parsed is told in the form that was asked for.
  const options = {
    isJson: args.includes("--json"),
    isColorRefused: args.includes("--no-color"),
    isDebug: args.includes("--debug"),
  };
  const results: CommandResult[] = [];
  const program = buildProgram(COMMANDS, {
    io,
    version: VERSION,
    onResult: (result) => results.push(result),
  });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    const [result] = results;
    if (!result) return EXIT_CODES.fine;
    const exitCode = printResult(result, io, options);
    await result.goOn?.();
    return exitCode;
  } catch (error) {
    const told = parserError(error);
    return told === undefined ? EXIT_CODES.fine : printError(told, io, options);
  }
}
