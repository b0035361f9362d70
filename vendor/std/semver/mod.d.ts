/**
 * Declarations of the functions behind `mod.ts`, with the signatures that
 * `jsr:@std/semver` 1.0.8 gives them.
 *
 * @module
 */

/** What `increment` raises, and what `difference` finds. */
export type ReleaseType =
  | "pre"
  | "major"
  | "premajor"
  | "minor"
  | "preminor"
  | "patch"
  | "prepatch"
  | "prerelease";

/** How a version is compared; `undefined` means equal. */
export type Operator = undefined | "=" | "!=" | ">" | ">=" | "<" | "<=";

/** A version, taken apart. */
export interface SemVer {
  /** Raised by changes that break callers. */
  major: number;
  /** Raised by additions. */
  minor: number;
  /** Raised by repairs. */
  patch: number;
  /** What follows the hyphen. */
  prerelease?: (string | number)[];
  /** What follows the plus; never compared. */
  build?: string[];
}

/** A version and the operator that a candidate is compared by. */
export interface Comparator extends SemVer {
  /** How to compare. */
  operator?: Operator;
}

/** Alternatives of comparators that must all hold. */
export type Range = Comparator[][];

/** What `increment` appends. */
export interface IncrementOptions {
  /** The prerelease to begin or to go on with. */
  prerelease?: string;
  /** The build metadata of the result. */
  build?: string;
}

/** Parses a version; throws a `TypeError` if it is none. */
export declare function parse(value: string): SemVer;

/** Parses a version, or returns `undefined`. */
export declare function tryParse(value: string): SemVer | undefined;

/** Whether `value` is a version that can be parsed. */
export declare function canParse(value: string): boolean;

/** Parses a range; throws a `TypeError` if it is none. */
export declare function parseRange(value: string): Range;

/** Parses a range, or returns `undefined`. */
export declare function tryParseRange(value: string): Range | undefined;

/** The text of a version. */
export declare function format(version: SemVer): string;

/** The text of a range. */
export declare function formatRange(range: Range): string;

/** Whether a version lies in a range. */
export declare function satisfies(version: SemVer, range: Range): boolean;

/** The greatest of `versions` in the range. */
export declare function maxSatisfying(
  versions: SemVer[],
  range: Range,
): SemVer | undefined;

/** The least of `versions` in the range. */
export declare function minSatisfying(
  versions: SemVer[],
  range: Range,
): SemVer | undefined;

/** The order of two versions. */
export declare function compare(
  version1: SemVer,
  version2: SemVer,
): 1 | 0 | -1;

/** Whether two versions are equal. */
export declare function equals(version1: SemVer, version2: SemVer): boolean;

/** Whether two versions differ. */
export declare function notEquals(version1: SemVer, version2: SemVer): boolean;

/** Whether `version1 > version2`. */
export declare function greaterThan(
  version1: SemVer,
  version2: SemVer,
): boolean;

/** Whether `version1 >= version2`. */
export declare function greaterOrEqual(
  version1: SemVer,
  version2: SemVer,
): boolean;

/** Whether `version1 < version2`. */
export declare function lessThan(version1: SemVer, version2: SemVer): boolean;

/** Whether `version1 <= version2`. */
export declare function lessOrEqual(
  version1: SemVer,
  version2: SemVer,
): boolean;

/** Whether a version lies above all of a range. */
export declare function greaterThanRange(
  version: SemVer,
  range: Range,
): boolean;

/** Whether a version lies below all of a range. */
export declare function lessThanRange(version: SemVer, range: Range): boolean;

/** Whether some version could lie in both ranges. */
export declare function rangeIntersects(range1: Range, range2: Range): boolean;

/** What separates two versions. */
export declare function difference(
  version1: SemVer,
  version2: SemVer,
): ReleaseType | undefined;

/** The version that follows as a release of this kind. */
export declare function increment(
  version: SemVer,
  release: ReleaseType,
  options?: IncrementOptions,
): SemVer;

/** Whether a value is a version that was taken apart. */
export declare function isSemVer(value: unknown): value is SemVer;

/** Whether a value is a range that was taken apart. */
export declare function isRange(value: unknown): value is Range;
