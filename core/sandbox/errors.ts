/**
 * What can go wrong between a host and a plugin in a sandbox.
 *
 * Text that comes from the plugin is clipped and cleaned, and its codes are details, `pluginCode`:
 * a plugin cannot throw an error that looks like the host's.
 *
 * @module
 */
import { type Json, type JsonObject, printable } from "../base/mod.ts";
import { PluginError, quoted } from "../errors.ts";
import type { DataProblem } from "./plain_data.ts";
import { cleanWireError, type WireError } from "./wire_error.ts";

/** The codes of the sandbox, with the line their pages open with. */
export const ERROR_CODES = {
  ISOLATION_UNAVAILABLE: "A plugin cannot be isolated in the way it should be.",
  MESSAGE_INVALID: "A value cannot cross the border of a sandbox.",
  NO_PLUGIN_EXPORT: "A module's default export is not a plugin.",
  PLUGIN_IMPORT_FAILED: "A plugin's module could not be evaluated.",
  PLUGIN_THREW: "A plugin's own code threw an error.",
  SANDBOX_CALL_TIMEOUT: "A call into a sandboxed plugin took too long.",
  SANDBOX_DIED: "A plugin's sandbox has ended.",
  SANDBOX_START_FAILED: "A sandbox did not come up.",
  SERVICE_BUSY:
    "Too many calls of a sandboxed plugin, or by it, are under way.",
  SERVICE_FAILED: "A service threw an error without a code.",
  SERVICE_METHOD_UNKNOWN: "A service has no method of this name.",
  UNAVAILABLE_IN_SANDBOX: "A plugin used something that its sandbox lacks.",
} as const;

/** A stable, machine-readable name of one failure of the sandbox. */
export type SandboxErrorCode = keyof typeof ERROR_CODES;

/** How a sandbox ended. */
export interface Death {
  /** Why, in one word: `exit`, `signal`, `heap-limit`, `rss-limit`, `protocol`, `hook-timeout`, … */
  readonly reason: string;
  /** The exit status, where the process ended itself. */
  readonly exitCode?: number;
  /** The signal, where one ended it. */
  readonly signal?: string;
  /** The last words on its standard error stream, or of its last error. */
  readonly lastWords?: string;
  /** Whether it is a worker that could not be stopped: what it computes goes on in this process. */
  readonly isTainted?: true;
}

/**
 * Builds the error for a kind of isolation that cannot be had here.
 *
 * @param isolation The isolation wanted.
 * @param why Why it cannot be had.
 * @param options What caused it, if that was another error.
 * @returns The error, for the caller to throw.
 */
export function isolationUnavailable(
  isolation: string,
  why: string,
  options?: ErrorOptions,
): PluginError {
  return new PluginError(
    "ISOLATION_UNAVAILABLE",
    `Cannot load a plugin with isolation "${isolation}": ${why}`,
    { isolation, why },
    options,
  );
}

/**
 * Builds the error for a value that cannot cross the border.
 *
 * @param what What the value was meant as, `settings`.
 * @param problem What is wrong with it.
 * @returns The error, for the caller to throw.
 */
export function messageInvalid(
  what: string,
  { rule, found }: DataProblem,
): PluginError {
  return new PluginError(
    "MESSAGE_INVALID",
    `Cannot send ${what} across the sandbox's border: found ${found}, wanted plain data`,
    { what, problem: found, rule },
  );
}

/**
 * Builds the error for a module that is no plugin.
 *
 * @param url Where the module came from.
 * @param found What its default export is.
 * @returns The error, for the caller to throw.
 */
export function noPluginExport(url: string, found: string): PluginError {
  const shown = printable(found, 200);
  return new PluginError(
    "NO_PLUGIN_EXPORT",
    `Cannot load plugin from ${
      quoted(url)
    }: its default export is ${shown}, wanted a plugin, an array of plugins or a function that returns either`,
    { url, found: shown },
  );
}

/**
 * Builds the error for a module that could not be evaluated.
 *
 * @param url Where the module came from.
 * @param error What the engine or the module threw.
 * @param options What caused it, if that was an error of this realm.
 * @returns The error, for the caller to throw.
 */
export function pluginImportFailed(
  url: string,
  error: WireError,
  options?: ErrorOptions,
): PluginError {
  const { name, message, code } = cleanWireError(error);
  return new PluginError(
    "PLUGIN_IMPORT_FAILED",
    `Cannot evaluate plugin module ${
      quoted(url)
    }: it threw ${name}: ${message}`,
    {
      url,
      ...foreign({ name, message, ...code === undefined ? {} : { code } }),
    },
    options,
  );
}

/**
 * Builds the error for a plugin's code that threw.
 *
 * @param id Id of the plugin.
 * @param place What was being run, `onLoad`.
 * @param error What it threw.
 * @returns The error, for the caller to throw.
 */
