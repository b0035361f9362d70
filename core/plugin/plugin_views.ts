import { compareText } from "../base/mod.ts";
import {
  type GraphOptions,
  type GraphReport,
  validateGraph,
} from "../resolve/validate_graph.ts";
import { PluginCapability } from "./capability.ts";
import {
  explainPlugin,
  graphOf,
  type PluginExplanation,
} from "./dependency_views.ts";
import {
  dotOfGraph,
  type DrawGraphOptions,
  mermaidOfGraph,
} from "./draw_dependencies.ts";
import type { Foreseen } from "./foresee.ts";
import type { HookTrail } from "./hook_trail.ts";
import type { PluginHandle } from "./plugin.ts";
import type { PluginRecord } from "./plugin_record.ts";
import type { PluginTable } from "./plugin_table.ts";

/**
 * What can be seen of the plugins of a registry, without changing anything. A plugin that is just
 * being replaced counts as active: it does its work.
 */
export abstract class PluginViews {
  readonly #table: PluginTable;

  /**
   * Constructs a new instance.
   *
   * @param table The plugins.
   * @ignore
   */
  constructor(table: PluginTable) {
    this.#table = table;
  }

  /**
   * Finds an active plugin.
   *
   * @param id Its id.
   * @returns Its handle, or `undefined`.
   */
  get(id: string): PluginHandle | undefined {
    const record = this.#table.records.get(id);
    return record !== undefined && isStanding(record)
      ? record.handle
      : undefined;
  }

  /**
   * Which hooks of plugins some work waits for, for those who do such work one piece after the other.
   *
   * @ignore
   */
  get hooks(): HookTrail {
    return this.#table.hooks;
  }

  /**
   * Checks plugins by what has been said of them, before any of their code is there. Changes nothing.
   *
   * @param foreseen What is known of them.
   * @throws {OptionError} `INVALID_OPTION` if it is nothing of the kind.
   * @throws {PluginError} What registering them would throw before any of their hooks runs.
   */
  foresee(foreseen: Foreseen): void {
    this.#table.foresee(foreseen);
  }

  /**
   * Tells whether a plugin is active.
   *
   * @param id Its id.
   * @returns Whether it is.
   */
  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /**
   * Lists the active plugins.
   *
   * @returns Ids, sorted.
   */
  listPlugins(): string[] {
    return [...this.#standing().keys()].sort(compareText);
  }

  /**
   * Finds the active plugins that offer something.
   *
   * @param capability What they offer, as an object or as text.
   * @returns Their handles, sorted by id.
   * @throws {OptionError} `INVALID_OPTION` if it is no capability.
   */
  findByCapability(capability: PluginCapability | string): PluginHandle[] {
    const wanted = PluginCapability.parse(capability);
    return this.listPlugins().map((id) => this.get(id)!).filter((
      { metadata },
    ) =>
      metadata.capabilities?.some((offered) =>
        PluginCapability.equals(offered, wanted)
      )
    );
  }

  /**
   * Lists who depends on whom among the active plugins.
   *
   * @param options Whether dependencies that are not there count.
   * @returns From ids, sorted, to the ids they depend on, sorted.
   */
  dependencyGraph(options: GraphOptions = {}): Map<string, string[]> {
    return graphOf(this.#standing().values(), options);
  }

  /**
   * Looks for everything that is wrong with the dependencies of the active plugins.
   *
   * @param options Whether dependencies that are not there count.
   * @returns What was found.
   */
  validateDependencyGraph(options: GraphOptions = {}): GraphReport {
    const active = [...this.#standing().values()];
    return validateGraph(active.map(({ metadata }) => metadata), {
      ...options,
      overrides: this.#table.overrides,
    });
  }

  /**
   * Tells everything about one plugin and its place among the others.
   *
   * @param id Id of the plugin, which need not be active.
   * @returns What there is to tell.
   */
  explain(id: string): PluginExplanation {
    return explainPlugin(id, this.#standing());
  }

  /**
   * Draws who depends on whom in the DOT language of Graphviz.
   *
   * @example A picture for `dot -Tsvg`
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { PluginEventBus, PluginRegistry } from "@spiraltorch/spiraltorch/core";
   *
   * const events = new PluginEventBus();
   * await using registry = new PluginRegistry({ events, engineVersion: "0.1.0" });
   * await registry.register({ metadata: { id: "acme.demo", version: "1.0.0" } });
   * assertEquals(registry.toDot().includes('"acme.demo"'), true);
   * ```
   *
   * @param options Where its arrows go, and whether what is not there is drawn.
   * @returns The text of the graph.
   * @throws {OptionError} `INVALID_OPTION` if `rankdir` is no direction.
   */
  toDot(options: DrawGraphOptions = {}): string {
    return dotOfGraph(this.dependencyGraph(), options);
  }

  /**
   * Draws who depends on whom as a Mermaid flowchart.
   *
   * @param options Where its arrows go, and whether what is not there is drawn.
   * @returns The text of the chart.
   * @throws {OptionError} `INVALID_OPTION` if `rankdir` is no direction.
   */
  toMermaid(options: DrawGraphOptions = {}): string {
    return mermaidOfGraph(this.dependencyGraph(), options);
  }

  #standing(): Map<string, PluginRecord> {
    return this.#table.inState("active", "reloading");
  }
}

function isStanding({ state }: PluginRecord): boolean {
  return state === "active" || state === "reloading";
}
