/**
 * Versions and ranges as plugins write them: semantic versions 2.0, ranges in npm's notation.
 * Build metadata never counts, and a prerelease matches only a range that names a prerelease of
 * the same major.minor.patch.
 *
 * @module
 */
import { canParse, parse, parseRange, satisfies } from "@std/semver";

/** Longest version or range that is looked at. */
const LENGTH_MAX = 256;

/** Build metadata, which takes no part in any comparison. */
const BUILD = /\+[0-9A-Za-z.-]+/g;

/**
 * Tells whether text is a semantic version, without a leading `v` and without white space.
 *
 * @param text The text.
 * @returns Whether it is one.
 */
export function isVersion(text: string): boolean {
  return text.length <= LENGTH_MAX && /^\d\S*$/.test(text) && canParse(text);
}

/**
 * Tells whether text is a range of versions.
 *
 * @param text The text.
 * @returns Whether it is one.
 */
export function isRange(text: string): boolean {
  if (text.length > LENGTH_MAX) return false;
  try {
    parseRange(text.replace(BUILD, "").trim());
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells whether a version lies in a range.
 *
 * @example A caret keeps the major version
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * import { satisfiesRange } from "@spiraltorch/spiraltorch/core";
 *
 * assert(satisfiesRange("1.4.0", "^1.2.0"));
 * assertFalse(satisfiesRange("2.0.0", "^1.2.0"));
 * assertFalse(satisfiesRange("1.4.0-beta.1", "^1.2.0"));
 * ```
 *
 * @param version A version, as {@linkcode isVersion} accepts it.
 * @param range A range, as {@linkcode isRange} accepts it.
 * @returns Whether it does.
 */
export function satisfiesRange(version: string, range: string): boolean {
  return satisfies(
    parse(version.replace(BUILD, "")),
    parseRange(range.replace(BUILD, "").trim()),
  );
}
