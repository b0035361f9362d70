/**
 * What is checked before any hook of any plugin of a set runs: options, metadata, ids, the library's
 * version, dependencies, circles.
 *
 * @module
 */
import {
  compareText,
  invalidOption,
  type Issue,
  type Json,
} from "../base/mod.ts";
import {
  engineIncompatible,
  pluginAlreadyRegistered,
  pluginDuplicate,
  pluginInTransition,
  pluginMetadataInvalid,
} from "../errors.ts";
import { assertTimeoutMs } from "../events/with_deadline.ts";
import {
  type Candidate,
  type Candidates,
  checkDependencies,
  type DependencyFailure,
  type DependencyTargets,
  dependencyTargets,
  type Dependent,
} from "../resolve/check_dependencies.ts";
import { dependenciesFailed } from "../resolve/errors.ts";
import { loadOrder } from "../resolve/load_order.ts";
import { satisfiesRange } from "../versions/mod.ts";
import { checkSettings } from "./config_schema.ts";
import { configInvalid } from "./errors.ts";
import type { Isolation } from "./isolation.ts";
import { assertNoTwin } from "./lookalike.ts";
import { type MetadataReading, readMetadata } from "./metadata.ts";
import type { ParsedMetadata, Plugin, PluginConfig } from "./plugin.ts";
import { parseConfig } from "./plugin_config.ts";
import type { Admission, PluginRecord } from "./plugin_record.ts";

/** How long a hook may take, unless it is said otherwise. */
export const HOOK_TIMEOUT_MS = 30_000;

const ISOLATIONS: readonly string[] = ["inline", "worker", "process"];

/** How a plugin is registered. */
export interface RegisterOptions {
  /** The plugin's settings, a layer under what it sets itself. They outlive the plugin. */
  readonly config?: PluginConfig;
  /** How long each of its hooks may take, in milliseconds: 30 000 if left out, 0 for no limit. */
  readonly timeoutMs?: number;
  /** How far it is kept from the host, for listings; `inline` if left out. */
  readonly isolation?: Isolation;
  /** Where it came from, for listings; `host` if left out. */
  readonly source?: string;
  /** What the host offers to it alone, by name: services `core/<name>`. */
  readonly ownServices?: Readonly<Record<string, object>>;
}

/** A plugin with options of its own. */
export interface PluginEntry extends RegisterOptions {
  /** The plugin. */
  readonly plugin: Plugin;
}

/** A plugin whose metadata has been read. */
export interface ReadEntry extends PluginEntry {
  /** Its metadata. */
  readonly metadata: ParsedMetadata;
  /** Likely slips in it. */
  readonly warnings: readonly Issue[];
}

/** What a set of plugins is checked against. */
export interface Premises {
  /** The plugins there are, by id. */
  readonly records: ReadonlyMap<string, PluginRecord>;
  /** The library's version. */
  readonly engineVersion: string;
  /** Ranges that replace those that plugins ask for, by id. */
  readonly overrides: Readonly<Record<string, string>>;
  /** What the host has set for plugins that were there before, by id. */
  readonly hostConfigs: ReadonlyMap<string, ReadonlyMap<string, Json>>;
}

/**
 * Reads the metadata of a set of plugins, once. This runs code of the plugins, if they have getters.
 *
 * @param entries The plugins.
 * @returns The plugins with their metadata.
 * @throws {PluginError} `PLUGIN_METADATA_INVALID` with every rule that any of them breaks.
 */
export function readEntries(entries: readonly PluginEntry[]): ReadEntry[] {
  const read: ReadEntry[] = [];
  const issues: Issue[] = [];
  let cause: unknown;
  for (const [index, entry] of entries.entries()) {
    const reading = readPlugin(entry?.plugin); // plain JavaScript may list anything
    const { metadata, warnings } = reading;
    if (metadata !== undefined) read.push({ ...entry, metadata, warnings });
    cause ??= reading.cause;
    // A plugin that comes alone needs no number.
    const prefix = entries.length === 1 ? "" : `plugins[${index}]`;
    issues.push(...reading.issues.map((issue) => placed(issue, prefix)));
  }
  if (issues.length === 0) return read;
  throw pluginMetadataInvalid(issues, cause === undefined ? {} : { cause });
}

