import type { Clock } from "../base/mod.ts";
import type { GuestSdk } from "../sandbox/guest_graph.ts";
import type { Decoders } from "../sandbox/decoder.ts";
import type { Tier } from "../sandbox/enclosure.ts";
import type { SandboxLimits } from "../sandbox/limits.ts";
import { createModuleReader } from "../sandbox/module_reader.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { integrityMismatch, manifestMismatch } from "./errors.ts";
import type { Fetch } from "./fetch_options.ts";
import type { IndexedPlace } from "./index/plugin_index.ts";
import type { Described, LoadedSource } from "./loaded_source.ts";
import { findLockedGraph } from "./locked_graph.ts";
import { assertWhole } from "./lockfile/assert_whole.ts";
import type { FetchLimits } from "./limits.ts";
import type { LoadRecord } from "./lockfile/load_record.ts";
import { findManifest } from "./manifest/find_manifest.ts";
import { isManifest, type PluginManifest } from "./manifest/plugin_manifest.ts";
import { mapSomeAtOnce } from "./map_some_at_once.ts";
import { fetchModuleGraph, type ModuleGraph } from "./module_graph.ts";
import { ModuleStore } from "./module_store.ts";
import type { FormerGrants } from "./policy/authorize.ts";
import type { Judge } from "./policy/judge_sources.ts";
import type { Registries } from "./registries/registries.ts";
import { groupOf, type TrustGroups } from "./policy/trust_groups.ts";
import type { Place } from "./place.ts";
import { sharable, startGranted } from "./start_granted.ts";

/** What the host brings along for sandboxes. */
export interface SandboxParts {
  /** The library as sandboxes get it. */
  readonly sdk: GuestSdk;
  /** How contributions of sandboxed plugins are read. */
  readonly decoders?: Decoders;
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
  /** How much is fetched for one plugin. */
  readonly fetchLimits: FetchLimits;
  /** What decides what plugins get. */
  readonly decide: Judge;
  /** The digest that every graph must have, if one is wanted. */
  readonly integrity: string | undefined;
  /**
   * Asked about each graph before a sandbox is started for it; graphs for which it answers `false`
   * are left out.
   *
   * @param digest Digest of the graph.
   */
  readonly isWanted?: (digest: string) => boolean;
  /**
   * Checks what is said of the plugins, before a sandbox is started for any of them.
   *
   * @param described What is said of them, graph by graph.
   */
  readonly foresee: (described: readonly Described[]) => void;
}

/** How many plugins are started at a time: more only wait for one another's processors. */
const STARTS_AT_ONCE = 4;

/**
 * Gets the modules of several plugins, each module once, checks what is said of the plugins, and starts a
 * sandbox for each plugin, or for each group of plugins that trust one another.
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
  await using reader = await createModuleReader(options);
  const store = new ModuleStore(reader, options.record);
  const decide = oneQuestionAtATime(options.decide);
  const found = await mapSomeAtOnce(
    places,
    STARTS_AT_ONCE,
    (place) => findSource(place, { ...options, store }),
  );
  const wanted = found.flatMap((one) => one ?? []);
  options.foresee(wanted.map(({ described }) => described));
  const units = await mapSomeAtOnce(
    unitsOf(wanted, options.decide.groups),
    STARTS_AT_ONCE,
    (unit) => startUnit(unit, { ...options, decide }, started),
  );
  const sources = new Map(units.flat());
  return places.flatMap((place) => sources.get(place) ?? []);
}

/** Gets the modules of one plugin, unless they are not wanted. */
async function findSource(
  place: Place,
  options: StartOptions & { readonly store: ModuleStore },
): Promise<FoundSource | undefined> {
  const { url, indexed, grants = [] } = place;
  const { record } = options;
  const { integrity = place.integrity ?? indexed?.digest } = options;
  const found = await findGraph(url, options);
  const { digest } = found.graph;
  if (integrity !== undefined && integrity !== digest) {
    const what = "modules";
    throw integrityMismatch(url, { what, expected: integrity, found: digest });
  }
  if (indexed === undefined) record.assertVouched(url, digest);
  if (options.isWanted?.(digest) === false) return undefined;
  const former = await record.formerGrants(url, grants);
  const described = found.manifest
    ? [found.manifest.metadata]
    : record.describe(url, digest);
  return { ...found, place, former, described };
}

