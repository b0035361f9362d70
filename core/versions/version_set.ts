/**
 * Sets of versions. A range in npm's notation is an interval of releases, with the prereleases of a
 * few versions that it names; so a set keeps releases and prereleases apart. Each half is a sorted
 * list of borders, each border the first version behind it, at which membership flips, starting
 * from "outside". Borders are normalized, so equal sets are equal lists, and union, intersection,
 * complement, subset and emptiness are exact over all versions that could exist.
 *
 * @module
 */
import { invalidOption } from "../base/mod.ts";
import {
  assertVersions,
  compareVersions,
  firstPrerelease,
  isPrerelease,
  isVersionObject,
  nextRelease,
  nextVersion,
  release,
  releaseOf,
  type Version,
} from "./parse_version.ts";

/** Versions at which membership flips, sorted, without repetition. */
export type Borders = readonly Version[];

/** A set of versions. */
export interface VersionSet {
  /** Which releases are in it; every border is a release. */
  readonly releases: Borders;
  /** Which prereleases are in it; every border is a prerelease. */
  readonly prereleases: Borders;
}

/** The set without versions. */
export const NO_VERSION: VersionSet = { releases: [], prereleases: [] };

const FIRST = release(0);

/** The set of all versions, prereleases too. */
export const EVERY_VERSION: VersionSet = {
  releases: [FIRST],
  prereleases: [firstPrerelease(FIRST)],
};

/**
 * Requires sets of versions.
 *
 * **Cost**: one look at each border, of which most ranges have two.
 *
 * @param operation What takes them, for the message.
 * @param sets The sets.
 * @throws {OptionError} `INVALID_OPTION` if one is none.
 */
export function assertVersionSets(
  operation: string,
  ...sets: readonly unknown[]
): void {
  for (const value of sets) {
    const { releases, prereleases }: Partial<VersionSet> = Object(value);
    if (isBorders(releases) && isBorders(prereleases)) continue;
    const option = `a set of versions of ${operation}`;
    throw invalidOption(option, value, "one as parseRange gives it");
  }
}

function isBorders(value: unknown): boolean {
  return Array.isArray(value) && value.every(isVersionObject);
}

/** An interval from `low`, which is in it, to `high`, which is not. */
export interface Interval {
  /** The first version in it. */
  readonly low: Version;
  /** The first version behind it; without it, the interval has no end. */
  readonly high?: Version;
}

/**
 * The versions of an interval, by npm's rule for prereleases: those of the named versions only.
 *
 * @param interval The interval.
 * @param named Versions whose prereleases count.
 * @returns The set.
 */
export function intervalSet(
  { low, high }: Interval,
  named: readonly Version[],
): VersionSet {
  if (high !== undefined && compareVersions(low, high) >= 0) return NO_VERSION;
  const ends = high === undefined ? [low] : [low, high];
  const prereleases = named
    .map((version) => prereleasesOf(version))
    .reduce((a, b) => combine(a, b, or), []);
  return {
    releases: flips(ends.map(toRelease)),
    prereleases: combine(prereleases, flips(ends.map(toPrerelease)), and),
  };
}

/** The borders around all prereleases of one version. */
function prereleasesOf(version: Version): Borders {
  const first = releaseOf(version);
  return [firstPrerelease(first), firstPrerelease(nextRelease(first))];
}

/** The first release that is not before a version. */
function toRelease(version: Version): Version {
  return releaseOf(version);
}

/** The first prerelease that is not before a version. */
function toPrerelease(version: Version): Version {
  return isPrerelease(version) ? version : nextVersion(version);
}

/** Drops an interval without anything in it. */
function flips(ends: readonly Version[]): Borders {
  const [low, high] = ends;
  const isEmpty = high !== undefined && compareVersions(low!, high) >= 0;
  return isEmpty ? [] : ends;
}

function and(a: boolean, b: boolean): boolean {
  return a && b;
}

function or(a: boolean, b: boolean): boolean {
  return a || b;
}

/** Merges two lists of borders: a border stays where the combined membership flips. */
function combine(
  a: Borders,
  b: Borders,
  operation: (a: boolean, b: boolean) => boolean,
): Borders {
  const borders: Version[] = [];
  let [i, j, isInside] = [0, 0, false];
  while (i < a.length || j < b.length) {
    const order = i === a.length
      ? 1
      : j === b.length
      ? -1
      : compareVersions(a[i]!, b[j]!);
    const border = order <= 0 ? a[i]! : b[j]!;
    if (order <= 0) i++;
    if (order >= 0) j++;
    const isInsideNext = operation(i % 2 === 1, j % 2 === 1);
    if (isInsideNext !== isInside) borders.push(border);
    isInside = isInsideNext;
  }
  return borders;
}

/**
 * What is in both sets.
 *
 * @param a One set.
 * @param b The other.
 * @returns Their intersection.
 * @throws {OptionError} `INVALID_OPTION` if one is no set.
 */
export function intersection(a: VersionSet, b: VersionSet): VersionSet {
  assertVersionSets("intersection", a, b);
  return {
    releases: combine(a.releases, b.releases, and),
    prereleases: combine(a.prereleases, b.prereleases, and),
  };
}

/**
 * What is in one set or the other.
 *
 * @param a One set.
 * @param b The other.
 * @returns Their union.
 * @throws {OptionError} `INVALID_OPTION` if one is no set.
 */
export function union(a: VersionSet, b: VersionSet): VersionSet {
  assertVersionSets("union", a, b);
  return {
    releases: combine(a.releases, b.releases, or),
    prereleases: combine(a.prereleases, b.prereleases, or),
  };
}

/**
 * Every version that is not in a set, prereleases too.
 *
 * @param set The set.
 * @returns Its complement.
 * @throws {OptionError} `INVALID_OPTION` if it is no set.
 */
export function complement(set: VersionSet): VersionSet {
  assertVersionSets("complement", set);
  const not = (a: boolean, b: boolean) => b && !a;
  return {
    releases: combine(set.releases, EVERY_VERSION.releases, not),
    prereleases: combine(set.prereleases, EVERY_VERSION.prereleases, not),
  };
}

/**
 * Tells whether a set has no versions.
 *
 * @param set The set.
 * @returns Whether it is empty.
 * @throws {OptionError} `INVALID_OPTION` if it is no set.
 */
export function isEmpty(set: VersionSet): boolean {
  assertVersionSets("isEmpty", set);
  return set.releases.length + set.prereleases.length === 0;
}

/**
 * Tells whether all versions of one set are in another.
 *
 * @param inner The one set.
 * @param outer The other.
 * @returns Whether they are.
 * @throws {OptionError} `INVALID_OPTION` if one is no set.
 */
export function isSubset(inner: VersionSet, outer: VersionSet): boolean {
  return isEmpty(intersection(inner, complement(outer)));
}

/**
 * Tells whether a version is in a set.
 *
 * @param set The set.
 * @param version The version.
 * @returns Whether it is.
 * @throws {OptionError} `INVALID_OPTION` if it is no set, or no version.
 */
export function contains(set: VersionSet, version: Version): boolean {
  assertVersionSets("contains", set);
  assertVersions("contains", [version]);
  return holds(set, version);
}

/**
 * Tells whether a version is in a set, both of which the library has made: solving asks a great many
 * times.
 *
 * @param set The set.
 * @param version The version.
 * @returns Whether it is.
 */
export function holds(set: VersionSet, version: Version): boolean {
  const borders = isPrerelease(version) ? set.prereleases : set.releases;
  let isInside = false;
  for (const border of borders) {
    if (compareVersions(border, version) > 0) break;
    isInside = !isInside;
  }
  return isInside;
}
