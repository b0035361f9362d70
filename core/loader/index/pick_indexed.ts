import {
  compareVersions,
  parseVersion,
  satisfiesRange,
} from "../../versions/mod.ts";
import { integrityMismatch } from "../errors.ts";
import type { LockEntries, LockEntry } from "../lockfile/lock_entry.ts";
import { pickVersion } from "../registries/pick_version.ts";
import type { BareSpecifier } from "./bare_specifier.ts";
import {
  pluginNotIndexed,
  signerChanged,
  trustDowngrade,
  versionDowngrade,
} from "./errors.ts";
import type { IndexedVersion } from "./plugin_index.ts";
import type { ReadIndex } from "./read_index.ts";

/** What a load is held against. */
export interface PickOptions {
  /** What the lockfile says. */
  readonly entries: LockEntries;
  /** Whether what was locked is replaced. */
  readonly isUpdated: boolean;
}

/**
 * Picks the version of a plugin that is loaded: the one that is locked, or else the newest that will do.
 *
 * @param wanted The plugin.
 * @param read The index.
 * @param options What it is held against.
 * @returns The version, as the index has it.
 * @throws {PluginError} `PLUGIN_NOT_INDEXED`; `INTEGRITY_MISMATCH` if lockfile and index name different
 * bytes; `TRUST_DOWNGRADE`, `SIGNER_CHANGED` and `VERSION_DOWNGRADE` if the index takes back what the
 * lockfile has.
 */
export function pickIndexed(
  wanted: BareSpecifier,
  { index, seen }: ReadIndex,
  { entries, isUpdated }: PickOptions,
): IndexedVersion {
  const { id, range } = wanted;
  const former = lockedVersion({ id, range: "*" }, entries);
  const isKept = former !== undefined && !isUpdated &&
    satisfiesRange(former.version, range);
  const all = index.versions.filter((version) => version.id === id);
  const fitting = all.filter(({ version, isYanked }) =>
    isKept ? version === former.version : !isYanked
  );
  const picked = pickVersion(fitting.map(({ version }) => version), range);
  const found = fitting.find(({ version }) => version === picked);
  if (!found) {
    throw pluginNotIndexed(wanted, index.versions.map(({ id }) => id));
  }
  if (former) assertNoStepBack(wanted, found, { former, isKept, ...seen });
  return found;
}

/** A version that is locked. */
export interface LockedVersion {
  /** The version. */
  readonly version: string;
  /** URL of its entry, as it was asked for. */
  readonly url: string;
  /** What the lockfile says of it. */
  readonly entry: LockEntry;
}

/**
 * Finds the newest version of a plugin that is locked.
 *
 * @param wanted The plugin, and versions that will do.
 * @param entries What the lockfile says.
 * @returns The version; `undefined` if there is none.
 */
export function lockedVersion(
  { id, range }: Pick<BareSpecifier, "id" | "range">,
  entries: LockEntries,
): LockedVersion | undefined {
  const versions = Array.from(entries, ([url, entry]) => ({
    url,
    entry,
    version: entry.plugins.get(id)?.version ?? "",
  }));
  const newest = pickVersion(versions.map(({ version }) => version), range);
  return versions.find(({ version }) => version === newest);
}

/**
 * Tells whether a version is older than another one.
 *
 * @param version The version.
 * @param other The other one.
 * @returns Whether it is; never if one of them is no version.
 */
export function isOlder(version: string, other: string): boolean {
  const [one, two] = [parseVersion(version), parseVersion(other)];
  return one !== undefined && two !== undefined &&
    compareVersions(one, two) < 0;
}

function assertNoStepBack(
  { id, isRanged }: BareSpecifier,
  { version, url, digest }: IndexedVersion,
  { former, isKept, signer }: {
    readonly former: LockedVersion;
    readonly isKept: boolean;
    readonly signer: string;
  },
): void {
  const expected = former.entry.signer ?? "";
  if (expected !== "" && signer === "") throw trustDowngrade(id, expected);
  if (expected !== "" && signer !== expected) {
    throw signerChanged(id, { found: signer, expected });
  }
  if (isKept) {
    if (former.entry.digest === digest) return;
    const found = former.entry.digest;
    throw integrityMismatch(url, { what: "modules", expected: digest, found });
  }
  // Whoever names a version has it.
  if (isOlder(version, former.version) && !isRanged) {
    throw versionDowngrade(id, { found: version, locked: former.version });
  }
}
