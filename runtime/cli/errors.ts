/**
 * What can go wrong on the command line itself.
 *
 * @module
 */
import {
  type AccessProblem,
  accessProblem,
  accessText,
  CodedError,
  didYouMean,
  type JsonObject,
  printable,
  suggest,
} from "../../core/base/mod.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  CLI_CONFIG_INCOMPLETE: "A config does not say all that the command needs.",
  CLI_DATA_INVALID: "A file of data holds what no sample can be made of.",
  CLI_FILE_UNREADABLE: "A file that the command line names cannot be used.",
  CLI_USAGE: "The command line is not one that `spiral` understands.",
} as const;

/** A failure of the command line. */
export class CliError extends CodedError<keyof typeof ERROR_CODES> {
  /** Name of the class. */
  override readonly name: string = "CliError";
  /** What to do about it; empty if there is nothing to say. */
  readonly hint: string;

  /**
   * Constructs a new instance. Prefer the factories: each code is built in one place.
   *
   * @param code Stable name of the failure.
   * @param message What was attempted, a colon, what was found and what was wanted.
   * @param options The values the message was made from, and the way out.
   */
  constructor(
    code: keyof typeof ERROR_CODES,
    message: string,
    { details, hint = "", cause }: {
      readonly details: JsonObject;
      readonly hint?: string;
      readonly cause?: unknown;
    },
  ) {
    super(code, message, details, { cause });
    this.hint = hint;
  }
}

/**
 * Builds the error for a command line that means nothing.
 *
 * @param problem What was found and wanted.
 * @param hint What to type instead; the help, if left out.
 * @returns The error, for the caller to throw.
 */
export function cliUsage(problem: string, hint?: string): CliError {
  return new CliError(
    "CLI_USAGE",
    `Cannot read the command line: ${printable(problem)}`,
    { details: { problem }, hint: hint || "see spiral --help" },
  );
}

/**
 * Builds the error for a name that nothing has.
 *
 * @param name The name.
 * @param options What was looked for, and the names there are.
 * @returns The error, for the caller to throw.
 */
export function cliNameUnknown(
  name: string,
  { what, known }: { readonly what: string; readonly known: readonly string[] },
): CliError {
  return cliUsage(
    `found ${JSON.stringify(printable(name, 100))}, wanted ${what}`,
    didYouMean(suggest(name, known)),
  );
}

/**
 * Builds the error for a file that cannot be used.
 *
 * @param path The file.
 * @param cause What the system said.
 * @param problem What was found and wanted; what the system said if left out.
 * @returns The error, for the caller to throw.
 */
export function cliFileUnreadable(
  path: string,
  cause: unknown,
  problem: AccessProblem = accessProblem(cause),
): CliError {
  const reason = printable(accessText(problem));
  return new CliError(
    "CLI_FILE_UNREADABLE",
    `Cannot use ${JSON.stringify(printable(path))}: ${reason}`,
    { details: { path, reason }, cause },
  );
}

/**
 * Builds the error for a config that says too little.
 *
 * @param path The config.
 * @param part What it does not say.
 * @returns The error, for the caller to throw.
 */
export function cliConfigIncomplete(path: string, part: string): CliError {
  const file = JSON.stringify(printable(path));
  return new CliError(
    "CLI_CONFIG_INCOMPLETE",
    `Cannot use ${file}: found no "${part}", wanted it there or by --set`,
    {
      details: { path, part },
      hint: "see docs/errors/CLI_CONFIG_INCOMPLETE.md",
    },
  );
}

/**
 * Builds the error for data that no sample can be made of.
 *
 * @param problem Where it is, what was found and what was wanted.
 * @returns The error, for the caller to throw.
 */
export function cliDataInvalid(
  { file, line, found, wanted }: {
    readonly file: string;
    readonly line: number;
    readonly found: string;
    readonly wanted: string;
  },
): CliError {
  return new CliError(
    "CLI_DATA_INVALID",
    `Cannot read ${JSON.stringify(printable(file))}: found ${
      printable(found, 200)
    } in line ${line}, wanted ${printable(wanted)}`,
    { details: { file, line, found, wanted } },
  );
}
