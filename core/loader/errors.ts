/**
 * What can go wrong between a specifier and a module graph that may be run.
 *
 * @module
 */
import {
  didYouMean,
  formatIssues,
  type Issue,
  type JsonObject,
  printable,
  suggest,
} from "../base/mod.ts";
import { PluginError, quoted } from "../errors.ts";
import { describeFailure } from "../events/describe_failure.ts";

/** The codes of the loader, with the line their pages open with. */
export const ERROR_CODES = {
  FETCH_FAILED: "A module of a plugin could not be fetched.",
  FETCH_LIMIT: "A plugin's modules are more than the loader fetches.",
  IMPORT_REFUSED: "A plugin's module imports something that it may not.",
  INTEGRITY_MISMATCH: "A plugin's modules are not the ones that were named.",
  LOADER_CLOSED: "The loader has been disposed.",
  LOCKFILE_FROZEN: "A frozen lockfile says nothing about a plugin.",
  LOCKFILE_INVALID: "A lockfile cannot be read.",
  LOCKFILE_UNWRITABLE: "A lockfile cannot be written.",
  MANIFEST_INVALID: "A plugin's manifest breaks the rules.",
  MANIFEST_MISMATCH: "A plugin says something else about itself than before.",
  PERMISSION_REFUSED: "A plugin cannot do without what it does not get.",
  SOURCE_DENIED: "Plugins may not be fetched from there.",
  SPECIFIER_INVALID: "A plugin's specifier names no place to load from.",
  SPECIFIER_UNKNOWN: "No active plugin was loaded from this specifier.",
  STORE_FULL: "What lockfiles name does not fit into the folder for modules.",
  STORE_UNUSABLE: "The folder for modules or for consents cannot be used.",
} as const;

/** A stable, machine-readable name of one failure of the loader. */
export type LoaderErrorCode = keyof typeof ERROR_CODES;

/** How a fetch failed. */
export interface FetchFailure {
  /** What was found instead of a module, `status 404`. */
  readonly found: string;
  /** What was wanted; a module if left out. */
  readonly wanted?: string;
  /** The status of the answer, where there was one. */
  readonly status?: number;
}

/**
 * Builds the error for a module that could not be fetched.
 *
 * @param url Where it should have come from.
 * @param failure What was found instead.
 * @param options What caused it, if that was another error.
 * @returns The error, for the caller to throw.
 */
export function fetchFailed(
  url: string,
  { found, wanted = "a JavaScript or TypeScript module", status }: FetchFailure,
  options?: ErrorOptions,
): PluginError {
  const shown = printable(found, 300);
  return new PluginError(
    "FETCH_FAILED",
    `Cannot fetch ${quoted(url)}: found ${shown}, wanted ${wanted}`,
    { url, found: shown, ...status === undefined ? {} : { status } },
    options,
  );
}

/** A limit of fetching, in the words of its error. */
export type FetchLimit = "bytes" | "modules" | "redirects" | "timeMs";

/**
 * Builds the error for modules that are too many, too large or too slow.
 *
 * @param url The module at which the limit was met.
 * @param limit Which limit.
 * @param max What it allows.
 * @returns The error, for the caller to throw.
 */
export function fetchLimit(
  url: string,
  limit: FetchLimit,
  max: number,
): PluginError {
  return new PluginError(
    "FETCH_LIMIT",
    `Cannot fetch ${quoted(url)}: it goes beyond the limit on ${limit}, ${max}`,
    { url, limit, max },
  );
}

/**
 * Builds the error for an import that is not allowed.
 *
 * @param url The module that imports.
 * @param specifier What it imports, as it is written there.
 * @param why Why it may not.
 * @returns The error, for the caller to throw.
 */
export function importRefused(
  url: string,
  specifier: string,
  why: string,
): PluginError {
  return new PluginError(
    "IMPORT_REFUSED",
    `Cannot import ${quoted(specifier)} in ${quoted(url)}: ${why}`,
    { url, specifier: printable(specifier, 200), why },
  );
}

