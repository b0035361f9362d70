/**
 * What can go wrong with data: its samples, its arrays, its files.
 *
 * @module
 */
import { type JsonObject, printable } from "../../core/base/mod.ts";
import { NnError } from "../errors.ts";

/**
 * Builds the error for data without samples.
 *
 * @param action What was attempted, `train`.
 * @returns The error, for the caller to throw.
 */
export function dataEmpty(action: string): NnError {
  return new NnError(
    "DATA_EMPTY",
    `Cannot ${action}: found 0 batches, wanted at least 1`,
    { action },
  );
}

/**
 * Builds the error for arrays that do not fit each other.
 *
 * @param problem What was found and what was wanted.
 * @param details The values the message was made from.
 * @returns The error, for the caller to throw.
 */
export function dataInvalid(problem: string, details: JsonObject): NnError {
  return new NnError(
    "DATA_INVALID",
    `Cannot make a dataset: ${problem}`,
    details,
  );
}

/**
 * Builds the error for a worker that could not change an item.
 *
 * @param module The module that it runs.
 * @param reason What went wrong.
 * @param item Which item it was, from 0; nothing if it is the worker itself.
 * @returns The error, for the caller to throw.
 */
export function dataWorkerFailed(
  module: string,
  reason: string,
  item?: number,
): NnError {
  const shown = printable(reason);
  const what = item === undefined ? "data" : `item ${item}`;
  return new NnError(
    "DATA_WORKER_FAILED",
    `Cannot change ${what} in a worker of ${JSON.stringify(module)}: ${shown}`,
    { module, reason: shown, ...item === undefined ? {} : { item } },
  );
}

/** Where data is wrong. */
export interface DataPlace {
  /** The file, or what stands for one. */
  readonly name: string;
  /** The line, from 1. */
  readonly line?: number;
  /** The column: from 1, or its name. */
  readonly column?: number | string;
}

/**
 * Builds the error for a file of data that cannot be read.
 *
 * @param place Where it is wrong.
 * @param problem What was found and what was wanted.
 * @param options What caused it, if that was another error.
 * @returns The error, for the caller to throw.
 */
export function dataUnreadable(
  place: DataPlace,
  problem: string,
  options?: ErrorOptions,
): NnError {
  const { name, line, column } = place;
  const parts = [name, line, column].filter((part) => part !== undefined);
  const shown = printable(parts.join(":"), 200);
  return new NnError(
    "DATA_UNREADABLE",
    `Cannot read ${shown}: ${printable(problem)}`,
    { ...place },
    options,
  );
}
