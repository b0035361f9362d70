import {
  compareVersions,
  firstPrerelease,
  formatVersion,
  isPrerelease,
  nextRelease,
  nextVersion,
  release,
  releaseOf,
  type Version,
} from "./parse_version.ts";
import {
  assertVersionSets,
  type Borders,
  type Interval,
  type VersionSet,
} from "./version_set.ts";

/** More prereleases of neighboring versions than these are not written out one by one. */
const NEIGHBORS_MAX = 64;

/**
 * Writes a set of versions as a range in npm's notation.
 *
 * A range can name the prereleases of a few versions only. Where a set holds those of endlessly
 * many, as the complement of a range does, they are left out.
 *
 * @param set The set.
 * @returns The range; `<0.0.0-0` for a set without versions.
 * @throws {OptionError} `INVALID_OPTION` if it is no set.
 */
export function formatRange(set: VersionSet): string {
  assertVersionSets("formatRange", set);
  const pieces = intervals(set.releases).map((piece) => ({ ...piece }));
  const alone: Interval[] = [];
  for (const part of intervals(set.prereleases).flatMap(byVersion)) {
    const version = releaseOf(part.low);
    const isWhole = isSame(part.high, nextBlock(version));
    const after = pieces.find(({ low }) => isSame(low, version));
    const before = pieces.find(({ high }) => isSame(high, version));
    const isFromStart = isSame(part.low, firstPrerelease(version));
    if (isWhole && after !== undefined) after.low = part.low;
    else if (isFromStart && !isWhole && before !== undefined) {
      before.high = part.high!;
    } else alone.push(isWhole ? { low: part.low, high: version } : part);
  }
  const sorted = [...pieces, ...alone]
    .sort((a, b) => compareVersions(a.low, b.low));
  const words = sorted.map(formatInterval);
  // To npm, `*` beside other ranges takes back the prereleases that they name.
  if (words.length > 1 && words.includes("*")) {
    words.splice(words.indexOf("*"), 1, "0.x", ">=1.0.0");
  }
  return words.join(" || ") || "<0.0.0-0";
}

/** The intervals between borders; a copy of each can be widened. */
function intervals(borders: Borders): { low: Version; high?: Version }[] {
  const result: { low: Version; high?: Version }[] = [];
  for (let index = 0; index < borders.length; index += 2) {
    const [low, high] = borders.slice(index, index + 2);
    result.push({ low: low!, ...high === undefined ? {} : { high } });
  }
  return result;
}

/** The first prerelease behind those of one version. */
function nextBlock(version: Version): Version {
  return firstPrerelease(nextRelease(version));
}

/** Cuts an interval of prereleases at each version; nothing if there are too many of them. */
function byVersion({ low, high }: Interval): Interval[] {
  const parts: Interval[] = [];
  let start = low;
  while (high !== undefined && parts.length < NEIGHBORS_MAX) {
    const end = nextBlock(start);
    if (compareVersions(high, end) <= 0) {
      return [...parts, { low: start, high }];
    }
    parts.push({ low: start, high: end });
    start = end;
  }
  return [];
}

function isSame(a: Version | undefined, b: Version): boolean {
  return a !== undefined && compareVersions(a, b) === 0;
}

function formatInterval({ low, high }: Interval): string {
  const first = formatVersion(low);
  const isFirst = isSame(low, release(0));
  if (high === undefined) return isFirst ? "*" : `>=${first}`;
  if (isSame(high, isPrerelease(low) ? nextVersion(low) : nextRelease(low))) {
    return first;
  }
  const { major, minor } = low;
  const caret = major > 0
    ? release(major + 1)
    : minor > 0
    ? release(0, minor + 1)
    : nextRelease(low);
  if (isSame(high, caret)) return `^${first}`;
  if (isSame(high, release(major, minor + 1))) return `~${first}`;
  return `${isFirst ? "" : `>=${first} `}<${formatVersion(high)}`;
}
