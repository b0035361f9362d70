/**
 * What can go wrong where the host does something for a plugin.
 *
 * @module
 */
import { printable } from "../../base/mod.ts";
import { PluginError } from "../../errors.ts";

/** The codes of the gate, with the line their pages open with. */
export const ERROR_CODES = {
  GATE_DENIED: "A plugin asked the host for something that it was not granted.",
  GATE_FAILED: "The host could not do what a plugin asked it for.",
} as const;

/** A stable, machine-readable name of one failure of the gate. */
export type GateErrorCode = keyof typeof ERROR_CODES;

/**
 * Builds the error for something that a plugin was not granted.
 *
 * @param resource What it asked for, `fetch https://api.example:443/v1`.
 * @param rule The rule that refuses it.
 * @returns The error, for the caller to throw.
 */
export function gateDenied(resource: string, rule: string): PluginError {
  const shown = printable(resource, 300);
  return new PluginError(
    "GATE_DENIED",
    `Cannot ${shown} for a plugin: refused by ${printable(rule, 300)}`,
    { resource: shown, rule },
  );
}

/**
 * Builds the error for something that was granted and failed.
 *
 * @param resource What was asked for.
 * @param found What came of it, in words.
 * @returns The error, for the caller to throw.
 */
export function gateFailed(resource: string, found: string): PluginError {
  const shown = printable(resource, 300);
  const why = printable(found, 300);
  return new PluginError(
    "GATE_FAILED",
    `Cannot ${shown} for a plugin: found ${why}`,
    { resource: shown, found: why },
  );
}
