/**
 * What can go wrong where the plugin system meets tensors and modules.
 *
 * @module
 */
import type { z } from "zod";
import {
  accessProblem,
  accessText,
  CodedError,
  formatIssues,
  type Issue,
  type Json,
  printable,
} from "../core/base/mod.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  CHECKPOINT_UNREADABLE: "A file of weights cannot be read or written.",
  CONTRIBUTION_INVALID: "A sandbox sent a contribution that is malformed.",
  ECOSYSTEM_CLOSED: "An ecosystem was used after its end.",
  GRAPH_UNREADABLE: "The files of a saved graph cannot be read or written.",
  INPUTS_NOT_TRACED:
    "A sandboxed operator was called with more inputs than it was recorded with.",
  KERNEL_REVOKED: "An operator's kernel went with the plugin that brought it.",
  PLUGIN_SYSTEM_ALREADY_INITIALIZED:
    "The default ecosystem was made with other options.",
} as const;

/** A failure of the composition root. */
export class RuntimeError extends CodedError<keyof typeof ERROR_CODES> {
  /** Name of the class. */
  override readonly name: string = "RuntimeError";
}

/**
 * Builds the error for a call of an operator with more inputs than it was recorded with.
 *
 * @param operator Name of the operator.
 * @param found How many it was given.
 * @param most With how many it was recorded at most.
 * @returns The error, for the caller to throw.
 */
export function inputsNotTraced(
  operator: string,
  found: number,
  most: number,
): RuntimeError {
  return new RuntimeError(
    "INPUTS_NOT_TRACED",
    `Cannot apply ${operator} to ${found} inputs: found more than it was recorded with in its sandbox, wanted at most ${most}`,
    { operator, found, most },
  );
}

/**
 * Builds the error for data from a sandbox that is not what it should be.
 *
 * @param what What it should be.
 * @param problem What was found and what was wanted.
 * @returns The error, for the caller to throw.
 */
export function contributionInvalid(
  what: string,
  problem: z.ZodError | string,
): RuntimeError {
  const issues: Issue[] = typeof problem === "string"
    ? [{ code: "CONTRIBUTION", path: "", message: problem }]
    : problem.issues.map(({ path, message }) => ({
      code: "CONTRIBUTION",
      path: path.join("."),
      message,
    }));
  return new RuntimeError(
    "CONTRIBUTION_INVALID",
    `Cannot read a contribution as ${what}: ${
      printable(formatIssues(issues).replaceAll("\n", ", "))
    }`,
    { what, issues: issues.map((issue): Json => ({ ...issue })) },
  );
}

/**
 * Builds the error for a file of weights that cannot be read or written.
 *
 * @param path The file.
 * @param cause What the system said.
 * @returns The error, for the caller to throw.
 */
export function checkpointUnreadable(
  path: string,
  cause: unknown,
): RuntimeError {
  const reason = accessText(accessProblem(cause));
  return new RuntimeError(
    "CHECKPOINT_UNREADABLE",
    `Cannot access weights in ${JSON.stringify(path)}: ${printable(reason)}`,
    { path, reason: printable(reason) },
    { cause },
  );
}

/**
 * Builds the error for a default ecosystem that is there already and was made otherwise.
 *
 * @param options Names of the options that differ.
 * @returns The error, for the caller to throw.
 */
export function pluginSystemAlreadyInitialized(
  options: readonly string[],
): RuntimeError {
  return new RuntimeError(
    "PLUGIN_SYSTEM_ALREADY_INITIALIZED",
    `Cannot make the default ecosystem again: found other values of ${
      options.join(", ")
    }, wanted those it was made with`,
    { options: [...options] },
  );
}

/**
 * Builds the error for an ecosystem that is used after its end.
 *
 * @param operation What was to be done.
 * @returns The error, for the caller to throw.
 */
export function ecosystemClosed(operation: string): RuntimeError {
  return new RuntimeError(
    "ECOSYSTEM_CLOSED",
    `Cannot ${operation}: the ecosystem has been disposed`,
    { operation },
  );
}

/**
 * Builds the error for files of a graph that cannot be read or written.
 *
 * @param path The files, without their endings.
 * @param cause What the system said.
 * @returns The error, for the caller to throw.
 */
export function graphUnreadable(path: string, cause: unknown): RuntimeError {
  const reason = accessText(accessProblem(cause));
  return new RuntimeError(
    "GRAPH_UNREADABLE",
    `Cannot access a graph in ${JSON.stringify(path)}: ${printable(reason)}`,
    { path, reason: printable(reason) },
    { cause },
  );
}

/**
 * Builds the error for a kernel whose plugin is gone.
 *
 * @param operator Name of the operator.
 * @param cause What the call of the kernel ended with.
 * @returns The error, for the caller to throw.
 */
export function kernelRevoked(operator: string, cause: unknown): RuntimeError {
  return new RuntimeError(
    "KERNEL_REVOKED",
    `Cannot compute ${operator}: its kernel went with the plugin that brought it`,
    { operator },
    { cause },
  );
}
