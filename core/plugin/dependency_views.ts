/**
 * What can be told about who depends on whom among the plugins of a registry.
 *
 * @module
 */
import { compareText } from "../base/mod.ts";
import { dependentsByPlugin, transitiveDependents } from "../resolve/graph.ts";
import type { GraphOptions } from "../resolve/validate_graph.ts";
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
}

/** What can be told about one plugin. */
export interface PluginExplanation {
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
  /** What it needs, sorted. */
  readonly dependencies: readonly ExplainedDependency[];
  /** What it needs and is not there, sorted. */
  readonly missing: readonly string[];
  /** Who needs it, sorted. */
  readonly directDependents: readonly string[];
  /** Who needs it, directly or through others, sorted. */
  readonly transitiveDependents: readonly string[];
  /** What it owns, in the order in which it was added. */
  readonly contributions: readonly string[];
}

/**
 * Lists what a plugin needs, and what it will need once it has been replaced.
 *
 * @param record The plugin.
 * @returns Ids, each once.
 */
export function needsOf({ metadata, next }: PluginRecord): string[] {
  const later = Object.keys(next?.metadata.dependencies ?? {});
  return [...new Set([...Object.keys(metadata.dependencies ?? {}), ...later])];
}

/**
 * Lists who depends on whom.
 *
 * @param records The plugins.
 * @param options Whether dependencies that are not there count.
 * @returns From ids, sorted, to the ids they depend on, sorted.
 */
export function graphOf(
  records: Iterable<PluginRecord>,
  { internalOnly = false }: GraphOptions = {},
): Map<string, string[]> {
  const metadata = [...records].map((record) => record.metadata)
    .sort((a, b) => compareText(a.id, b.id));
  const ids = new Set(metadata.map(({ id }) => id));
  return new Map(metadata.map(({ id, dependencies = {} }) => [
    id,
    Object.keys(dependencies)
      .filter((dependency) => !internalOnly || ids.has(dependency))
      .sort(compareText),
  ]));
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
  const graph = graphOf(records.values());
  const record = records.get(id);
  const dependencies = (graph.get(id) ?? []).map((dependency) => {
    const found = records.get(dependency)?.metadata.version;
    const range = record!.metadata.dependencies![dependency]!;
    return { id: dependency, range, ...found === undefined ? {} : { found } };
  });
  const missing = dependencies.filter(({ found }) => found === undefined);
  return {
    pluginId: id,
    registered: record !== undefined,
    ...record === undefined ? {} : {
      source: record.source,
      isolation: record.isolation,
      metadata: record.metadata,
    },
    dependencies,
    missing: missing.map((dependency) => dependency.id),
    directDependents: dependentsByPlugin(graph).get(id) ?? [],
    transitiveDependents: transitiveDependents(id, graph),
    contributions: record?.handle.contributions() ?? [],
  };
}
