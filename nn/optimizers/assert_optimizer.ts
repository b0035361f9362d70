import { invalidOption } from "../../core/base/mod.ts";
import type { Optimizer } from "./optimizer.ts";

/** What an {@linkcode Optimizer} is, in words. */
export const OPTIMIZER_WANTED =
  "an object with learningRate, initialState and update";

/**
 * Tells whether something is an optimizer.
 *
 * @param value Whatever it is.
 * @returns Whether it has what an optimizer needs.
 */
export function isOptimizer(value: unknown): value is Optimizer {
  return typeof value === "object" && value !== null &&
    "learningRate" in value && typeof value.learningRate === "number" &&
    "initialState" in value && typeof value.initialState === "function" &&
    "update" in value && typeof value.update === "function";
}

/**
 * Requires an optimizer.
 *
 * @param owner What takes it, for the message.
 * @param value What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is none.
 */
export function assertOptimizer(owner: string, value: unknown): void {
  if (isOptimizer(value)) return;
  throw invalidOption(`optimizer of ${owner}`, value, OPTIMIZER_WANTED);
}
