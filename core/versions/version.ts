/**
 * Versions and ranges as plugins write them: semantic versions 2.0, ranges in npm's notation.
 * Build metadata never counts, and a prerelease matches only a range that names a prerelease of
 * the same major.minor.patch.
 *
 * @module
 */
import { parseRange } from "./parse_range.ts";
import { parseVersion } from "./parse_version.ts";
import { holds } from "./version_set.ts";

/**
 * Tells whether text is a semantic version, without a leading `v` and without white space.
 *
 * @param text The text.
 * @returns Whether it is one.
 */
export function isVersion(text: string): boolean {
  return parseVersion(text) !== undefined;
}

/**
 * Tells whether text is a range of versions.
 *
 * @param text The text.
 * @returns Whether it is one.
 */
export function isRange(text: string): boolean {
  return parseRange(text) !== undefined;
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
 * @returns Whether it does; not if either is none.
 */
export function satisfiesRange(version: string, range: string): boolean {
  const [parsed, set] = [parseVersion(version), parseRange(range)];
  return parsed !== undefined && set !== undefined && holds(set, parsed);
}