/** What has another hash than it should have. */
export interface Mismatch {
  /** What it is. */
  readonly what: "archive" | "module" | "modules" | "stored module";
  /** The hash that was named. */
  readonly expected: string;
  /** The hash that was found. */
  readonly found: string;
}

/**
 * Builds the error for bytes with another hash than they should have.
 *
 * @param url Where they are: an entry module for all modules of its graph.
 * @param mismatch What they are, and the hashes.
 * @returns The error, for the caller to throw.
 */
export function integrityMismatch(
  url: string,
  { what, expected, found }: Mismatch,
): PluginError {
  return new PluginError(
    "INTEGRITY_MISMATCH",
    `Cannot use ${what} ${
      quoted(url)
    }: found digest ${found}, wanted ${expected}`,
    { url, what, expected, found },
  );
}

/**
 * Builds the error for a loader that has been disposed.
 *
 * @returns The error, for the caller to throw.
 */
export function loaderClosed(): PluginError {
  return new PluginError(
    "LOADER_CLOSED",
    "Cannot load plugins: the loader has been disposed",
    {},
  );
}

/**
 * Builds the error for a plugin that a frozen lockfile does not know.
 *
 * @param url The plugin's entry.
 * @param lockfile The lockfile.
 * @returns The error, for the caller to throw.
 */
export function lockfileFrozen(url: string, lockfile: string): PluginError {
  return new PluginError(
    "LOCKFILE_FROZEN",
    `Cannot load plugin from ${quoted(url)}: found nothing about it in ${
      quoted(lockfile)
    }, which is frozen, wanted what it was when it was locked`,
    { url, lockfile },
  );
}

/**
 * Builds the error for a lockfile that breaks its own rules.
 *
 * @param lockfile The lockfile.
 * @param issues What is wrong with it.
 * @returns The error, for the caller to throw.
 */
export function lockfileInvalid(
  lockfile: string,
  issues: readonly Issue[],
): PluginError {
  return new PluginError(
    "LOCKFILE_INVALID",
    `Cannot read lockfile ${quoted(lockfile)}: ${
      countOf(issues)
    }, wanted none\n${formatIssues(issues)}`,
    { lockfile, issues: issues.map((issue) => ({ ...issue })) },
  );
}

/**
 * Builds the error for a lockfile that cannot be written.
 *
 * @param lockfile The lockfile.
 * @param cause What the system said.
 * @returns The error, for the caller to throw.
 */
export function lockfileUnwritable(
  lockfile: string,
  cause: unknown,
): PluginError {
  const found = printable(describeFailure(cause, "").message, 300);
  return new PluginError(
    "LOCKFILE_UNWRITABLE",
    `Cannot write lockfile ${
      quoted(lockfile)
    }: found ${found}, wanted a file that may be replaced`,
    { lockfile, found },
    { cause },
  );
}

/**
 * Builds the error for manifests that break the rules.
 *
 * @param url Where they are.
 * @param issues What is wrong with them.
 * @returns The error, for the caller to throw.
 */
export function manifestInvalid(
  url: string,
  issues: readonly Issue[],
): PluginError {
  return new PluginError(
    "MANIFEST_INVALID",
    `Cannot read manifest ${quoted(url)}: ${countOf(issues)}, wanted none\n${
      formatIssues(issues)
    }`,
    { url, issues: issues.map((issue) => ({ ...issue })) },
  );
}

/** How many problems were found, in words. */
function countOf({ length }: readonly Issue[]): string {
  return `found ${length} ${length === 1 ? "problem" : "problems"}`;
}

/**
 * Builds the error for a plugin whose metadata differ from those it was judged by.
 *
 * @param url The plugin's entry.
 * @param field What differs.
 * @returns The error, for the caller to throw.
 */
export function manifestMismatch(url: string, field: string): PluginError {
  return new PluginError(
    "MANIFEST_MISMATCH",
    `Cannot load plugin from ${
      quoted(url)
    }: found other ${field} than it had before, wanted the same`,
    { url, field },
  );
}