/** Parts plugins into those that share a sandbox: those of one group, as far as that can be. */
function unitsOf(
  found: readonly FoundSource[],
  groups: TrustGroups,
): [FoundSource, ...FoundSource[]][] {
  const byGroup = Map.groupBy(
    found,
    ({ place: { url } }) => groupOf(url, groups),
  );
  return [...byGroup].flatMap(([group, members]) =>
    group === undefined
      ? members.map((one): [FoundSource] => [one])
      : sharable(members)
  );
}

/** Starts a sandbox for plugins that may share one. */
async function startUnit(
  unit: readonly FoundSource[],
  options: StartOptions,
  started: AsyncDisposableStack,
): Promise<(readonly [Place, LoadedSource])[]> {
  const { record, tier: { isolation }, limits, tier, clock } = options;
  const decide = { ...options.decide, frozen: record.isFrozen };
  const parts = await options.parts();
  const granted = await startGranted(unit, {
    ...parts,
    limits,
    tier,
    clock,
    decide,
    started,
  });
  return unit.map(({ place, graph }, index) => {
    const { sandbox, plugins, grants } = granted[index]!;
    const { specifier, url, indexed } = place;
    if (indexed) assertIndexed(url, indexed, plugins);
    record.add(url, { graph, plugins, grants, indexed });
    const { digest } = graph;
    const source = {
      isolation,
      specifier,
      url,
      plugins,
      sandbox,
      digest,
      grants,
    };
    return [place, source] as const;
  });
}

/** Requires that a plugin is the one, in the version, that an index says it is. */
function assertIndexed(
  url: string,
  { id, version }: IndexedPlace,
  plugins: readonly Plugin[],
): void {
  const found = plugins.find(({ metadata }) => metadata.id === id);
  if (!found) throw manifestMismatch(url, "id");
  if (found.metadata.version !== version) {
    throw manifestMismatch(url, "version");
  }
}

/** The same, and where it was asked for. */
interface FoundSource extends Found {
  readonly place: Place;
  /** What was granted to it before. */
  readonly former: FormerGrants;
  /** What is said of the plugins in it. */
  readonly described: Described;
}

/** Modules, and what was said of the plugin in them beforehand. */
interface Found {
  readonly graph: ModuleGraph;
  readonly manifest?: PluginManifest | undefined;
}

async function findGraph(
  url: string,
  options: StartOptions & { readonly store: ModuleStore },
): Promise<Found> {
  const { record, tier, store, clock, fetch, registries } = options;
  const { fetchLimits: limits } = options;
  const { sdk: { urls: sdkUrls } } = await options.parts();
  const { judge } = options.decide;
  const how = { store, clock, fetch, registries, judge, sdkUrls, limits };
  const lock = record.expect(url);
  if (lock === undefined) {
    const manifest = await findManifest(url, options);
    const entry = manifest?.entry ?? url;
    const graph = await fetchModuleGraph(entry, how);
    return { graph: withAlias(url, graph), manifest };
  }
  await assertWhole(url, lock);
  // Text that overflows the stack of whoever takes its types off ends the process that does.
  const known = tier.isolation === "process"
    ? await findLockedGraph(url, lock, { content: record.content, limits })
    : undefined;
  if (known !== undefined) return { graph: known };
  const entry = isManifest(url) ? lock.redirects.get(url) ?? url : url;
  const graph = await fetchModuleGraph(entry, { ...how, lock });
  return { graph: withAlias(url, graph) };
}

type Decide = StartOptions["decide"];

/** Plugins are started side by side, but a person answers one question after the other. */
function oneQuestionAtATime(decide: Decide): Decide {
  const { consent } = decide;
  if (consent === undefined) return decide;
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...decide,
    consent: (question) => {
      const answer = last.then(() => consent(question));
      last = answer.catch(() => {});
      return answer;
    },
  };
}

/** Notes that a graph was asked for by a manifest: what is locked says where that led. */
function withAlias(url: string, graph: ModuleGraph): ModuleGraph {
  if (!isManifest(url)) return graph;
  const aliases = new Map([...graph.aliases, [url, graph.entry]]);
  return { ...graph, aliases };
}