function readPlugin(plugin: unknown): MetadataReading {
  if (typeof plugin !== "object" || plugin === null) {
    const found = plugin === null ? "null" : typeof plugin;
    const message = `found ${found}, wanted a plugin`;
    const issues = [{ code: "TYPE_INVALID", path: "", message }];
    return { issues, warnings: [] };
  }
  return readMetadata(() => Reflect.get(plugin, "metadata"));
}

function placed(issue: Issue, prefix: string): Issue {
  const dot = prefix === "" || issue.path === "" ? "" : ".";
  return { ...issue, path: `${prefix}${dot}${issue.path}` };
}

/**
 * Checks a set of plugins against each other and against those there are. Runs no plugin code.
 *
 * @param entries The plugins.
 * @param premises What they are checked against.
 * @returns The plugins in load order.
 * @throws {OptionError} `INVALID_OPTION` for a time limit or isolation that cannot be.
 * @throws {PluginError} `PLUGIN_DUPLICATE`, `PLUGIN_IN_TRANSITION`, `PLUGIN_ALREADY_REGISTERED`,
 * `ENGINE_INCOMPATIBLE`, `DEPENDENCY_MISSING`, `DEPENDENCY_NOT_READY`, `DEPENDENCY_VERSION`,
 * `DEPENDENCY_CYCLE`, `CONFIG_INVALID`.
 */
export function admit(
  entries: readonly ReadEntry[],
  premises: Premises,
): Admission[] {
  const byId = assertEach(entries, premises);
  const targets = assertDependencies(byId, premises);
  const order = loadOrder(
    new Map(
      Array.from(targets, ([id, own]) => [
        id,
        [...own.needs.values(), ...own.likes],
      ]),
    ),
  );
  return order.map((id) =>
    toAdmission(byId.get(id)!, { ...premises, targets: targets.get(id)! })
  );
}

/**
 * Checks what can be said of each plugin of a set, whatever else is in it.
 *
 * @param entries The plugins.
 * @param premises What they are checked against.
 * @returns The plugins by id.
 * @throws {PluginError} `PLUGIN_DUPLICATE`, `PLUGIN_IN_TRANSITION`, `PLUGIN_ALREADY_REGISTERED`,
 * `ENGINE_INCOMPATIBLE`.
 */
export function assertEach(
  entries: readonly ReadEntry[],
  premises: Premises,
): Map<string, ReadEntry> {
  const byId = indexById(entries);
  for (const id of byId.keys()) assertFree(id, premises.records);
  for (const { metadata } of entries) assertEngine(metadata, premises);
  return byId;
}

/**
 * Finds entries by id.
 *
 * @param entries The entries.
 * @returns The entries by id.
 * @throws {PluginError} `PLUGIN_DUPLICATE` if an id is there twice.
 */
export function indexById(
  entries: readonly ReadEntry[],
): Map<string, ReadEntry> {
  const byId = new Map<string, ReadEntry>();
  for (const entry of entries) {
    const { id } = entry.metadata;
    if (byId.has(id)) throw pluginDuplicate(id);
    assertNoTwin(id, byId.keys());
    byId.set(id, entry);
  }
  return byId;
}

function assertFree(
  id: string,
  records: ReadonlyMap<string, PluginRecord>,
): void {
  const record = records.get(id);
  if (record === undefined) return assertNoTwin(id, records.keys());
  if (record.state !== "active") {
    throw pluginInTransition("load", id, record.state);
  }
  throw pluginAlreadyRegistered(id, record.metadata.version);
}

/**
 * Requires that a plugin works with this version of the library.
 *
 * @param metadata Who the plugin is.
 * @param premises The library's version.
 * @throws {PluginError} `ENGINE_INCOMPATIBLE` if it does not.
 */
export function assertEngine(
  { id, engines }: ParsedMetadata,
  { engineVersion }: Premises,
): void {
  const wanted = engines?.spiraltorch;
  if (wanted === undefined || satisfiesRange(engineVersion, wanted)) return;
  throw engineIncompatible(id, wanted, engineVersion);
}

/**
 * Requires that everything is there that a set of plugins needs, and that nobody who is there can
 * only do with other versions of them.
 *
 * @param entries The set, by id.
 * @param premises The plugins there are, and the ranges that count.
 * @returns What each of the set depends on in fact, by id.
 * @throws {PluginError} `DEPENDENCY_MISSING`, `DEPENDENCY_NOT_READY`, `DEPENDENCY_VERSION`: one error
 * for everything that does not hold.
 */
