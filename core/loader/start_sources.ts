import type { Clock } from "../base/mod.ts";
import type { GuestSdk } from "../sandbox/guest_graph.ts";
import type { Decoders } from "../sandbox/decoder.ts";
import type { Tier } from "../sandbox/enclosure.ts";
import type { SandboxLimits } from "../sandbox/limits.ts";
import { createModuleReader } from "../sandbox/module_reader.ts";
import { integrityMismatch } from "./errors.ts";
import type { Fetch } from "./fetch_options.ts";
import type { LoadedSource } from "./loaded_source.ts";
import { fetchModuleGraph } from "./module_graph.ts";
import type { LoadRecord } from "./lockfile/load_record.ts";
import { ModuleStore } from "./module_store.ts";
import type { AuthorizeOptions } from "./policy/authorize.ts";
import type { Registries } from "./registries/registries.ts";
import { startGranted } from "./start_granted.ts";

/** What the host brings along for sandboxes. */
export interface SandboxParts {
  /** The library as sandboxes get it. */
  readonly sdk: GuestSdk;
  /** How contributions of sandboxed plugins are read. */
  readonly decoders?: Decoders;
}

/** Where a plugin's module is. */
export interface Place {
  /** As the host wrote it. */
  readonly specifier: string;
  /** As it was understood. */
  readonly url: string;
  /** The files that an inline plugin was made of the last time. */
  readonly modules?: readonly string[];
}

/** What sandboxes are started with. */
export interface StartOptions {
  /** Brings the library, and what reads contributions. */
  readonly parts: () => Promise<SandboxParts>;
  /** How much time and memory each plugin may take. */
  readonly limits: SandboxLimits;
  /** What they are kept in. */
  readonly tier: Tier;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Fetches modules over the network. */
  readonly fetch: Fetch;
  /** What the load is held against, and what it leaves behind. */
  readonly record: LoadRecord;
  /** Where packages come from. */
  readonly registries: Registries;
  /** What decides what plugins get. */
  readonly decide: Pick<AuthorizeOptions, "audit" | "consent" | "policies">;
  /** The digest that every graph must have, if one is wanted. */
  readonly integrity: string | undefined;
  /**
   * Asked about each graph before a sandbox is started for it; graphs for which it answers `false`
   * are left out.
   *
   * @param digest Digest of the graph.
   */
  readonly isWanted?: (digest: string) => boolean;
}

/**
 * Fetches the modules of several plugins, each module once, and starts a sandbox for each plugin.
 *
 * @param places Where the plugins are.
 * @param options What sandboxes are started with.
 * @param started Owns every sandbox from the moment it runs.
 * @returns The plugins, ready to be registered.
 */
export async function startSources(
  places: readonly Place[],
  options: StartOptions,
  started: AsyncDisposableStack,
): Promise<LoadedSource[]> {
  const { clock, fetch, integrity, record, tier: { isolation } } = options;
  await using reader = await createModuleReader(options);
  const store = new ModuleStore(reader, record);
  const sources: LoadedSource[] = [];
  for (const { specifier, url } of places) {
    const graph = await fetchModuleGraph(url, {
      store,
      clock,
      fetch,
      lock: record.expect(url),
      registries: options.registries,
    });
    const { digest } = graph;
    if (integrity !== undefined && integrity !== digest) {
      const what = "modules";
      throw integrityMismatch(url, {
        what,
        expected: integrity,
        found: digest,
      });
    }
    if (options.isWanted?.(digest) === false) continue;
    const parts = await options.parts();
    const decide = {
      ...options.decide,
      granted: record.grantsOf(url),
      frozen: record.isFrozen,
    };
    const { sandbox, grants } = await startGranted(
      { ...options, ...parts, graph },
      decide,
      started,
    );
    const { plugins } = sandbox;
    record.add(url, { graph, plugins, grants });
    sources.push({ isolation, specifier, url, plugins, sandbox, digest });
  }
  return sources;
}
