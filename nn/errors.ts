/**
 * What can go wrong with models: their parameters, data, configs, pipelines and files.
 *
 * @module
 */
import {
  CodedError,
  formatIssues,
  type Issue,
  type Json,
  printable,
} from "../core/base/mod.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  CHECKPOINT_INVALID: "Bytes are no checkpoint of this training.",
  DATA_EMPTY: "Training or evaluation was given no samples.",
  DATA_INVALID: "A dataset's arrays do not fit each other.",
  DATA_UNREADABLE: "A file of data is not what it should be.",
  DATA_WORKER_FAILED: "A worker could not change an item of data.",
  GGUF_INVALID: "Bytes are no GGUF file, or one of a kind that is not read.",
  GRAPH_FILE_INVALID: "A saved graph cannot be written or read.",
  MODULE_EXISTS: "A module type's name is taken.",
  MODULE_FACTORY_FAILED: "A module type's own code failed.",
  MODULE_INVALID: "A module type's definition does not hold together.",
  MODULE_LOOP: "Factories of modules create each other without end.",
  MODULE_OWNED: "A plugin's module type can be removed by the plugin only.",
  MODULE_PROTECTED: "A built-in module type cannot be removed.",
  MODULE_UNKNOWN: "No module type has that name.",
  NOT_SERIALIZABLE: "A model has a part that cannot be written down.",
  PIPELINE_INVALID: "The description of a model breaks the rules.",
  SAFETENSORS_INVALID: "Bytes or tensors do not make a safetensors file.",
  STEP_NOT_FINITE: "A step of training gave numbers that are not finite.",
  STATE_DICT_MISMATCH: "A state dict does not fit the model.",
} as const;

/**
 * A stable, machine-readable name of one failure of this layer. `CONFIG_INVALID` is shared with the
 * plugin system, where it has its page: a plugin's settings and a module's fail alike.
 */
export type NnErrorCode = keyof typeof ERROR_CODES | "CONFIG_INVALID";

/** A model, or something a model is made from, that does not work. */
export class NnError extends CodedError<NnErrorCode> {
  /** Name of the class. */
  override readonly name: string = "NnError";
}

/** Most issues that a message spells out; the details have them all. */
const ISSUES_SHOWN_MAX = 20;

/**
 * Builds the error for bytes that are no checkpoint, or one of something else.
 *
 * @param problem What was found and what was wanted.
 * @param options What caused it, if that was another error.
 * @returns The error, for the caller to throw.
 */
export function checkpointInvalid(
  problem: string,
  options?: ErrorOptions,
): NnError {
  return new NnError(
    "CHECKPOINT_INVALID",
    `Cannot resume training: ${problem}`,
    { problem },
    options,
  );
}

/** Where the numbers of a step stop being finite. */
export interface NonFiniteCause {
  /** The part of the computation, and what goes into it. */
  readonly node: string;
  /** What depends on it: the loss, or a slope. */
  readonly where: string;
  /** `NaN` or an infinity. */
  readonly value: number;
}

/**
 * Builds the error for a step whose numbers are not finite.
 *
 * @param cause The first part that is not; `undefined` if each is finite when computed on its own.
 * @returns The error, for the caller to throw.
 */
export function stepNotFinite(cause: NonFiniteCause | undefined): NnError {
  const found = cause
    ? `found ${cause.value} in ${cause.node}, on the way to the ${cause.where}`
    : "found numbers that are not finite, in no single part of it";
  return new NnError(
    "STEP_NOT_FINITE",
    `Cannot take a step: ${found}, wanted finite numbers`,
    { ...cause && { ...cause, value: String(cause.value) } },
  );
}

/**
 * Builds the error for a description of a model with problems.
 *
 * @param issues The problems.
 * @returns The error, for the caller to throw.
 */
export function pipelineInvalid(issues: readonly Issue[]): NnError {
  return new NnError(
    "PIPELINE_INVALID",
    `Cannot read a pipeline: ${issuesAsText(issues)}`,
    { issues: issuesAsJson(issues) },
  );
}

