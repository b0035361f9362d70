import { isCoded, type Json, printable } from "../../core/base/mod.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandResult } from "./command.ts";
import { CliError } from "./errors.ts";
import { EXIT_CODES, type ExitCode } from "./exit_codes.ts";
import { makePaint } from "./paint.ts";

/** How what came of a command is written. */
export interface PrintOptions {
  /** Whether it is wanted as JSON. */
  readonly isJson: boolean;
  /** Whether colors are refused. */
  readonly isColorRefused: boolean;
  /** Whether errors are wanted with their stacks. */
  readonly isDebug: boolean;
}

/**
 * Writes what came of a command.
 *
 * @param result The result.
 * @param io Where it goes.
 * @param options How it is written.
 * @returns How the command ends.
 */
export function printResult(
  { data, text, exitCode = EXIT_CODES.fine }: CommandResult,
  { out, env }: Pick<CliIo, "out" | "env">,
  { isJson, isColorRefused }: PrintOptions,
): ExitCode {
  const paint = makePaint({ sink: out, env, isRefused: isColorRefused });
  const written = isJson ? JSON.stringify(data) : text(paint);
  if (written !== "") out.write(`${written}\n`);
  return exitCode;
}

/**
 * Writes why a command could not be done: one line, and the stack only for those who ask for it. As
 * JSON it goes where the result would have gone.
 *
 * @param error What was thrown.
 * @param io Where it goes.
 * @param options How it is written.
 * @returns How the command ends.
 */
export function printError(
  error: unknown,
  { out, err, env }: Pick<CliIo, "out" | "err" | "env">,
  { isJson, isColorRefused, isDebug }: PrintOptions,
): ExitCode {
  const told = tell(error);
  const stack = isDebug && error instanceof Error ? error.stack : undefined;
  if (isJson) {
    const fields = { ...told, ...stack === undefined ? {} : { stack } };
    out.write(`${JSON.stringify({ error: fields })}\n`);
    return EXIT_CODES.failure;
  }
  const paint = makePaint({ sink: err, env, isRefused: isColorRefused });
  const [first, ...more] = told.message.split("\n");
  const hint = told.hint === "" ? "" : ` ${paint.dim(`(${told.hint})`)}`;
  const lines = [
    `${paint.red(`error[${told.code}]`)}: ${first}${
      more.length > 0 ? "" : hint
    }`,
    // Each thing that is wrong with a config has a line of its own.
    ...more.map((line) => `  ${line}`),
    ...more.length > 0 && told.hint !== "" ? [hint.trimStart()] : [],
    ...stack === undefined ? [] : [stack],
  ];
  err.write(`${lines.join("\n")}\n`);
  return EXIT_CODES.failure;
}

/** An error, for people and programs. */
interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details: Json;
}

function tell(error: unknown): Told {
  if (error instanceof CliError) {
    const { code, message, hint, details } = error;
    return { code, message, hint, details };
  }
  if (isCoded(error)) {
    const { code, message, details } = error;
    return { code, message, hint: `see docs/errors/${code}.md`, details };
  }
  const isError = error instanceof Error;
  const message = printable(isError ? error.message : String(error), 2000);
  // What Deno says of a permission that is missing names the flag itself.
  const isRefused = isError && error.name === "NotCapable";
  return {
    code: isRefused ? "PERMISSION" : "UNEXPECTED",
    message,
    hint: isRefused ? "" : "run it again with --debug for the stack",
    details: {},
  };
}
