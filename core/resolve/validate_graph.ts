import { compareText } from "../base/mod.ts";
import {
  checkDependencies,
  type DependencyFailure,
  type DependencyOptions,
  dependencyTargets,
  type Dependent,
} from "./check_dependencies.ts";
import { findCycles } from "./find_cycles.ts";

/** A plugin, as far as the graph of all plugins goes. */
export interface GraphMember extends Dependent {
  /** Its version. */
  readonly version: string;
  /** Plugins that it stands in for, with the versions that it counts as. */
  readonly provides?: Readonly<Record<string, string>>;
}

/** A dependency whose version does not fit. */
export interface UnsatisfiedDependency {
  /** Id of the plugin that needs something. */
  readonly id: string;
  /** Id of what it needs. */
  readonly dependency: string;
  /** The range it works with. */
  readonly wanted: string;
  /** The version that is there. */
  readonly found: string;
}

/** What is wrong with a graph of plugins. */
export interface GraphReport {
  /** Whether nothing is. */
  readonly ok: boolean;
  /** From plugins to what they need and is not there, both sorted. */
  readonly missing: ReadonlyMap<string, readonly string[]>;
  /** Dependencies whose version does not fit, sorted. */
  readonly unsatisfied: readonly UnsatisfiedDependency[];
  /** Circles of dependencies, short ones first. */
  readonly cycles: readonly (readonly string[])[];
}

/** How a graph of plugins is looked at. */
export interface GraphOptions {
  /** Leaves out dependencies that are not there. */
  readonly internalOnly?: boolean;
}

/** How a graph of plugins is checked. */
export interface ValidateGraphOptions extends GraphOptions, DependencyOptions {}

/**
 * Looks for everything that is wrong with a graph of plugins.
 *
 * @param members The plugins, in any order.
 * @param options Whether absent plugins count, and which ranges.
 * @returns What was found.
 */
export function validateGraph(
  members: Iterable<GraphMember>,
  options: ValidateGraphOptions = {},
): GraphReport {
  const sorted = [...members].sort((a, b) => compareText(a.id, b.id));
  const candidates = new Map(
    sorted.map(({ id, version, provides }) => [
      id,
      { version, state: "active", ...provides && { provides } },
    ]),
  );
  const failures = sorted.flatMap((member) =>
    checkDependencies(member, candidates, options)
  );
  const missing = missingByPlugin(options.internalOnly ? [] : failures);
  const unsatisfied = failures.flatMap(({ id, dependency, wanted, found }) =>
    found === undefined ? [] : [{ id, dependency, wanted, found }]
  );
  const cycles = findCycles(
    new Map(sorted.map((member) => {
      const { needs, likes } = dependencyTargets(member, candidates, options);
      return [member.id, [...needs.values(), ...likes]];
    })),
  );
  const ok = missing.size + unsatisfied.length + cycles.length === 0;
  return { ok, missing, unsatisfied, cycles };
}

function missingByPlugin(
  failures: readonly DependencyFailure[],
): Map<string, string[]> {
  const missing = new Map<string, string[]>();
  for (const { code, id, dependency } of failures) {
    if (code !== "DEPENDENCY_MISSING") continue;
    missing.set(id, [...missing.get(id) ?? [], dependency]);
  }
  return missing;
}
