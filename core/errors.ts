/**
 * What can go wrong when plugins come and go, and the error that the whole plugin system throws.
 *
 * Every failure that a caller may want to branch on has a stable code; its page is
 * `docs/errors/<CODE>.md`. Events, dependencies and the plugin's own door to the host have tables
 * of their own, in `events/`, `resolve/` and `plugin/`.
 *
 * @module
 */
import {
  CodedError,
  didYouMean,
  formatIssues,
  type Issue,
  type Json,
  printable,
} from "./base/mod.ts";

/** The codes of the plugin registry, with the line their pages open with. */
export const ERROR_CODES = {
  ENGINE_INCOMPATIBLE:
    "A plugin does not work with this version of the library.",
  PLUGIN_ALREADY_REGISTERED: "A plugin with this id is active already.",
  PLUGIN_DUPLICATE: "One set of plugins names the same id twice.",
  PLUGIN_HAS_DEPENDENTS: "A plugin cannot go while others depend on it.",
  PLUGIN_HOOK_FAILED: "A plugin's own code threw or rejected.",
  PLUGIN_HOOK_TIMEOUT: "A plugin's hook took longer than it may.",
  PLUGIN_IN_TRANSITION: "A plugin is just being loaded, replaced or unloaded.",
  PLUGIN_LOAD_FAILED: "A plugin's code failed while it was being loaded.",
  PLUGIN_METADATA_INVALID: "A plugin's metadata breaks the rules.",
  PLUGIN_NOT_FOUND: "No active plugin has this id.",
  PLUGIN_NOT_INLINE: "The plugin's object lives in another process.",
  PLUGIN_UNLOAD_FAILED: "A plugin is gone, but its end was not clean.",
  REGISTRY_CLOSED: "The registry has been shut down.",
} as const;

/** A stable, machine-readable name of one failure of the plugin registry. */
export type RegistryErrorCode = keyof typeof ERROR_CODES;

/** What every error of the plugin system carries besides its message. */
export class PluginError extends CodedError {
  /** Name of the class. */
  override readonly name: string = "PluginError";
}

/**
 * Puts a foreign name between quotes, without the characters that could imitate other text.
 *
 * @param name An id or a name from a plugin.
 * @returns The name, cleaned and quoted.
 */
export function quoted(name: string): string {
  return `"${printable(name, 200)}"`;
}

/**
 * Puts several foreign names between quotes.
 *
 * @param names The names.
 * @returns `"a", "b"`.
 */
export function quotedList(names: readonly string[]): string {
  return names.map(quoted).join(", ");
}

/** One thing that went wrong with one plugin, as plain data. */
export interface PluginFailure {
  /** Id of the plugin. */
  readonly id: string;
  /** What was being done, `onUnload`. */
  readonly phase: string;
  /** Code of the failure. */
  readonly code: string;
  /** What it said. */
  readonly message: string;
}

/**
 * Writes a failure as plain data.
 *
 * @param failure The failure.
 * @returns Its fields.
 */
export function failureAsJson(
  { id, phase, code, message }: PluginFailure,
): Json {
  return { id, phase, code, message };
}

/**
 * Builds the error for a plugin made for another version of the library.
 *
 * @param id Id of the plugin.
 * @param wanted The range it works with.
 * @param found The library's version.
 * @returns The error, for the caller to throw.
 */
export function engineIncompatible(
  id: string,
  wanted: string,
  found: string,
): PluginError {
  return new PluginError(
    "ENGINE_INCOMPATIBLE",
    `Cannot load plugin ${quoted(id)}: it works with spiraltorch ${
      printable(wanted)
    }, found ${found}`,
    { id, wanted, found },
  );
}

/**
 * Builds the error for an id that is taken.
 *
 * @param id Id of the plugin.
 * @param version Version of the plugin that has it.
 * @returns The error, for the caller to throw.
 */
export function pluginAlreadyRegistered(
  id: string,
  version: string,
): PluginError {
  return new PluginError(
    "PLUGIN_ALREADY_REGISTERED",
    `Cannot load plugin ${quoted(id)}: version ${version} of it is active`,
    { id, version },
  );
}

/**
 * Builds the error for a set of plugins in which an id occurs twice.
 *
 * @param id The id.
 * @returns The error, for the caller to throw.
 */
export function pluginDuplicate(id: string): PluginError {
  return new PluginError(
    "PLUGIN_DUPLICATE",
    `Cannot load plugin ${
      quoted(id)
    }: the set names it twice, wanted each id once`,
    { id },
  );
}

/**
 * Builds the error for a plugin that others need.
 *
 * @param id Id of the plugin.
 * @param dependents Ids of those that need it, directly or through others, sorted.
 * @returns The error, for the caller to throw.
 */
export function pluginHasDependents(
  id: string,
  dependents: readonly string[],
): PluginError {
  return new PluginError(
    "PLUGIN_HAS_DEPENDENTS",
    `Cannot unload plugin ${quoted(id)}: ${
      quotedList(dependents)
    } depend on it, wanted none or cascade`,
    { id, dependents },
  );
}

