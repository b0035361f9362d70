// Not a test: sources of plugins, and what they resolve to.

import { assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { CandidateMetadata, PluginSource } from "./plugin_source.ts";
import {
  type EngineResolveOptions,
  resolvePlugins,
} from "./resolve_plugins.ts";

/** Plugins by id, each with its versions. */
export type Plugins = Record<string, Record<string, CandidateMetadata>>;

/** A source over a table; `id version` in `asked` for each metadata that was asked for. */
export function sourceOf(plugins: Plugins, asked: string[] = []): PluginSource {
  return {
    versions: (id) => Object.keys(plugins[id] ?? {}),
    metadata: (id, version) => {
      asked.push(`${id} ${version}`);
      return Promise.resolve(plugins[id]![version]!);
    },
    providers: (id) =>
      Object.keys(plugins).filter((name) =>
        Object.values(plugins[name]!).some(({ provides }) => provides?.[id])
      ),
    ids: () => Object.keys(plugins),
  };
}

/** What needs other plugins. */
export function needs(dependencies: Record<string, string>): CandidateMetadata {
  return { dependencies };
}

/** Resolves, for version 0.1.0 of the library unless it is said otherwise. */
export async function resolve(
  plugins: Plugins,
  requests: Record<string, string>,
  options: Partial<EngineResolveOptions> = {},
): Promise<{
  order: readonly string[];
  versions: Record<string, string>;
  edges: Record<string, readonly string[]>;
}> {
  const plan = await resolvePlugins(requests, sourceOf(plugins), {
    engineVersion: "0.1.0",
    ...options,
  });
  return {
    order: plan.order,
    versions: Object.fromEntries(plan.versions),
    edges: Object.fromEntries(plan.edges),
  };
}

/** The error of a resolution that fails. */
export async function failure(
  plugins: Plugins,
  requests: Record<string, string>,
  options: Partial<EngineResolveOptions> = {},
): Promise<PluginError> {
  return await assertRejects(
    () => resolve(plugins, requests, options),
    PluginError,
  );
}
