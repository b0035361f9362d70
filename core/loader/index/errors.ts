/**
 * What can go wrong where plugins are looked up by their ids.
 *
 * @module
 */
import {
  didYouMean,
  formatIssues,
  type Issue,
  type Json,
  printable,
  suggest,
} from "../../base/mod.ts";
import { PluginError, quoted } from "../../errors.ts";

/** The codes of indexes, with the line their pages open with. */
export const ERROR_CODES = {
  INDEX_EXPIRED: "An index of plugins is too old to go by.",
  INDEX_INVALID: "An index of plugins breaks the rules.",
  INDEX_ROLLBACK: "An index of plugins is older than one that was seen before.",
  PLUGIN_NOT_INDEXED: "No index lists such a plugin.",
  SIGNATURE_INVALID: "An index of plugins is not signed by a key that counts.",
  SIGNER_CHANGED: "A plugin is vouched for by another key than before.",
  TRUST_DOWNGRADE: "Nobody vouches any more for a plugin that was signed.",
  VERSION_DOWNGRADE: "An index offers an older version than there is already.",
} as const;

/** A stable, machine-readable name of one failure of an index. */
export type IndexErrorCode = keyof typeof ERROR_CODES;

/**
 * Builds the error for an index that breaks the rules.
 *
 * @param url The index.
 * @param issues All that is wrong with it.
 * @returns The error, for the caller to throw.
 */
export function indexInvalid(
  url: string,
  issues: readonly Issue[],
): PluginError {
  return new PluginError(
    "INDEX_INVALID",
    `Cannot use index ${quoted(url)}: ${printable(formatIssues(issues), 2000)}`,
    { url, issues: issues.map((issue): Json => ({ ...issue })) },
  );
}

/**
 * Builds the error for an index that is too old.
 *
 * @param url The index.
 * @param expired When it went out of date.
 * @returns The error, for the caller to throw.
 */
export function indexExpired(url: string, expired: string): PluginError {
  return new PluginError(
    "INDEX_EXPIRED",
    `Cannot use index ${
      quoted(url)
    }: found one that expired ${expired}, wanted one that is in force`,
    { url, expired },
  );
}

/**
 * Builds the error for an index that is older than one before.
 *
 * @param url The index.
 * @param serials Its serial number, and that of the one before.
 * @returns The error, for the caller to throw.
 */
export function indexRollback(
  url: string,
  { found, seen }: { readonly found: number; readonly seen: number },
): PluginError {
  return new PluginError(
    "INDEX_ROLLBACK",
    `Cannot use index ${
      quoted(url)
    }: found serial number ${found}, wanted ${seen} or later`,
    { url, found, seen },
  );
}

/**
 * Builds the error for an index whose signature does not count.
 *
 * @param url The index.
 * @param problem What was found instead.
 * @param options What caused it, if that was another error.
 * @returns The error, for the caller to throw.
 */
export function signatureInvalid(
  url: string,
  problem: string,
  options?: ErrorOptions,
): PluginError {
  return new PluginError(
    "SIGNATURE_INVALID",
    `Cannot use index ${
      quoted(url)
    }: found ${problem}, wanted a signature by a key that the host named`,
    { url, problem },
    options,
  );
}

/**
 * Builds the error for a plugin that is vouched for by another key.
 *
 * @param id The plugin.
 * @param signers Fingerprints of the keys.
 * @returns The error, for the caller to throw.
 */
export function signerChanged(
  id: string,
  { found, expected }: { readonly found: string; readonly expected: string },
): PluginError {
  return new PluginError(
    "SIGNER_CHANGED",
    `Cannot load plugin ${
      quoted(id)
    }: found it signed by ${found}, wanted ${expected}`,
    { id, found, expected },
  );
}

/**
 * Builds the error for a plugin that was signed and is not any more.
 *
 * @param id The plugin.
 * @param expected Fingerprint of the key that vouched for it.
 * @returns The error, for the caller to throw.
 */
export function trustDowngrade(id: string, expected: string): PluginError {
  return new PluginError(
    "TRUST_DOWNGRADE",
    `Cannot load plugin ${
      quoted(id)
    }: found it without a signature, wanted one by ${expected}`,
    { id, expected },
  );
}

/**
 * Builds the error for a version that is older than the one that there is.
 *
 * @param id The plugin.
 * @param versions Both versions.
 * @returns The error, for the caller to throw.
 */
export function versionDowngrade(
  id: string,
  { found, locked }: { readonly found: string; readonly locked: string },
): PluginError {
  return new PluginError(
    "VERSION_DOWNGRADE",
    `Cannot load plugin ${
      quoted(id)
    }: found ${found} as the newest version, wanted ${locked} or later`,
    { id, found, locked },
  );
}

/**
 * Builds the error for a plugin that no index lists.
 *
 * @param wanted The id, and the range of versions.
 * @param known What is listed: ids, or versions of the plugin.
 * @returns The error, for the caller to throw.
 */
export function pluginNotIndexed(
  { id, range }: { readonly id: string; readonly range: string },
  known: readonly string[],
): PluginError {
  const isIndexed = known.includes(id);
  const hint = isIndexed ? "" : didYouMean(suggest(id, known));
  const found = isIndexed ? "no version of it that will do" : "no such plugin";
  return new PluginError(
    "PLUGIN_NOT_INDEXED",
    `Cannot find plugin ${quoted(id)} ${printable(range, 100)}: found ${found}${
      hint === "" ? "" : `, ${hint}`
    }`,
    { id, range },
  );
}
