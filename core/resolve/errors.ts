/**
 * What can go wrong between plugins that need each other.
 *
 * @module
 */
import { didYouMean, type Json } from "../base/mod.ts";
import { PluginError, quoted, quotedList } from "../errors.ts";
import type { DependencyFailure } from "./check_dependencies.ts";
import type { Derivation, Fix } from "./derivation.ts";
import { explainFailure } from "./explain_failure.ts";

/** The codes of dependencies, with the line their pages open with. */
export const ERROR_CODES = {
  DEPENDENCY_CYCLE: "Plugins depend on each other in a circle.",
  DEPENDENCY_MISSING: "A plugin needs another one that is not there.",
  DEPENDENCY_NOT_READY: "A plugin needs another one that is coming or going.",
  DEPENDENCY_VERSION: "A plugin needs another version of a plugin.",
  RESOLUTION_FAILED: "No choice of versions satisfies all that is asked for.",
  RESOLUTION_LIMIT: "Picking versions takes more steps than it may.",
} as const;

/** A stable, machine-readable name of one failure between plugins. */
export type DependencyErrorCode = keyof typeof ERROR_CODES;

/**
 * Builds the error for plugins that depend on each other in a circle.
 *
 * @param cycle The circle: each depends on the next, the last on the first.
 * @returns The error, for the caller to throw.
 */
export function dependencyCycle(cycle: readonly string[]): PluginError {
  return new PluginError(
    "DEPENDENCY_CYCLE",
    `Cannot order plugins ${quotedList(cycle)}: they depend in a circle, ${
      [...cycle, ...cycle.slice(0, 1)].map(quoted).join(" -> ")
    }`,
    { cycle },
  );
}

/**
 * Builds the error for dependencies that do not hold: one error for all of them, with the code of
 * the first.
 *
 * @param failures What does not hold; at least one.
 * @returns The error, for the caller to throw.
 */
export function dependenciesFailed(
  failures: readonly [DependencyFailure, ...DependencyFailure[]],
): PluginError {
  const [first] = failures;
  const words = failures.map(inWords);
  return new PluginError(
    first.code,
    `Cannot load plugin ${quoted(first.id)}: ${
      words.map((text, index) =>
        failures[index]!.id === first.id
          ? `it ${text}`
          : `plugin ${quoted(failures[index]!.id)} ${text}`
      ).join("; ")
    }`,
    { ...asJson(first), failures: failures.map(asJson) },
  );
}

/** What does not hold, `depends on "acme.activations" ^2.0.0, found 1.0.0`. */
function inWords(failure: DependencyFailure): string {
  const { dependency, wanted, found, state, suggestions } = failure;
  const need = `depends on ${quoted(dependency)} ${wanted}`;
  switch (failure.code) {
    case "DEPENDENCY_MISSING":
      return `${need}, found no such plugin${
        suggestions.length === 0 ? "" : `, ${didYouMean(suggestions)}`
      }`;
    case "DEPENDENCY_NOT_READY":
      return `${need}, found ${found}, which is ${state}`;
    case "DEPENDENCY_VERSION":
      return `${need}, found ${found}`;
    default:
      return failure.code satisfies never;
  }
}

function asJson(
  { code, id, dependency, wanted, found, state, suggestions }:
    DependencyFailure,
): { readonly [key: string]: Json } {
  return {
    id,
    code,
    dependency,
    wanted,
    ...found === undefined ? {} : { found },
    ...state === undefined ? {} : { state },
    suggestions,
  };
}

/**
 * Builds the error for requests that no choice of versions satisfies.
 *
 * @param derivation Why there is none.
 * @param fixes What was tried and would help.
 * @returns The error, for the caller to throw. Its message is the whole explanation.
 */
export function resolutionFailed(
  { kind, id, reasons, disputes }: Derivation,
  fixes: readonly Fix[],
): PluginError {
  const derivation = { kind, id, reasons, disputes };
  return new PluginError(
    "RESOLUTION_FAILED",
    `Cannot resolve plugins: ${explainFailure(derivation, fixes)}`,
    {
      derivation: {
        kind,
        id,
        reasons: reasons.map((reason) => ({ ...reason })),
        disputes: disputes.map(({ wanted, ...rest }) => ({
          ...rest,
          wanted: wanted.map((one) => ({ ...one })),
        })),
      },
      suggestions: fixes.map(({ text, change }) => ({ text, change })),
    },
  );
}

/**
 * Builds the error for a search that is not at its end when it has taken all the steps it may.
 *
 * @param stepsMax How many it may take.
 * @returns The error, for the caller to throw.
 */
export function resolutionLimit(stepsMax: number): PluginError {
  return new PluginError(
    "RESOLUTION_LIMIT",
    `Cannot resolve plugins: found neither a choice of versions nor a contradiction in ${stepsMax} steps`,
    { stepsMax },
  );
}