export function pluginThrew(
  id: string,
  place: string,
  error: WireError,
): PluginError {
  const clean = cleanWireError(error);
  return new PluginError(
    "PLUGIN_THREW",
    `Cannot finish ${place} of plugin ${
      quoted(id)
    }: it threw ${clean.name}: ${clean.message}`,
    { id, place, ...foreign(clean) },
  );
}

/** A foreign error as details, where it cannot be taken for the host's. */
function foreign({ name, message, code }: WireError): JsonObject {
  return {
    pluginErrorName: name,
    pluginMessage: message,
    ...code === undefined ? {} : { pluginCode: code },
  };
}

/**
 * Builds the error for a call that was not answered in time.
 *
 * @param id Id of the plugin.
 * @param timeoutMs How long it may take, in milliseconds.
 * @returns The error, for the caller to throw.
 */
export function sandboxCallTimeout(
  id: string,
  timeoutMs: number,
): PluginError {
  return new PluginError(
    "SANDBOX_CALL_TIMEOUT",
    `Cannot call plugin ${
      quoted(id)
    }: no answer within ${timeoutMs} ms, so its sandbox was ended`,
    { id, timeoutMs },
  );
}

/**
 * Builds the error for a sandbox that is gone.
 *
 * @param url Where the plugin came from.
 * @param death How it ended.
 * @returns The error, for the caller to throw.
 */
export function sandboxDied(url: string, death: Death): PluginError {
  return new PluginError(
    "SANDBOX_DIED",
    `Cannot reach the plugin from ${quoted(url)}: its sandbox has ended, ${
      inWords(death)
    }`,
    { url, ...asDetails(death) },
  );
}

/**
 * Builds the error for a sandbox that did not come up.
 *
 * @param url Where the plugin came from.
 * @param death How it ended.
 * @returns The error, for the caller to throw.
 */
export function sandboxStartFailed(url: string, death: Death): PluginError {
  return new PluginError(
    "SANDBOX_START_FAILED",
    `Cannot start a sandbox for ${quoted(url)}: it ended, ${
      inWords(death)
    }, wanted it to come up`,
    { url, ...asDetails(death) },
  );
}

function inWords(
  { reason, exitCode, signal, lastWords, isTainted }: Death,
): string {
  const status = signal ?? (exitCode === undefined ? "" : `code ${exitCode}`);
  return `reason ${reason}${status ? ` (${status})` : ""}${
    lastWords ? `, last words ${JSON.stringify(lastWords)}` : ""
  }${isTainted ? ", but what it computes goes on in this process" : ""}`;
}

function asDetails(death: Death): JsonObject {
  const details: Record<string, Json> = {};
  for (const [key, value] of Object.entries(death)) details[key] = value;
  return details;
}

/**
 * Builds the error for calls that come faster than they are answered, of a sandboxed plugin or by it.
 *
 * @param pluginId Id of the plugin.
 * @param callsMax How many calls may be under way.
 * @returns The error, for the caller to throw.
 */
export function serviceBusy(pluginId: string, callsMax: number): PluginError {
  return new PluginError(
    "SERVICE_BUSY",
    `Cannot call across the border of plugin ${
      quoted(pluginId)
    }: ${callsMax} calls are under way already`,
    { pluginId, callsMax },
  );
}

/**
 * Builds the error for a method that a service does not have, or not for others.
 *
 * @param service Name of the service.
 * @param method Name of the method; nothing for the service itself.
 * @returns The error, for the caller to throw.
 */
export function serviceMethodUnknown(
  service: string,
  method: string | null,
): PluginError {
  const wanted = method === null ? "a function" : `a method ${quoted(method)}`;
  return new PluginError(
    "SERVICE_METHOD_UNKNOWN",
    `Cannot call service ${quoted(service)}: wanted ${wanted}, found none`,
    { service, method },
  );
}

/**
 * Builds the error that the host has answered with.
 *
 * @param error What it said.
 * @returns The error, for the caller to throw.
 */
export function hostRefused({ name, message, code }: WireError): PluginError {
  return new PluginError(code ?? "SERVICE_FAILED", message, { name });
}

/**
 * Builds the error for something that a sandbox does not have.
 *
 * @param what What was used, `services.get`.
 * @param why Why it cannot be there, where there is more to say than that it is not.
 * @returns The error, for the caller to throw.
 */
export function unavailableInSandbox(what: string, why = ""): PluginError {
  const reason = why === "" ? "" : `${why}, so `;
  return new PluginError(
    "UNAVAILABLE_IN_SANDBOX",
    `Cannot use ${what} in a sandbox: ${reason}it works in plugins with isolation "inline" only`,
    { what },
  );
}