/** Something that a plugin does not get. */
export interface Refusal {
  /** What it asked for, `net api.example:443`. */
  readonly resource: string;
  /** The rule that refused it. */
  readonly rule: string;
}

/**
 * Builds the error for plugins that do not get what they cannot do without.
 *
 * @param url Their entry.
 * @param missing What they do not get.
 * @returns The error, for the caller to throw.
 */
export function permissionRefused(
  url: string,
  missing: readonly Refusal[],
): PluginError {
  const shown = missing.map(({ resource, rule }) => ({
    resource: printable(resource, 300),
    rule: printable(rule, 300),
  }));
  const found = shown.map(({ resource, rule }) => `${resource} (${rule})`);
  return new PluginError(
    "PERMISSION_REFUSED",
    `Cannot load plugin from ${quoted(url)}: found refused ${
      found.join(", ")
    }, wanted all it cannot do without`,
    { url, missing: shown },
  );
}

/**
 * Builds the error for a place that plugins may not come from.
 *
 * @param url The place.
 * @param rule The rule that says so.
 * @returns The error, for the caller to throw.
 */
export function sourceDenied(url: string, rule: string): PluginError {
  return new PluginError(
    "SOURCE_DENIED",
    `Cannot load plugin from ${
      quoted(url)
    }: found rule "${rule}" against it, wanted a host of the policy`,
    { url, rule },
  );
}

/**
 * Builds the error for a specifier that names no place.
 *
 * @param specifier The specifier.
 * @param why What is wrong with it.
 * @returns The error, for the caller to throw.
 */
export function specifierInvalid(specifier: string, why: string): PluginError {
  const details: JsonObject = { specifier: printable(specifier, 200), why };
  return new PluginError(
    "SPECIFIER_INVALID",
    `Cannot load plugin from ${
      quoted(specifier)
    }: ${why}, wanted a file:, https:, jsr: or npm: URL, an http: URL of this machine, or a path that begins with ./, ../ or /`,
    details,
  );
}

/**
 * Builds the error for a specifier from which nothing that is active was loaded.
 *
 * @param operation What was attempted, `reload`.
 * @param specifier The specifier.
 * @param known The specifiers from which something was.
 * @returns The error, for the caller to throw.
 */
export function specifierUnknown(
  operation: string,
  specifier: string,
  known: readonly string[],
): PluginError {
  const suggestions = suggest(specifier, known);
  return new PluginError(
    "SPECIFIER_UNKNOWN",
    `Cannot ${operation} plugins from ${
      quoted(specifier)
    }: none that are active were loaded from there${
      suggestions.length === 0 ? "" : `, ${didYouMean(suggestions)}`
    }`,
    { specifier: printable(specifier, 200), suggestions },
  );
}

/**
 * Builds the error for a folder of modules that is full.
 *
 * @param folder The folder.
 * @param sizes How much there would be in it, and how much there may be, in bytes.
 * @returns The error, for the caller to throw.
 */
export function storeFull(
  folder: string,
  { bytes, bytesMax }: { readonly bytes: number; readonly bytesMax: number },
): PluginError {
  return new PluginError(
    "STORE_FULL",
    `Cannot keep modules in ${
      quoted(folder)
    }: found ${bytes} bytes that lockfiles name, wanted at most ${bytesMax}`,
    { folder, bytes, bytesMax },
  );
}

/**
 * Builds the error for a folder of modules or consents that cannot be used.
 *
 * @param operation What was attempted, `read modules`.
 * @param folder The folder.
 * @param cause What the system said.
 * @returns The error, for the caller to throw.
 */
export function storeUnusable(
  operation: string,
  folder: string,
  cause: unknown,
): PluginError {
  const found = printable(describeFailure(cause, "").message, 300);
  return new PluginError(
    "STORE_UNUSABLE",
    `Cannot ${operation} in ${
      quoted(folder)
    }: found ${found}, wanted a folder that may be read and written`,
    { operation, folder, found },
    { cause },
  );
}
