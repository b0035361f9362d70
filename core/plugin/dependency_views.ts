/**
 * What can be told about who depends on whom among the plugins of a registry.
 *
 * @module
 */
import { compareText, optionsOf } from "../base/mod.ts";
import { dependentsByPlugin, transitiveDependents } from "../resolve/graph.ts";
import type { DependencyTargets } from "../resolve/check_dependencies.ts";
import type { GraphMember, GraphOptions } from "../resolve/validate_graph.ts";
import type { Isolation } from "./isolation.ts";
import type { ParsedMetadata } from "./plugin.ts";
import type { PluginRecord } from "./plugin_record.ts";

/** One dependency of a plugin. */
export interface ExplainedDependency {
  /** Id of what it needs. */
  readonly id: string;
  /** The range it works with. */
  readonly range: string;
  /** The version that is there, if it is. */
  readonly found?: string;
  /** The plugin that stands in for it, if one does. */
  readonly substitute?: string;
}

/** A plugin and what it depends on in fact, whether it runs or is only written down. */
export interface DependencyMember {
  /** Who it is and what it asks for. */
  readonly metadata: GraphMember;
  /** What that comes to among the others. */
  readonly targets: DependencyTargets;
}

/** The place of one plugin among others. */
export interface DependencyPlace {
  /** What it needs, sorted. */
  readonly dependencies: readonly ExplainedDependency[];
  /** What it needs and is not there, sorted. */
  readonly missing: readonly string[];
  /** Who needs it, sorted. */
  readonly directDependents: readonly string[];
  /** Who needs it, directly or through others, sorted. */
  readonly transitiveDependents: readonly string[];
}

/** What can be told about one plugin. */
export interface PluginExplanation extends DependencyPlace {
  /** Its id. */
  readonly pluginId: string;
  /** Whether it is active. */
  readonly registered: boolean;
  /** Where it came from, as its loader wrote it, or `host`, if it is active. */
  readonly source?: string;
  /** How far it is kept from the host, if it is active. */
  readonly isolation?: Isolation;
  /** Its metadata, if it is active. */
  readonly metadata?: ParsedMetadata;
  /** What it owns, in the order in which it was added. */
  readonly contributions: readonly string[];
}

/**
 * Lists what a plugin needs, and what it will need once it has been replaced.
 *
 * @param record The plugin.
 * @returns Ids, each once.
 */
export function needsOf({ targets, next }: PluginRecord): string[] {
  const later = next?.targets.needs.values() ?? [];
  return [...new Set([...targets.needs.values(), ...later])];
}

/**
 * Lists who is to go before whom: those that could do without each other too.
 *
 * @param records The plugins.
 * @returns From ids to the ids that go after them.
 */
export function orderOf(
  records: Iterable<PluginRecord>,
): Map<string, string[]> {
  return new Map(
    Array.from(records, ({ metadata: { id }, targets: { needs, likes } }) => [
      id,
      [...needs.values(), ...likes],
    ]),
  );
}

/**
 * Lists who depends on whom.
 *
 * @param records The plugins.
 * @param options Whether dependencies that are not there count.
 * @returns From ids, sorted, to the ids they depend on, sorted.
 */
export function graphOf(
  records: Iterable<DependencyMember>,
  options: GraphOptions = {},
): Map<string, string[]> {
  const { internalOnly = false } = optionsOf("dependencyGraph", options);
  const sorted = [...records]
    .sort((a, b) => compareText(a.metadata.id, b.metadata.id));
  const ids = new Set(sorted.map(({ metadata: { id } }) => id));
  return new Map(sorted.map(({ metadata: { id }, targets: { needs } }) => [
    id,
    [...new Set(needs.values())]
      .filter((dependency) => !internalOnly || ids.has(dependency))
      .sort(compareText),
  ]));
}

/**
 * Tells what one plugin needs and who needs it.
 *
 * @param id Id of the plugin.
 * @param members The plugins there are, by id.
 * @returns Its place among them.
 */
export function placeOf(
  id: string,
  members: ReadonlyMap<string, DependencyMember>,
): DependencyPlace {
  const graph = graphOf(members.values());
  const member = members.get(id);
  const dependencies = Array.from(
    member?.targets.needs ?? [],
    ([dependency, target]) => {
      const range = member!.metadata.dependencies![dependency]!;
      const there = members.get(target)?.metadata;
      const isOther = target !== dependency;
      const found = isOther ? there?.provides?.[dependency] : there?.version;
      return {
        id: dependency,
        range,
        ...found === undefined ? {} : { found },
        ...isOther ? { substitute: target } : {},
      };
    },
  );
  const missing = dependencies.filter(({ found }) => found === undefined);
  return {
    dependencies,
    missing: missing.map((dependency) => dependency.id),
    directDependents: dependentsByPlugin(graph).get(id) ?? [],
    transitiveDependents: transitiveDependents(id, graph),
  };
}

/**
 * Tells everything about one plugin and its place among the others.
 *
 * @param id Id of the plugin.
 * @param records The active plugins, by id.
 * @returns What there is to tell.
 */
export function explainPlugin(
  id: string,
  records: ReadonlyMap<string, PluginRecord>,
): PluginExplanation {
  const record = records.get(id);
  return {
    pluginId: id,
    registered: record !== undefined,
    ...record === undefined ? {} : {
      source: record.source,
      isolation: record.isolation,
      metadata: record.metadata,
    },
    ...placeOf(id, records),
    contributions: record?.handle.contributions() ?? [],
  };
}
