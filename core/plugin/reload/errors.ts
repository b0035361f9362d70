/**
 * What can go wrong when a new version of a plugin is to take the old one's place.
 *
 * @module
 */
import {
  failureAsJson,
  type LoadFailure,
  PluginError,
  quoted,
} from "../../errors.ts";

/** The codes of reloads, with the line their pages open with. */
export const ERROR_CODES = {
  PLUGIN_UNHEALTHY: "A new version of a plugin says that it does not work.",
  RELOAD_FAILED: "A new version of a plugin failed; the old one runs on.",
  RELOAD_ID_MISMATCH: "A plugin cannot be replaced by one with another id.",
} as const;

/** A stable, machine-readable name of one failure of a reload. */
export type ReloadErrorCode = keyof typeof ERROR_CODES;

/** How a reload failed. */
export interface ReloadFailure extends LoadFailure {
  /** The version that runs on. */
  readonly version: string;
}

/**
 * Builds the error for a new version of a plugin that failed before it could take the old one's
 * place.
 *
 * @param failure How it failed.
 * @param cause What it threw.
 * @returns The error, for the caller to throw.
 */
export function reloadFailed(
  { id, version, phase, reason, rollbackErrors }: ReloadFailure,
  cause: unknown,
): PluginError {
  return new PluginError(
    "RELOAD_FAILED",
    `Cannot reload plugin ${
      quoted(id)
    }: ${phase} failed, ${reason.message}, version ${version} runs on`,
    {
      id,
      version,
      phase,
      reason: { ...reason },
      rollbackErrors: rollbackErrors.map(failureAsJson),
    },
    { cause },
  );
}

/**
 * Builds the error for a plugin that cannot take the place of another.
 *
 * @param id Id of the plugin that is there.
 * @param found Id of what was to take its place.
 * @returns The error, for the caller to throw.
 */
export function reloadIdMismatch(id: string, found: string): PluginError {
  return new PluginError(
    "RELOAD_ID_MISMATCH",
    `Cannot reload plugin ${quoted(id)}: found one with id ${
      quoted(found)
    }, wanted the same id`,
    { id, found },
  );
}

/**
 * Builds the error for a new version of a plugin that says it does not work.
 *
 * @param id Id of the plugin.
 * @returns The error, for the caller to throw.
 */
export function pluginUnhealthy(id: string): PluginError {
  return new PluginError(
    "PLUGIN_UNHEALTHY",
    `Cannot use the new version of plugin ${
      quoted(id)
    }: its healthCheck gave false`,
    { id },
  );
}
