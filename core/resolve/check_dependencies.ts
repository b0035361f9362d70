import {
  assertMethods,
  compareText,
  invalidOption,
  isPlainObject,
  optionsOf,
  suggest,
} from "../base/mod.ts";
import { satisfiesRange } from "../versions/mod.ts";

/** A plugin, as far as its dependencies go. */
export interface Dependent {
  /** Its id. */
  readonly id: string;
  /** What it needs, with the ranges it works with. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** What it can do without, with the ranges it works with if that is there. */
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A plugin that could be depended on. */
export interface Candidate {
  /** Its version. */
  readonly version: string;
  /** Where it stands: only `active` will do. */
  readonly state: string;
  /** Plugins that it stands in for, with the versions that it counts as. */
  readonly provides?: Readonly<Record<string, string>>;
}

/** Plugins that could be depended on, by id. */
export interface Candidates extends Iterable<readonly [string, Candidate]> {
  /**
   * Finds one.
   *
   * @param id Its id.
   * @returns The plugin, if it is there.
   */
  get(id: string): Candidate | undefined;
}

/** What there is to depend on. */
export interface DependencyOptions {
  /** Ranges that replace those that plugins ask for, by id. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** What a plugin depends on in fact. */
export interface DependencyTargets {
  /** From what it needs to the plugin that is that, or stands in for it. */
  readonly needs: ReadonlyMap<string, string>;
  /** The plugins that it could do without, as far as they are there. */
  readonly likes: readonly string[];
}

/** One dependency that does not hold. */
export interface DependencyFailure {
  /** Code of the error that it makes. */
  readonly code:
    | "DEPENDENCY_MISSING"
    | "DEPENDENCY_NOT_READY"
    | "DEPENDENCY_VERSION";
  /** Id of the plugin that needs something. */
  readonly id: string;
  /** Id of what it needs. */
  readonly dependency: string;
  /** The range it works with. */
  readonly wanted: string;
  /** The version that is there. */
  readonly found?: string;
  /** Where what it needs stands, if that is the problem. */
  readonly state?: string;
  /** Ids that look like the one that is missing. */
  readonly suggestions: readonly string[];
}

/** One dependency, as it counts. */
interface Wish {
  readonly dependency: string;
  readonly wanted: string;
  readonly isOptional: boolean;
}

/** A plugin that is what was wished for, or stands in for it. */
interface Target {
  readonly id: string;
  /** The version that it has, or counts as. */
  readonly version: string;
  readonly state: string;
}

/**
 * Compares what a plugin needs with what is there.
 *
 * @param plugin The plugin.
 * @param candidates What is there, by id.
 * @param options Which ranges count.
 * @returns Every dependency that does not hold, sorted by id; none if all do.
 * @throws {OptionError} `INVALID_OPTION` if an argument is none of those it may be.
 */
export function checkDependencies(
  plugin: Dependent,
  candidates: Candidates,
  options: DependencyOptions = {},
): DependencyFailure[] {
  assertDependent(plugin);
  assertMethods("candidates", candidates, "get", Symbol.iterator);
  const { overrides } = optionsOf("checkDependencies", options);
  assertRanges("overrides", overrides);
  return wishesOf(plugin, options).flatMap((wish): DependencyFailure[] => {
    const { dependency, wanted, isOptional } = wish;
    const target = targetOf(wish, plugin.id, candidates);
    const failure = { id: plugin.id, dependency, wanted, suggestions: [] };
    if (target === undefined) {
      if (isOptional) return [];
      const others = Array.from(candidates, ([id]) => id)
        .filter((id) => id !== plugin.id);
      const suggestions = suggest(dependency, others);
      return [{ ...failure, code: "DEPENDENCY_MISSING", suggestions }];
    }
    const { version: found, state } = target;
    if (!satisfiesRange(found, wanted)) {
      return [{ ...failure, code: "DEPENDENCY_VERSION", found }];
    }
    if (state === "active") return [];
    return [{ ...failure, code: "DEPENDENCY_NOT_READY", found, state }];
  });
}

/**
 * Finds the plugins that another one depends on in fact.
 *
 * @param plugin The plugin, all of whose dependencies hold.
 * @param candidates What is there, by id.
 * @param options Which ranges count.
 * @returns The plugins, sorted by what they are needed as.
 */
export function dependencyTargets(
  plugin: Dependent,
  candidates: Candidates,
  options: DependencyOptions = {},
): DependencyTargets {
  const needs = new Map<string, string>();
  const likes = new Set<string>();
  for (const wish of wishesOf(plugin, options)) {
    const target = targetOf(wish, plugin.id, candidates);
    if (target === undefined) continue;
    if (wish.isOptional) likes.add(target.id);
    else needs.set(wish.dependency, target.id);
  }
  return { needs, likes: [...likes] };
}

function assertDependent(plugin: unknown): void {
  const { id, dependencies, optionalDependencies }: Partial<Dependent> = Object(
    plugin,
  );
  if (typeof id !== "string") {
    throw invalidOption(
      "plugin of checkDependencies",
      plugin,
      "one with an id",
    );
  }
  assertRanges("dependencies", dependencies);
  assertRanges("optionalDependencies", optionalDependencies);
}

/** Each when it is looked at: of most candidates nobody asks anything. */
function assertCandidate(id: string, candidate: unknown): void {
  const { version, state }: Partial<Candidate> = Object(candidate);
  if (typeof version === "string" && typeof state === "string") return;
  const wanted = "an object with version and state";
  throw invalidOption(`candidates ${id}`, candidate, wanted);
}

function assertRanges(option: string, ranges: unknown): void {
  if (ranges === undefined) return;
  const isFine = isPlainObject(ranges) &&
    Object.values(ranges).every((range) => typeof range === "string");
  if (!isFine) throw invalidOption(option, ranges, "ranges by id");
}

/** Sorted. What is optional is so even if it is also named as required. */
function wishesOf(
  { dependencies = {}, optionalDependencies = {} }: Dependent,
  { overrides = {} }: DependencyOptions,
): Wish[] {
  const written = Object.entries({ ...dependencies, ...optionalDependencies });
  return written.sort(([a], [b]) => compareText(a, b))
    .map(([dependency, range]) => ({
      dependency,
      wanted: Object.hasOwn(overrides, dependency)
        ? overrides[dependency]!
        : range,
      isOptional: Object.hasOwn(optionalDependencies, dependency),
    }));
}

/** The plugin of that name if it will do, else the first that stands in for it and will. */
function targetOf(
  { dependency, wanted }: Wish,
  ownId: string,
  candidates: Candidates,
): Target | undefined {
  const own = candidates.get(dependency);
  if (own !== undefined) assertCandidate(dependency, own);
  const named = own && { id: dependency, ...own };
  if (named && satisfiesRange(named.version, wanted)) return named;
  const substitutes = [...candidates].flatMap(([id, candidate]) => {
    assertCandidate(id, candidate);
    const { provides, state } = candidate;
    const version =
      id === ownId || !provides || !Object.hasOwn(provides, dependency)
        ? undefined
        : provides[dependency];
    return version === undefined ? [] : [{ id, version, state }];
  }).sort((a, b) => compareText(a.id, b.id));
  return substitutes.find(({ version }) => satisfiesRange(version, wanted)) ??
    named ?? substitutes[0];
}