export function assertDependencies(
  entries: ReadonlyMap<string, ReadEntry>,
  premises: Premises,
): ReadonlyMap<string, DependencyTargets> {
  const candidates = candidatesOf(entries, premises);
  const sorted = [...entries.values()].map(({ metadata }) => metadata)
    .sort((a, b) => compareText(a.id, b.id));
  const [first, ...rest] = [
    ...sorted.flatMap((metadata) =>
      checkDependencies(metadata, candidates, premises)
    ),
    ...strangers(entries, premises),
  ];
  if (first !== undefined) throw dependenciesFailed([first, ...rest]);
  return new Map(sorted.map((metadata) => [
    metadata.id,
    dependencyTargets(metadata, candidates, premises),
  ]));
}

/**
 * The plugins that there will be. They are looked at when they are asked for: one more plugin costs
 * the same however many there are.
 */
function candidatesOf(
  entries: ReadonlyMap<string, ReadEntry>,
  { records }: Premises,
): Candidates {
  function get(id: string): Candidate | undefined {
    const entry = entries.get(id);
    if (entry !== undefined) return toCandidate(entry.metadata, "active");
    const record = records.get(id);
    if (record === undefined) return undefined;
    const { state, loadSet, metadata } = record;
    // A set that may still fail takes nobody with it.
    const isOpen = loadSet.isOpen && state === "active";
    return toCandidate(metadata, isOpen ? "loading" : state);
  }
  return {
    get,
    *[Symbol.iterator]() {
      for (const id of new Set([...records.keys(), ...entries.keys()])) {
        yield [id, get(id)!] as const;
      }
    },
  };
}

/** Those who are there, can do without some of the set, and not with the versions of it. */
function strangers(
  entries: ReadonlyMap<string, ReadEntry>,
  premises: Premises,
): DependencyFailure[] {
  const candidates = new Map(
    Array.from(entries, ([id, { metadata }]) => [
      id,
      { version: metadata.version, state: "active" },
    ]),
  );
  const liking: Dependent[] = [];
  for (const record of premises.records.values()) {
    const { id, optionalDependencies } = record.metadata;
    // Most can do without nothing that they name.
    if (optionalDependencies === undefined) continue;
    if (entries.has(id) || record.state === "unloading") continue;
    liking.push({ id, optionalDependencies });
  }
  return liking.sort((a, b) => compareText(a.id, b.id))
    .flatMap((plugin) => checkDependencies(plugin, candidates, premises));
}

function toCandidate(
  { version, provides }: ParsedMetadata,
  state: string,
): Candidate {
  return { version, state, ...provides && { provides } };
}

/**
 * Fills in the options that a plugin comes without, and reads its settings.
 *
 * @param entry The plugin.
 * @param premises What the host has set before, and what the plugin depends on.
 * @returns The plugin, which may be loaded.
 * @throws {OptionError} `INVALID_OPTION` for a time limit or isolation that cannot be.
 * @throws {PluginError} `CONFIG_INVALID` for settings that cannot be.
 */
export function toAdmission(
  entry: ReadEntry,
  { hostConfigs, targets }: Premises & {
    readonly targets: DependencyTargets;
  },
): Admission {
  const { plugin, metadata, config, source = "host" } = entry;
  const { ownServices = {} } = entry;
  const { isolation = "inline", timeoutMs = HOOK_TIMEOUT_MS } = entry;
  assertTimeoutMs("register timeoutMs", timeoutMs);
  if (!ISOLATIONS.includes(isolation)) {
    throw invalidOption("isolation", isolation, ISOLATIONS.join(", "));
  }
  const hostConfig = config === undefined
    ? hostConfigs.get(metadata.id) ?? new Map()
    : parseConfig(metadata.id, config);
  const { configSchema } = plugin;
  if (configSchema !== undefined) {
    if (typeof configSchema?.safeParse !== "function") {
      throw invalidOption("configSchema", typeof configSchema, "a zod schema");
    }
    const { issues } = checkSettings(configSchema, hostConfig);
    if (issues.length > 0) throw configInvalid(metadata.id, issues);
  }
  const options = { isolation, source, timeoutMs, hostConfig, configSchema };
  return { plugin, metadata, targets, ownServices, ...options };
}