/**
 * Builds the error for a hook that took too long.
 *
 * @param id Id of the plugin.
 * @param hook Name of the hook, `onLoad`.
 * @param timeoutMs How long it may take, in milliseconds.
 * @returns The error, for the caller to throw.
 */
export function pluginHookTimeout(
  id: string,
  hook: string,
  timeoutMs: number,
): PluginError {
  return new PluginError(
    "PLUGIN_HOOK_TIMEOUT",
    `Cannot wait for ${hook} of plugin ${
      quoted(id)
    }: it takes longer than ${timeoutMs} ms`,
    { id, hook, timeoutMs },
  );
}

/**
 * Builds the error for a plugin that is coming or going.
 *
 * @param operation What was attempted, `load`.
 * @param id Id of the plugin.
 * @param state Where it stands.
 * @returns The error, for the caller to throw.
 */
export function pluginInTransition(
  operation: string,
  id: string,
  state: string,
): PluginError {
  return new PluginError(
    "PLUGIN_IN_TRANSITION",
    `Cannot ${operation} plugin ${quoted(id)}: it is ${state}`,
    { id, state },
  );
}

/** How a load failed. */
export interface LoadFailure {
  /** Id of the plugin. */
  readonly id: string;
  /** What was being done, `onLoad`. */
  readonly phase: string;
  /** Code and words of the failure itself. */
  readonly reason: { readonly code: string; readonly message: string };
  /** What went wrong while the load was undone. */
  readonly rollbackErrors: readonly PluginFailure[];
}

/**
 * Builds the error for a plugin whose code failed while it was loaded.
 *
 * @param failure How it failed.
 * @param cause What it threw.
 * @returns The error, for the caller to throw.
 */
export function pluginLoadFailed(
  { id, phase, reason, rollbackErrors }: LoadFailure,
  cause: unknown,
): PluginError {
  return new PluginError(
    "PLUGIN_LOAD_FAILED",
    `Cannot load plugin ${quoted(id)}: ${phase} failed, ${reason.message}`,
    {
      id,
      phase,
      reason: { ...reason },
      rollbackErrors: rollbackErrors.map(failureAsJson),
    },
    { cause },
  );
}

/**
 * Builds the error for metadata that breaks the rules.
 *
 * @param issues Every rule that it breaks.
 * @param options What reading it threw, if it did.
 * @returns The error, for the caller to throw.
 */
export function pluginMetadataInvalid(
  issues: readonly Issue[],
  options?: ErrorOptions,
): PluginError {
  return new PluginError(
    "PLUGIN_METADATA_INVALID",
    `Cannot read plugin metadata: ${formatIssues(issues)}`,
    { issues: issues.map((issue) => ({ ...issue })) },
    options,
  );
}

/**
 * Builds the error for an id that no active plugin has.
 *
 * @param operation What was attempted, `unload`.
 * @param id The id.
 * @param suggestions Ids that look like it.
 * @returns The error, for the caller to throw.
 */
export function pluginNotFound(
  operation: string,
  id: string,
  suggestions: readonly string[],
): PluginError {
  return new PluginError(
    "PLUGIN_NOT_FOUND",
    `Cannot ${operation} plugin ${quoted(id)}: no such plugin is active${
      suggestions.length === 0 ? "" : `, ${didYouMean(suggestions)}`
    }`,
    { id, suggestions },
  );
}

/**
 * Builds the error for a plugin whose object is out of reach.
 *
 * @param id Id of the plugin.
 * @param isolation How far it is kept from the host.
 * @returns The error, for the caller to throw.
 */
export function pluginNotInline(id: string, isolation: string): PluginError {
  return new PluginError(
    "PLUGIN_NOT_INLINE",
    `Cannot hand out the object of plugin ${
      quoted(id)
    }: found isolation "${isolation}", wanted "inline"`,
    { id, isolation },
  );
}

/**
 * Builds the error for plugins that are gone but did not go cleanly.
 *
 * @param unloaded Ids of the plugins that are gone, in order.
 * @param failures What went wrong.
 * @param cause What was thrown.
 * @returns The error, for the caller to throw.
 */
export function pluginUnloadFailed(
  unloaded: readonly string[],
  failures: readonly PluginFailure[],
  cause: unknown,
): PluginError {
  const words = failures.map(({ id, phase, message }) =>
    `${phase} of ${quoted(id)} failed, ${message}`
  );
  return new PluginError(
    "PLUGIN_UNLOAD_FAILED",
    `Cannot unload cleanly ${quotedList(unloaded)}: ${words.join("; ")}`,
    { unloaded, failures: failures.map(failureAsJson) },
    { cause },
  );
}

/**
 * Builds the error for a registry that takes no more work.
 *
 * @param operation What was attempted, `load a plugin`.
 * @returns The error, for the caller to throw.
 */
export function registryClosed(operation: string): PluginError {
  return new PluginError(
    "REGISTRY_CLOSED",
    `Cannot ${operation}: the registry has been shut down`,
    { operation },
  );
}
