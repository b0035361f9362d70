/**
 * What versions are picked from, how, and what comes of it.
 *
 * @module
 */

/** What one version of a plugin needs, as far as picking versions goes. */
export interface CandidateMetadata {
  /** Plugins that must be there, with the ranges it works with. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Plugins that it can do without: taken along if nothing speaks against it, in these ranges only. */
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  /** Plugins that it stands in for, with the versions that it counts as. */
  readonly provides?: Readonly<Record<string, string>>;
  /** Versions of the library it works with. */
  readonly engines?: {
    /** A semver range over the library's version. */
    readonly spiraltorch?: string;
  };
  /** Withdrawn by its author, with or without a reason: taken only where it is locked. */
  readonly yanked?: boolean | string;
}

/**
 * Where plugins could come from. It is asked once for each thing in one resolution.
 *
 * @example The newest versions that work together
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PluginEventBus, PluginRegistry } from "@spiraltorch/spiraltorch/core";
 *
 * const events = new PluginEventBus();
 * await using registry = new PluginRegistry({ events, engineVersion: "0.1.0" });
 * const plugins: Record<string, Record<string, Record<string, string>>> = {
 *   "acme.net": { "1.0.0": { "acme.core": "^1.0.0" } },
 *   "acme.core": { "1.0.0": {}, "1.2.0": {}, "2.0.0": {} },
 * };
 * const plan = await registry.resolve({ "acme.net": "*" }, {
 *   versions: (id) => Object.keys(plugins[id] ?? {}),
 *   metadata: (id, version) => ({ dependencies: plugins[id]![version]! }),
 * });
 * assertEquals(plan.order, ["acme.core", "acme.net"]);
 * assertEquals(plan.versions.get("acme.core"), "1.2.0");
 * ```
 */
export interface PluginSource {
  /**
   * Lists the versions of a plugin.
   *
   * @param id Id of the plugin.
   * @returns Its versions, in any order; none if there is no such plugin.
   */
  versions(id: string): readonly string[] | Promise<readonly string[]>;
  /**
   * Tells what one version needs. Only versions that are considered are asked for.
   *
   * @param id Id of the plugin.
   * @param version One of its versions.
   * @returns Its metadata; what has nothing to do with picking versions is ignored.
   */
  metadata(
    id: string,
    version: string,
  ): CandidateMetadata | Promise<CandidateMetadata>;
  /**
   * Lists plugins of which some version stands in for another plugin.
   *
   * @param id Id of that other plugin.
   * @returns Ids; none if the source has no such index.
   */
  providers?(id: string): readonly string[] | Promise<readonly string[]>;
  /**
   * Lists all plugins, to say what a mistyped id may have meant.
   *
   * @returns Ids.
   */
  ids?(): readonly string[] | Promise<readonly string[]>;
}

/** Versions that must not be taken. */
export interface Exclusion {
  /** Id of the plugin. */
  readonly id: string;
  /** Which of its versions; all if left out. */
  readonly range?: string;
  /** Why, in words. */
  readonly reason: string;
}

/** How versions are picked. */
export interface ResolveOptions {
  /** Versions that were picked before, by id. */
  readonly locked?: Readonly<Record<string, string>>;
  /** Whether a locked version comes before newer ones, `locked` if left out, or does not. */
  readonly prefer?: "locked" | "newest";
  /** Ranges that replace those that dependents ask for, by id. Requests keep theirs. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** What the host does not allow. */
  readonly exclusions?: readonly Exclusion[];
  /** Ends the search when it is aborted. */
  readonly signal?: AbortSignal;
  /**
   * How many steps the search may take: decisions, and conflicts that were understood. Thousands of
   * plugins that go well together take one step each.
   *
   * @default {1_000_000}
   */
  readonly stepsMax?: number;
}

/** One version of each plugin that is needed, and the order to load them in. */
export interface LoadPlan {
  /** Ids, each after all it depends on. */
  readonly order: readonly string[];
  /** The version of each, in load order. */
  readonly versions: ReadonlyMap<string, string>;
  /** What each depends on among the others, sorted: substitutes in place of what they stand in for. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
}
