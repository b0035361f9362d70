/**
 * Ranges in npm's notation: comparator sets between `||`, each of comparators, `1.x`, `~1.2`, `^1.2`
 * or one hyphen range. What npm's own parser accepts in strict mode is accepted here, and means the
 * same; a test compares the two on generated ranges.
 *
 * **Source**: the grammar in the documentation of node-semver, "Range Grammar".
 *
 * @module
 */
import {
  compareVersions,
  firstPrerelease,
  isCountable,
  isPrerelease,
  LENGTH_MAX,
  nextVersion,
  parsePrerelease,
  release,
  SUFFIX,
  type Version,
} from "./parse_version.ts";
import {
  intervalSet,
  NO_VERSION,
  union,
  type VersionSet,
} from "./version_set.ts";

const PART = "0|[1-9]\\d*|[xX*]";
const PARTIAL = `([v=]*)(${PART})(?:\\.(${PART})(?:\\.(${PART})${SUFFIX})?)?`;
const HYPHEN = new RegExp(`^\\s*(${PARTIAL})\\s+-\\s+(${PARTIAL})\\s*$`);
const COMPARATOR = new RegExp(`^(~>|[~^]|[<>]?=?)\\s*${PARTIAL}$`);

/** White space after an operator does not separate. */
const LOOSE_OPERATOR = /(~>|[~^]|[<>]=?|=)\s+(?=[v=\s]*[\dxX*])/g;

/** A version of which the end may be left open. */
interface Partial {
  readonly version: Version;
  /** How many of major, minor and patch are given. */
  readonly given: number;
}

/** What a comparator allows, and the versions that it names. */
interface Bounds {
  readonly low?: Version;
  readonly high?: Version;
  readonly named?: Version;
}

/**
 * Parses a range.
 *
 * @param text The text.
 * @returns The versions that lie in it, or `undefined` if the text is no range.
 */
export function parseRange(text: string): VersionSet | undefined {
  if (typeof text !== "string" || text.length > LENGTH_MAX) return undefined;
  const sets: (readonly Bounds[])[] = [];
  for (const part of text.split("||")) {
    const bounds = parseSet(part.trim());
    if (bounds === undefined) return undefined;
    sets.push(bounds);
  }
  // As npm has it, a set without bounds outdoes all others, and with them the prereleases they name.
  return (sets.some(isUnbounded) ? [[]] : sets)
    .map(toSet).reduce(union, NO_VERSION);
}

function parseSet(text: string): readonly Bounds[] | undefined {
  if (text === "") return [];
  const hyphen = HYPHEN.exec(text);
  if (hyphen !== null) return hyphenBounds(hyphen.slice(2, 7), hyphen.slice(8));
  const bounds: Bounds[] = [];
  for (const word of text.replace(LOOSE_OPERATOR, "$1").split(/\s+/)) {
    const match = COMPARATOR.exec(word);
    if (match === null) return undefined;
    const [, operator = "", prefix, ...parts] = match;
    const partial = toPartial(parts);
    if (partial === undefined) return undefined;
    if (!/[~^]/.test(operator) && isOdd(parts, prefix)) return undefined;
    bounds.push(comparatorBounds(operator, partial));
  }
  return bounds;
}

function toPartial(
  groups: readonly (string | undefined)[],
): Partial | undefined {
  const parts = groups.slice(0, 3);
  const open = parts.findIndex((part) =>
    part === undefined || /[xX*]/.test(part)
  );
  const given = open === -1 ? 3 : open;
  const [major = 0, minor = 0, patch = 0] = parts.slice(0, given).map(Number);
  const prerelease = given === 3 ? parsePrerelease(groups[3]) : [];
  const version = { major, minor, patch, prerelease };
  return isCountable(version) ? { version, given } : undefined;
}

/** Whether parts follow an open one, or a whole version has more than a `v` before it. */
function isOdd(
  [major, minor, patch]: readonly (string | undefined)[],
  prefix = "",
): boolean {
  const parts = [major, minor, patch].map((part) =>
    /^[xX*]$/.test(part ?? "x")
  );
  const [open, rest] = [parts.indexOf(true), parts.lastIndexOf(false)];
  if (open !== -1) return rest > open;
  return !/^v?$/.test(prefix);
}

/** The first version behind all that agree with the first `kept` numbers. */
function behind({ major, minor, patch }: Version, kept: number): Version {
  return firstPrerelease(
    kept === 1
      ? release(major + 1)
      : kept === 2
      ? release(major, minor + 1)
      : release(major, minor, patch + 1),
  );
}

function hyphenBounds(
  left: readonly (string | undefined)[],
  right: readonly (string | undefined)[],
): readonly Bounds[] | undefined {
  const [from, to] = [toPartial(left.slice(1)), toPartial(right.slice(1))];
  if (from === undefined || to === undefined) return undefined;
  return [comparatorBounds(">=", from), comparatorBounds("<=", to)];
}

/** What a comparator allows. */
function comparatorBounds(operator: string, partial: Partial): Bounds {
  const { version, given } = partial;
  const named = isPrerelease(version) ? { named: version } : {};
  // Everything matches an open major version, but for what is beyond it.
  if (given === 0) {
    return operator === "<" || operator === ">" ? { high: release(0) } : {};
  }
  switch (operator) {
    case "^":
      return {
        low: version,
        high: behind(version, caretKeeps(partial)),
        ...named,
      };
    case "~":
    case "~>":
      return {
        low: version,
        high: behind(version, Math.min(given, 2)),
        ...named,
      };
    case ">=":
      return { low: version, ...named };
    case "<":
      return { high: given < 3 ? firstPrerelease(version) : version, ...named };
    case ">":
      return given < 3
        ? { low: releaseBehind(version, given) }
        : { low: nextVersion(version), ...named };
    case "<=":
      return given < 3
        ? { high: behind(version, given) }
        : { high: nextVersion(version), ...named };
    default:
      return given < 3
        ? { low: version, high: behind(version, given) }
        : { low: version, high: nextVersion(version), ...named };
  }
}

function releaseBehind(version: Version, kept: number): Version {
  const { major, minor, patch } = behind(version, kept);
  return release(major, minor, patch);
}

/** How many numbers a caret keeps: up to the first that is not 0, of those that are given. */
function caretKeeps({ version: { major, minor }, given }: Partial): number {
  if (major > 0 || given === 1) return 1;
  return minor > 0 || given === 2 ? 2 : 3;
}

function isUnbounded(bounds: readonly Bounds[]): boolean {
  return bounds.every(({ low, high, named }) =>
    high === undefined && named === undefined &&
    (low === undefined || compareVersions(low, release(0)) === 0)
  );
}

function toSet(bounds: readonly Bounds[]): VersionSet {
  // Below the first release there are its prereleases.
  let low = firstPrerelease(release(0));
  let high: Version | undefined;
  const named: Version[] = [];
  for (const bound of bounds) {
    if (bound.low !== undefined && compareVersions(bound.low, low) > 0) {
      low = bound.low;
    }
    const isLower = bound.high !== undefined &&
      (high === undefined || compareVersions(bound.high, high) < 0);
    if (isLower) high = bound.high;
    if (bound.named !== undefined) named.push(bound.named);
  }
  return intervalSet({ low, ...high === undefined ? {} : { high } }, named);
}
