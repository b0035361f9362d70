/**
 * Versions and ranges: semantic versions 2.0, and ranges in npm's notation. Plugins have them, and so
 * do operators.
 *
 * @module
 */

export { formatRange } from "./format_range.ts";
export { parseRange } from "./parse_range.ts";
export {
  compareVersions,
  formatVersion,
  nextVersion,
  parseVersion,
  release,
  type Version,
} from "./parse_version.ts";
export { simplifyRange } from "./simplify_range.ts";
export { isRange, isVersion, satisfiesRange } from "./version.ts";
export {
  type Borders,
  complement,
  contains,
  EVERY_VERSION,
  holds,
  intersection,
  intervalSet,
  isEmpty,
  isSubset,
  NO_VERSION,
  union,
  type VersionSet,
} from "./version_set.ts";
