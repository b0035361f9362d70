/**
 * Versions, taken apart and compared. Every version has a next one: after a release comes the first
 * prerelease of the following patch, after a prerelease the same with `.0` behind it. So a border
 * between versions can always be named by the version that follows it.
 *
 * @module
 */
import { invalidOption } from "../base/mod.ts";
import { compare, format, type SemVer, tryParse } from "@std/semver";

/** A semantic version without its build metadata, which takes no part in any comparison. */
export interface Version {
  /** Raised by changes that break callers. */
  readonly major: number;
  /** Raised by additions. */
  readonly minor: number;
  /** Raised by repairs. */
  readonly patch: number;
  /** What follows the hyphen; empty for a release. */
  readonly prerelease: readonly (string | number)[];
}

/** Longest version or range that is looked at. */
export const LENGTH_MAX = 256;

const NUMBER = "0|[1-9]\\d*";
const PRERELEASE_PART = `(?:${NUMBER}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`;

/** What may follow major, minor and patch, as the source of a regular expression. */
export const SUFFIX: string =
  `(?:-(${PRERELEASE_PART}(?:\\.${PRERELEASE_PART})*))?` +
  `(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?`;

const RELEASE: readonly (string | number)[] = [];

/**
 * Parses a semantic version 2.0, without a leading `v` and without white space.
 *
 * @param text The text.
 * @returns The version, or `undefined` if the text is none.
 */
export function parseVersion(text: string): Version | undefined {
  if (typeof text !== "string" || text.length > LENGTH_MAX) return undefined;
  if (!/^\d\S*$/.test(text)) return undefined;
  const parsed = tryParse(text);
  if (!parsed) return undefined;
  const { major, minor, patch, prerelease = RELEASE } = parsed;
  return { major, minor, patch, prerelease };
}

/**
 * Takes apart what follows the hyphen.
 *
 * @param text The text, without the hyphen; `undefined` for a release.
 * @returns Its parts, numbers as numbers.
 */
export function parsePrerelease(
  text: string | undefined,
): readonly (string | number)[] {
  if (text === undefined) return RELEASE;
  return text.split(".").map((part) =>
    /^\d+$/.test(part) ? Number(part) : part
  );
}

/** Whether major, minor and patch can be told from their neighbors. */
export function isCountable({ major, minor, patch }: Version): boolean {
  return Math.max(major, minor, patch) <= Number.MAX_SAFE_INTEGER;
}

/**
 * The release with these numbers.
 *
 * @param major Its major version.
 * @param minor Its minor version.
 * @param patch Its patch.
 * @returns The version.
 */
export function release(major: number, minor = 0, patch = 0): Version {
  return { major, minor, patch, prerelease: RELEASE };
}

/**
 * Orders versions by precedence.
 *
 * **Source**: Semantic Versioning 2.0.0, section 11.
 *
 * @param a One version.
 * @param b The other.
 * @returns Negative, zero or positive, for `Array.prototype.sort`.
 */
export function compareVersions(a: Version, b: Version): number {
  const order = a.major - b.major || a.minor - b.minor || a.patch - b.patch;
  // Solving compares a great many, most of which have no hyphen.
  if (order !== 0 || a.prerelease.length + b.prerelease.length === 0) {
    return order;
  }
  return compare(toSemVer(a), toSemVer(b));
}

function toSemVer(version: Version): SemVer {
  return { ...version, prerelease: [...version.prerelease] };
}

/** Whether a version is a prerelease. */
export function isPrerelease(version: Version): boolean {
  return version.prerelease.length > 0;
}

/** The release that a prerelease leads to; a release itself. */
export function releaseOf({ major, minor, patch }: Version): Version {
  return release(major, minor, patch);
}

/** The first release after all versions with these three numbers. */
export function nextRelease({ major, minor, patch }: Version): Version {
  const { MAX_SAFE_INTEGER } = Number;
  if (patch < MAX_SAFE_INTEGER) return release(major, minor, patch + 1);
  if (minor < MAX_SAFE_INTEGER) return release(major, minor + 1);
  return release(major + 1);
}

/** The first prerelease with these three numbers. */
export function firstPrerelease(version: Version): Version {
  return { ...version, prerelease: [0] };
}

/** The version right after another one. */
export function nextVersion(version: Version): Version {
  return isPrerelease(version)
    ? { ...version, prerelease: [...version.prerelease, 0] }
    : firstPrerelease(nextRelease(version));
}

/**
 * The text of a version.
 *
 * @param version The version.
 * @returns `1.2.3-beta.1`.
 * @throws {OptionError} `INVALID_OPTION` if it is none.
 */
export function formatVersion(version: Version): string {
  assertVersions("formatVersion", [version]);
  return format(toSemVer(version));
}

/**
 * Requires versions that have been taken apart. Callers may have made them by hand, or have passed text.
 *
 * @param operation What takes them, for the message.
 * @param versions The versions.
 * @throws {OptionError} `INVALID_OPTION` if one is none.
 */
export function assertVersions(
  operation: string,
  versions: readonly unknown[],
): void {
  for (const value of versions) {
    if (isVersionObject(value)) continue;
    const option = `a version of ${operation}`;
    throw invalidOption(option, value, "one as parseVersion gives it");
  }
}

/**
 * Tells whether a value is a version that has been taken apart.
 *
 * @param value What was given.
 * @returns Whether it is one.
 */
export function isVersionObject(value: unknown): boolean {
  const { major, minor, patch, prerelease }: Partial<Version> = Object(value);
  return isCount(major) && isCount(minor) && isCount(patch) &&
    Array.isArray(prerelease) && prerelease.every(isPart);
}

/** Borders lie behind the largest versions that there can be: these need not be safe integers. */
function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isPart(value: unknown): boolean {
  return typeof value === "string" || isCount(value);
}
