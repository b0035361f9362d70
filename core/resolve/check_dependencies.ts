import { compareText, suggest } from "../base/mod.ts";
import { satisfiesRange } from "./version.ts";

/** A plugin, as far as its dependencies go. */
export interface Dependent {
  /** Its id. */
  readonly id: string;
  /** What it needs, with the ranges it works with. */
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A plugin that could be depended on. */
export interface Candidate {
  /** Its version. */
  readonly version: string;
  /** Where it stands: only `active` will do. */
  readonly state: string;
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

/**
 * Compares what a plugin needs with what is there.
 *
 * @param plugin The plugin.
 * @param candidates What is there, by id.
 * @returns Every dependency that does not hold, sorted by id; none if all do.
 */
export function checkDependencies(
  plugin: Dependent,
  candidates: ReadonlyMap<string, Candidate>,
): DependencyFailure[] {
  const failures: DependencyFailure[] = [];
  const others = [...candidates.keys()].filter((id) => id !== plugin.id);
  const wantedById = Object.entries(plugin.dependencies ?? {})
    .sort(([a], [b]) => compareText(a, b));
  for (const [dependency, wanted] of wantedById) {
    const failure = { id: plugin.id, dependency, wanted, suggestions: [] };
    const candidate = candidates.get(dependency);
    if (candidate === undefined) {
      failures.push({
        ...failure,
        code: "DEPENDENCY_MISSING",
        suggestions: suggest(dependency, others),
      });
    } else if (!satisfiesRange(candidate.version, wanted)) {
      failures.push({
        ...failure,
        code: "DEPENDENCY_VERSION",
        found: candidate.version,
      });
    } else if (candidate.state !== "active") {
      failures.push({
        ...failure,
        code: "DEPENDENCY_NOT_READY",
        found: candidate.version,
        state: candidate.state,
      });
    }
  }
  return failures;
}
