import { listOf } from "../base/mod.ts";
import {
  assertVersions,
  compareVersions,
  firstPrerelease,
  isPrerelease,
  nextRelease,
  release,
  releaseOf,
  type Version,
} from "./parse_version.ts";
import {
  assertVersionSets,
  type Borders,
  EVERY_VERSION,
  holds,
  intersection,
  union,
  type VersionSet,
} from "./version_set.ts";

/**
 * Finds a simpler set that picks the same of the versions that exist: borders are where versions
 * are, and what no version lies beyond is open.
 *
 * @param set The set.
 * @param versions The versions that exist, in any order.
 * @returns A set that can be written as a range.
 * @throws {OptionError} `INVALID_OPTION` if it is no set, or the versions are no list of such.
 */
export function simplifyRange(
  set: VersionSet,
  versions: readonly Version[],
): VersionSet {
  assertVersionSets("simplifyRange", set);
  const listed = listOf("versions of simplifyRange", versions);
  assertVersions("simplifyRange", listed);
  const sorted = listed.toSorted(compareVersions);
  const releases = sorted.filter((version) => !isPrerelease(version));
  const byRelease = Map.groupBy(
    sorted.filter(isPrerelease),
    (version) => JSON.stringify(releaseOf(version)),
  );
  const first = release(0);
  let result: VersionSet = {
    releases: flipsAmong(releases, set, first),
    prereleases: [],
  };
  for (const block of byRelease.values()) {
    const start = firstPrerelease(releaseOf(block[0]!));
    const end = firstPrerelease(nextRelease(start));
    const inside = { releases: [], prereleases: [start, end] };
    const prereleases = flipsAmong(block, set, start);
    result = union(
      result,
      intersection({ ...EVERY_VERSION, prereleases }, inside),
    );
  }
  return result;
}

/** The versions at which membership flips; the first of them stands for all before it. */
function flipsAmong(
  sorted: readonly Version[],
  set: VersionSet,
  first: Version,
): Borders {
  const borders: Version[] = [];
  for (const [index, version] of sorted.entries()) {
    if (holds(set, version) === (borders.length % 2 === 1)) continue;
    borders.push(index === 0 ? first : version);
  }
  return borders;
}
