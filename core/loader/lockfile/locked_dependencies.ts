import { compareText } from "../../base/mod.ts";
import {
  type DependencyMember,
  type DependencyPlace,
  graphOf,
  placeOf,
} from "../../plugin/dependency_views.ts";
import {
  checkDependencies,
  type DependencyFailure,
  dependencyTargets,
} from "../../resolve/check_dependencies.ts";
import { dependenciesFailed } from "../../resolve/errors.ts";
import {
  type GraphReport,
  validateGraph,
} from "../../resolve/validate_graph.ts";
import type { LockedPlugin, LockEntries } from "./lock_entry.ts";

/**
 * Which of the plugins of a lockfile needs which, as far as the lockfile says so: none of them runs, and
 * nothing is fetched. Of a plugin that is locked more than once the later entry counts.
 */
export class LockedDependencies {
  readonly #members: ReadonlyMap<string, LockedMember>;

  /**
   * Constructs a new instance.
   *
   * @param entries What the lockfile says.
   */
  constructor(entries: LockEntries) {
    const plugins = new Map(
      Array.from(entries.values(), (entry) => [...entry.plugins]).flat()
        .sort(([a], [b]) => compareText(a, b)),
    );
    const candidates = new Map(
      Array.from(
        plugins,
        ([id, plugin]) => [id, { ...plugin, state: "active" }],
      ),
    );
    this.#members = new Map(
      Array.from(plugins, ([id, plugin]) => {
        const metadata = { id, ...plugin };
        const found = dependencyTargets(metadata, candidates);
        // What is not there stands for itself, so that it shows.
        const asked = Object.keys(plugin.dependencies)
          .filter((each) => !Object.hasOwn(plugin.optionalDependencies, each))
          .sort(compareText);
        const needs = new Map(
          asked.map((each) => [each, found.needs.get(each) ?? each]),
        );
        return [id, { metadata, targets: { ...found, needs } }];
      }),
    );
  }

  /** Ids of the plugins, sorted. */
  get ids(): readonly string[] {
    return [...this.#members.keys()];
  }

  /**
   * Finds a plugin.
   *
   * @param id Its id.
   * @returns What the lockfile says about it, if it is there.
   */
  get(id: string): LockedPlugin | undefined {
    return this.#members.get(id)?.metadata;
  }

  /**
   * Lists who depends on whom.
   *
   * @returns From ids, sorted, to the ids they depend on, sorted.
   */
  graph(): Map<string, string[]> {
    return graphOf(this.#members.values());
  }

  /**
   * Tells what a plugin needs and who needs it.
   *
   * @param id Id of the plugin.
   * @returns Its place among the others.
   */
  placeOf(id: string): DependencyPlace {
    return placeOf(id, this.#members);
  }

  /**
   * Looks for everything that is wrong with the dependencies.
   *
   * @returns What was found.
   */
  validate(): GraphReport {
    return validateGraph(this.#metadata());
  }

  /**
   * Requires that nothing is missing that was there before.
   *
   * @param former What there was.
   * @throws {PluginError} `DEPENDENCY_MISSING`, `DEPENDENCY_VERSION`.
   */
  assertAsMetAs(former: LockedDependencies): void {
    const known = new Set(former.#failures().map(nameOf));
    const [first, ...others] = this.#failures()
      .filter((failure) => !known.has(nameOf(failure)));
    if (first !== undefined) throw dependenciesFailed([first, ...others]);
  }

  #failures(): DependencyFailure[] {
    const all = this.#metadata();
    const candidates = new Map(
      all.map((plugin) => [plugin.id, { ...plugin, state: "active" }]),
    );
    return all.flatMap((plugin) => checkDependencies(plugin, candidates));
  }

  #metadata(): LockedMember["metadata"][] {
    return Array.from(this.#members.values(), ({ metadata }) => metadata);
  }
}

interface LockedMember extends DependencyMember {
  readonly metadata: LockedPlugin & { readonly id: string };
}

function nameOf({ id, dependency }: DependencyFailure): string {
  return JSON.stringify([id, dependency]);
}
