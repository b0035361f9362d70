/**
 * What can go wrong at a plugin's door to the host.
 *
 * @module
 */
import { didYouMean, formatIssues, type Issue } from "../base/mod.ts";
import { PluginError, quoted, quotedList } from "../errors.ts";

/** The codes of the plugin context, with the line their pages open with. */
export const ERROR_CODES = {
  CONFIG_INVALID: "A setting has a name or a value that it cannot have.",
  CONFIG_OWNED: "A shared setting belongs to another plugin.",
  CONTEXT_DISPOSED: "A plugin used its context after it was gone.",
  CONTRIBUTION_POINT_MISSING:
    "The registry has no slot for what a plugin wants to add.",
  SERVICE_AMBIGUOUS: "Several plugins offer a service of this name.",
  SERVICE_EXISTS: "The plugin offers a service of this name already.",
  SERVICE_MISSING: "Nobody offers a service of this name.",
  SERVICE_REVOKED: "A service is gone, and its user does not know it.",
  SERVICE_TYPE_MISMATCH: "A service is not what its user expects.",
  SERVICE_VERSION: "A service has another version than its user works with.",
} as const;

/** A stable, machine-readable name of one failure at the plugin context. */
export type ContextErrorCode = keyof typeof ERROR_CODES;

/**
 * Builds the error for settings that cannot be kept.
 *
 * @param pluginId Id of the plugin whose settings they are.
 * @param issues What is wrong with them.
 * @returns The error, for the caller to throw.
 */
export function configInvalid(
  pluginId: string,
  issues: readonly Issue[],
): PluginError {
  return new PluginError(
    "CONFIG_INVALID",
    `Cannot configure plugin ${quoted(pluginId)}: ${formatIssues(issues)}`,
    { pluginId, issues: issues.map((issue) => ({ ...issue })) },
  );
}

/**
 * Builds the error for a shared setting of another plugin.
 *
 * @param key Name of the setting.
 * @param owner Id of the plugin that has set it.
 * @param pluginId Id of the plugin that wants to change it.
 * @returns The error, for the caller to throw.
 */
export function configOwned(
  key: string,
  owner: string,
  pluginId: string,
): PluginError {
  return new PluginError(
    "CONFIG_OWNED",
    `Cannot change shared setting ${quoted(key)} for plugin ${
      quoted(pluginId)
    }: it belongs to ${quoted(owner)}`,
    { key, owner, pluginId },
  );
}

/**
 * Builds the error for a plugin that is gone and does not know it.
 *
 * @param pluginId Id of the plugin.
 * @returns The error, for the caller to throw.
 */
export function contextDisposed(pluginId: string): PluginError {
  return new PluginError(
    "CONTEXT_DISPOSED",
    `Cannot use the context of plugin ${quoted(pluginId)}: the plugin is gone`,
    { pluginId },
  );
}

/**
 * Builds the error for a slot that this registry does not have.
 *
 * @param pluginId Id of the plugin that wants to add to it.
 * @param point Name of the slot.
 * @param known Names of the slots there are.
 * @returns The error, for the caller to throw.
 */
export function contributionPointMissing(
  pluginId: string,
  point: string,
  known: readonly string[],
): PluginError {
  return new PluginError(
    "CONTRIBUTION_POINT_MISSING",
    `Cannot add to ${quoted(point)} for plugin ${
      quoted(pluginId)
    }: the registry has ${quotedList(known) || "no contribution points"}`,
    { pluginId, point, known },
  );
}

/**
 * Builds the error for a bare service name that several plugins use.
 *
 * @param name The name.
 * @param providers Qualified names of the candidates, sorted.
 * @returns The error, for the caller to throw.
 */
export function serviceAmbiguous(
  name: string,
  providers: readonly string[],
): PluginError {
  return new PluginError(
    "SERVICE_AMBIGUOUS",
    `Cannot choose service ${quoted(name)}: found ${
      quotedList(providers)
    }, wanted one of them by its full name`,
    { name, providers },
  );
}

/**
 * Builds the error for a service name that its plugin has used up.
 *
 * @param name Qualified name of the service.
 * @returns The error, for the caller to throw.
 */
export function serviceExists(name: string): PluginError {
  return new PluginError(
    "SERVICE_EXISTS",
    `Cannot provide service ${
      quoted(name)
    }: it is there already, wanted a new name or replace`,
    { name },
  );
}

/**
 * Builds the error for a service that nobody offers.
 *
 * @param name The name that was asked for.
 * @param suggestions Names that look like it.
 * @returns The error, for the caller to throw.
 */
export function serviceMissing(
  name: string,
  suggestions: readonly string[],
): PluginError {
  return new PluginError(
    "SERVICE_MISSING",
    `Cannot find service ${quoted(name)}: nobody provides it${
      suggestions.length === 0 ? "" : `, ${didYouMean(suggestions)}`
    }`,
    { name, suggestions },
  );
}

/**
 * Builds the error for a service that was there when its user began to use it.
 *
 * @param name Qualified name of the service.
 * @returns The error, for the caller to throw.
 */
export function serviceRevoked(name: string): PluginError {
  return new PluginError(
    "SERVICE_REVOKED",
    `Cannot use service ${quoted(name)}: its provider has taken it back`,
    { name },
  );
}

/**
 * Builds the error for a service of a version that its user does not work with.
 *
 * @param name Qualified name of the service.
 * @param versions The range that was asked for, and the version there is.
 * @returns The error, for the caller to throw.
 */
export function serviceVersion(
  name: string,
  { wanted, found }: { readonly wanted: string; readonly found: string },
): PluginError {
  return new PluginError(
    "SERVICE_VERSION",
    `Cannot use service ${quoted(name)}: found version ${found}, wanted ${
      quoted(wanted)
    }`,
    { name, wanted, found },
  );
}

/**
 * Builds the error for a service that its user's guard refuses.
 *
 * @param name Qualified name of the service.
 * @param options What the guard threw, if it did.
 * @returns The error, for the caller to throw.
 */
export function serviceTypeMismatch(
  name: string,
  options?: ErrorOptions,
): PluginError {
  return new PluginError(
    "SERVICE_TYPE_MISMATCH",
    `Cannot use service ${
      quoted(name)
    }: found an object that the guard refuses`,
    { name },
    options,
  );
}
