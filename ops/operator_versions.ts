/**
 * The versions of operators that have been added, side by side. A reference is a name, `acme:swish`, or
 * a name and a range in npm's notation, `acme:swish@^1.2`; no name has an `@`. A name alone means the
 * newest version that is no prerelease, a range the newest in it.
 *
 * What an older generation of an owner has added stands behind all that its newer generation adds, until
 * one of the two goes.
 *
 * @module
 */
import { printable } from "../core/base/mod.ts";
import {
  compareVersions,
  holds,
  parseRange,
  parseVersion,
  type Version,
} from "../core/versions/mod.ts";
import { BUILTIN_OPERATORS } from "./builtin/all.ts";
import { operatorInvalid } from "./errors.ts";
import type { Operator } from "./graph/node.ts";

/** An operator that has been added. */
export interface OperatorEntry {
  /** The operator. */
  readonly operator: Operator;
  /** Who added it: a plugin's id; `undefined` for the host. */
  readonly owner: string | undefined;
  /** Which generation of the owner added it. */
  readonly generation: number;
  /** Its version. */
  readonly version: Version;
}

/** A reference, taken apart. */
export interface OperatorReference {
  /** The name. */
  readonly name: string;
  /** The range; none for whatever the name alone means. */
  readonly range: string | undefined;
}

/**
 * Takes a reference apart.
 *
 * @param reference The reference.
 * @returns Its name and its range.
 */
export function parseReference(reference: string): OperatorReference {
  // Plain JavaScript may pass anything, which then is no operator's name.
  const at = typeof reference === "string" ? reference.indexOf("@") : -1;
  return at < 0 ? { name: reference, range: undefined } : {
    name: reference.slice(0, at),
    range: reference.slice(at + 1).trim(),
  };
}

/**
 * Makes what tells whether a version is in a range.
 *
 * @param range The range; all versions if `undefined`.
 * @returns The function; it says no to all where the text is no range.
 */
export function rangeTest(
  range: string | undefined,
): (version: Version) => boolean {
  if (range === undefined) return () => true;
  const set = range === "" ? undefined : parseRange(range);
  return (version) => set !== undefined && holds(set, version);
}

/** Whether two entries have the same version; build metadata makes no other one of it. */
export function isSameVersion(
  left: OperatorEntry,
  right: OperatorEntry,
): boolean {
  return compareVersions(left.version, right.version) === 0;
}

/** The generation of what nobody has added. */
export const LIBRARY = 0;

const NONE: readonly OperatorEntry[] = [];

/** Operators by every name that they are found by: their own, aliases and those of outputs. */
export class OperatorVersions {
  /** Of each name, what it means first, then the others in the order in which ranges try them. */
  readonly #entries = new Map<string, readonly OperatorEntry[]>();

  /**
   * Lists all names.
   *
   * @returns The names, in the order in which they were first used.
   */
  names(): Iterable<string> {
    return this.#entries.keys();
  }

  /**
   * Lists the names of operators, without aliases and the names of outputs.
   *
   * @returns The names, in the order in which they were first used.
   */
  *ownNames(): Generator<string> {
    for (const [name, [first]] of this.#entries) {
      if (first!.operator.name === name) yield name;
    }
  }

  /**
   * Finds what has been added under a name. Cost: O(1).
   *
   * @param name The name.
   * @returns The entries, best first.
   */
  of(name: string): readonly OperatorEntry[] {
    return this.#entries.get(name) ?? NONE;
  }

  /**
   * Finds what a reference means: what has been added, then what the library has. What is covered by the
   * same version is left out.
   *
   * @param reference The reference.
   * @returns The entries, best first. Where the name is that of an output, they hold its operator.
   */
  meantBy(reference: string): OperatorEntry[] {
    const { name, range } = parseReference(reference);
    const isMeant = rangeTest(range);
    const found: OperatorEntry[] = [];
    for (const entry of [...this.of(name), ...libraryEntries(name)]) {
      if (!isMeant(entry.version)) continue;
      if (found.some((other) => isSameVersion(other, entry))) continue;
      found.push({ ...entry, operator: partOf(entry.operator, name) });
    }
    return found;
  }

  /**
   * Adds an entry under all of its names.
   *
   * @param entry The entry.
   */
  add(entry: OperatorEntry): void {
    for (const name of namesOf(entry.operator)) {
      this.#set(name, [entry, ...this.of(name)]);
    }
  }

  /**
   * Takes an entry out.
   *
   * @param entry The entry itself.
   * @returns Whether it was there, and what its name and version meant.
   */
  remove(entry: OperatorEntry): boolean {
    const isMeant = this.of(entry.operator.name)
      .find((other) => isSameVersion(other, entry)) === entry;
    for (const name of namesOf(entry.operator)) {
      this.#set(name, this.of(name).filter((other) => other !== entry));
    }
    return isMeant;
  }

  #set(name: string, entries: readonly OperatorEntry[]): void {
    if (entries.length === 0) this.#entries.delete(name);
    else this.#entries.set(name, bestFirst(entries));
  }
}

function bestFirst(entries: readonly OperatorEntry[]): OperatorEntry[] {
  const newest = new Map<string | undefined, number>();
  for (const { owner, generation } of entries) {
    newest.set(owner, Math.max(generation, newest.get(owner) ?? 0));
  }
  function rank({ owner, generation, version }: OperatorEntry): number {
    const isStale = generation < newest.get(owner)!;
    return (isStale ? 2 : 0) + (version.prerelease.length > 0 ? 1 : 0);
  }
  return entries.toSorted((a, b) =>
    rank(a) - rank(b) || compareVersions(b.version, a.version) ||
    b.generation - a.generation
  );
}

/**
 * Reads the version of an operator.
 *
 * @param operator The operator.
 * @returns Its version.
 * @throws {TensorError} `OPERATOR_INVALID` if it has none that is a semantic one.
 */
export function versionOf({ name, version }: Operator): Version {
  const parsed = parseVersion(version);
  if (parsed) return parsed;
  const found = printable(String(version), 80);
  throw operatorInvalid(printable(name, 80), [{
    code: "DEFINITION",
    path: "version",
    message: `Found ${found}, wanted a semantic version, "1.0.0"`,
  }]);
}

/** Every name that an operator is found by, its own first. */
export function namesOf(
  { name, aliases = [], parts = [] }: Operator,
): Set<string> {
  return new Set([name, ...aliases, ...parts.map((part) => part.name)]);
}

/** The output of an operator that a name means; the operator itself where it means none. */
export function partOf(operator: Operator, name: string): Operator {
  return operator.parts?.find((part) => part.name === name) ?? operator;
}

function* libraryEntries(name: string): Generator<OperatorEntry> {
  const operator = BUILTIN_OPERATORS.get(name);
  if (!operator) return;
  const version = versionOf(operator);
  yield { operator, owner: undefined, generation: LIBRARY, version };
}