/**
 * Builds the error for a model that cannot be described.
 *
 * @param path The part that cannot.
 * @param found What it is.
 * @returns The error, for the caller to throw.
 */
export function notSerializable(path: string, found: string): NnError {
  const problem = printable(found, 200);
  return new NnError(
    "NOT_SERIALIZABLE",
    `Cannot describe ${quoted(path)}: found ${problem}`,
    { path, problem },
  );
}

/**
 * Builds the error for a graph that cannot be written or read.
 *
 * @param action What was attempted, `read`.
 * @param issues The problems.
 * @returns The error, for the caller to throw.
 */
export function graphFileInvalid(
  action: "read" | "write",
  issues: readonly Issue[],
): NnError {
  return new NnError(
    "GRAPH_FILE_INVALID",
    `Cannot ${action} a graph: ${issuesAsText(issues)}`,
    { issues: issuesAsJson(issues) },
  );
}

/**
 * Builds the error for bytes or tensors that do not make a safetensors file.
 *
 * @param action What was attempted, `read`.
 * @param issues The problems.
 * @returns The error, for the caller to throw.
 */
export function safetensorsInvalid(
  action: "read" | "write",
  issues: readonly Issue[],
): NnError {
  return new NnError(
    "SAFETENSORS_INVALID",
    `Cannot ${action} safetensors: ${issuesAsText(issues)}`,
    { issues: issuesAsJson(issues) },
  );
}

/**
 * Builds the error for bytes that are no GGUF file.
 *
 * @param issues The problems.
 * @returns The error, for the caller to throw.
 */
export function ggufInvalid(issues: readonly Issue[]): NnError {
  return new NnError(
    "GGUF_INVALID",
    `Cannot read GGUF: ${issuesAsText(issues)}`,
    { issues: issuesAsJson(issues) },
  );
}

/** How a state dict and a model differ. */
export interface StateDictDifference {
  /** Names that the model has and the state dict lacks. */
  readonly missing: readonly string[];
  /** Names that the state dict has and the model lacks. */
  readonly unexpected: readonly string[];
  /** Names of both whose dtype or shape differ. */
  readonly mismatched: readonly {
    /** The name. */
    readonly name: string;
    /** Dtype and shape in the state dict. */
    readonly found: string;
    /** Dtype and shape in the model. */
    readonly wanted: string;
  }[];
}

/**
 * Builds the error for a state dict that does not fit.
 *
 * @param difference How it differs from the model.
 * @returns The error, for the caller to throw.
 */
export function stateDictMismatch(
  { missing, unexpected, mismatched }: StateDictDifference,
): NnError {
  const problems = [
    ...missing.map((name) => `${quoted(name)} is missing`),
    ...unexpected.map((name) => `${quoted(name)} is not expected`),
    ...mismatched.map(({ name, found, wanted }) =>
      `${quoted(name)} is ${found}, wanted ${wanted}`
    ),
  ];
  return new NnError(
    "STATE_DICT_MISMATCH",
    `Cannot load a state dict: ${problems.join("; ")}`,
    {
      missing,
      unexpected,
      mismatched: mismatched.map((entry) => ({ ...entry })),
    },
  );
}

/**
 * Writes a name for a message.
 *
 * @param name The name.
 * @returns The name in quotes, printable.
 */
export function quoted(name: string): string {
  return `"${printable(name, 200)}"`;
}

/**
 * Writes issues for a message.
 *
 * @param issues The issues.
 * @returns The first of them, and how many more there are.
 */
export function issuesAsText(issues: readonly Issue[]): string {
  const shown = formatIssues(issues.slice(0, ISSUES_SHOWN_MAX));
  const hidden = issues.length - ISSUES_SHOWN_MAX;
  return hidden > 0 ? `${shown}\nand ${hidden} more` : shown;
}

/**
 * Writes issues for an error's details.
 *
 * @param issues The issues.
 * @returns All of them, as plain data.
 */
export function issuesAsJson(issues: readonly Issue[]): Json {
  return issues.map((issue) => ({ ...issue }));
}
