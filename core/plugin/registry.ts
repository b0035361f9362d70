/**
 * The plugin registry: which plugins there are and where each stands. Each id is absent, loading,
 * active, reloading or unloading; it changes one step at a time, and a second step is refused, never queued,
 * so that nothing can wait for itself. Everything up to a method's first `await` happens in the
 * call, so that two calls in one tick see each other.
 *
 * @module
 */
import {
  doWatched,
  invalidOption,
  listOf,
  optionsOf,
  suggest,
} from "../base/mod.ts";
import {
  pluginHasDependents,
  pluginInTransition,
  pluginNotFound,
  pluginUnloadFailed,
  registryClosed,
} from "../errors.ts";
import { describeFailure } from "../events/describe_failure.ts";
import type { PublishReport } from "../events/publish_report.ts";
import { transitiveDependents } from "../resolve/graph.ts";
import type {
  LoadPlan,
  PluginSource,
  ResolveOptions,
} from "../resolve/plugin_source.ts";
import {
  HOOK_TIMEOUT_MS,
  type PluginEntry,
  readEntries,
  type ReadEntry,
  type RegisterOptions,
} from "./admission.ts";
import { createHost } from "./create_host.ts";
import { needsOf } from "./dependency_views.ts";
import type { Plugin, PluginHandle } from "./plugin.ts";
import type { PluginHost } from "./plugin_host.ts";
import type { PluginRecord } from "./plugin_record.ts";
import { PluginTable } from "./plugin_table.ts";
import { PluginViews } from "./plugin_views.ts";
import type {
  PluginRegistryOptions,
  ReloadOptions,
  ReloadReport,
  ShutdownReport,
  UnregisterOptions,
} from "./registry_options.ts";
import { reloadIdMismatch } from "./reload/errors.ts";

/**
 * Loads plugins, all or nothing, and unloads them without leaving anything behind.
 *
 * @example A plugin that comes and goes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PluginEventBus, PluginRegistry } from "@spiraltorch/spiraltorch/core";
 *
 * const events = new PluginEventBus();
 * await using registry = new PluginRegistry({ events, engineVersion: "0.1.0" });
 *
 * const log: string[] = [];
 * events.subscribe("*", (event) => void log.push(event.kind));
 * const handle = await registry.register({
 *   metadata: { id: "acme.demo", version: "1.0.0" },
 *   onLoad: (context) => context.onDispose(() => void log.push("undone")),
 * });
 * assertEquals(handle.state, "active");
 *
 * await registry.unregister("acme.demo");
 * assertEquals(handle.state, "absent");
 * assertEquals(log, ["PluginLoaded", "undone", "PluginUnloaded"]);
 * ```
 */
export class PluginRegistry extends PluginViews implements AsyncDisposable {
  readonly #host: PluginHost;
  readonly #table: PluginTable;
  readonly #engineVersion: string;
  #initialized: Promise<PublishReport> | undefined;
  #shutDown: Promise<ShutdownReport> | undefined;

  /**
   * Constructs a new instance, without plugins.
   *
   * @param options What its plugins share.
   * @throws {OptionError} `INVALID_OPTION` if one has a value that it cannot have, or if two slots
   * share a name.
   */
  constructor(options: PluginRegistryOptions) {
    const { host, ...premises } = createHost(options);
    const table = new PluginTable(host, premises);
    super(table);
    this.#host = host;
    this.#table = table;
    this.#engineVersion = premises.engineVersion;
  }

  /** Whether it has been shut down, or is about to be. */
  get isClosed(): boolean {
    return this.#shutDown !== undefined;
  }

  /**
   * Loads one plugin. If anything in its code fails, what it has done is undone, newest first, and
   * its id is free again.
   *
   * @param plugin The plugin; what it depends on must be active.
   * @param options Its settings, its time limit, its isolation.
   * @returns Its handle.
   * @throws {OptionError} `INVALID_OPTION` if an option has a value that it cannot have.
   * @throws {PluginError} `PLUGIN_METADATA_INVALID`, `REGISTRY_CLOSED`, `PLUGIN_IN_TRANSITION`,
   * `PLUGIN_ALREADY_REGISTERED`, `ENGINE_INCOMPATIBLE`, `DEPENDENCY_MISSING`,
   * `DEPENDENCY_NOT_READY`, `DEPENDENCY_VERSION`, `CONFIG_INVALID`: nothing of it has run.
   * `PLUGIN_LOAD_FAILED`: its code failed, or took too long (`PLUGIN_HOOK_TIMEOUT` as the cause).
   */
  async register(
    plugin: Plugin,
    options: RegisterOptions = {},
  ): Promise<PluginHandle> {
    const own = optionsOf("register", options);
    const [record] = await this.#load([{ ...own, plugin }]);
    return record!.handle;
  }

  /**
   * Loads plugins that may depend on each other, in load order, whatever order they are given in:
   * all of them or none. The whole set is checked before any of their hooks runs. Until the last of
   * them is active, plugins outside the set cannot depend on them (`DEPENDENCY_NOT_READY`).
   *
   * @param plugins The plugins, each alone or with options of its own.
   * @param options Options for those that come without.
   * @returns Their handles, in load order.
   * @throws {OptionError} `INVALID_OPTION` if there is no list of plugins.
   * @throws {PluginError} `PLUGIN_DUPLICATE`, `DEPENDENCY_CYCLE`, and what
   * {@linkcode PluginRegistry.register} throws.
   */
  async registerAll(
    plugins: Iterable<Plugin | PluginEntry>,
    options: Omit<RegisterOptions, "config"> = {},
  ): Promise<PluginHandle[]> {
    const shared = optionsOf("registerAll", options);
    const entries = listOf("plugins of registerAll", plugins).map((item) =>
      isEntry(item) ? { ...shared, ...item } : { ...shared, plugin: item }
    );
    const records = await this.#load(entries);
    return records.map(({ handle }) => handle);
  }

  /**
   * Picks versions of plugins, without loading any: locked ones first, then the newest, of what is
   * asked for before what that needs. An example is at {@linkcode PluginSource}.
   *
   * @param requests Ranges by id.
   * @param source What versions are picked from.
   * @param options How they are picked.
   * @returns The plan.
   * @throws {OptionError} `INVALID_OPTION` if an argument is none of those it may be.
   * @throws The reason of the signal that ends it.
   * @throws {PluginError} `RESOLUTION_FAILED` if no choice of versions satisfies all ranges, with
   * what would help; `RESOLUTION_LIMIT` if it takes more steps than it may; `DEPENDENCY_CYCLE` if there is one, but without a load order;
   * `PLUGIN_METADATA_INVALID` if the source has something that is no version or range.
   */
  async resolve(
    requests: Readonly<Record<string, string>>,
    source: PluginSource,
    options: ResolveOptions = {},
  ): Promise<LoadPlan> {
    const engineVersion = this.#engineVersion;
    const own = optionsOf("resolve", options);
    // On first need: most programs load the plugins they name.
    const { resolvePlugins } = await import("../resolve/resolve_plugins.ts");
    const run = () =>
      resolvePlugins(requests, source, {
        ...own,
        overrides: { ...this.#table.overrides, ...own.overrides },
        engineVersion,
        clock: this.#host.clock,
      });
    const describe = () => ({ plugins: Object.keys(requests).join(" ") });
    return await doWatched("plugin.resolve", describe, run);
  }

  /**
   * Unloads a plugin: its hook first, while everything still works; then what it owns, newest first.
   * Neither a failing nor a hanging hook keeps it.
   *
   * @param id Id of the plugin.
   * @param options Whether those that depend on it go too.
   * @returns Ids of the plugins that are gone, in order: dependents before what they depend on.
   * @throws {PluginError} `PLUGIN_NOT_FOUND`, `PLUGIN_IN_TRANSITION`, `PLUGIN_HAS_DEPENDENTS`:
   * nothing has changed. `PLUGIN_UNLOAD_FAILED`: they are gone, but not cleanly.
   */
  async unregister(
    id: string,
    options: UnregisterOptions = {},
  ): Promise<string[]> {
    const { cascade = false } = optionsOf("unregister", options);
    assertId("unregister", id);
    const record = this.#table.records.get(id);
    if (record === undefined) {
      throw pluginNotFound("unload", id, suggest(id, this.listPlugins()));
    }
    assertActive(record);
    const standing = this.#table.inState("active", "loading", "reloading");
    const dependents = transitiveDependents(
      id,
      new Map([...standing].map(([other, it]) => [other, needsOf(it)])),
    );
    if (dependents.length > 0 && !cascade) {
      throw pluginHasDependents(id, dependents);
    }
    const members = dependents.map((dependent) => standing.get(dependent)!);
    members.forEach(assertActive);
    const result = await this.#table.unload([record, ...members]);
    const { unloaded, failures, causes } = result;
    if (failures.length > 0) {
      throw pluginUnloadFailed(unloaded, failures, causes[0]);
    }
    return [...unloaded];
  }

  /**
   * Replaces a plugin by another version of itself, or by a new state of the same version. The new
   * one is loaded beside the old one, whose events are held meanwhile, and goes on with what the old
   * one has saved. Anything that fails leaves the old one as it was. Those that depend on the plugin
   * keep running.
   *
   * What the new version adds can be seen from the moment it adds it, over what the old one has under
   * the same name.
   *
   * @example A version that goes on where the one before has stopped
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { PluginEventBus, PluginRegistry } from "@spiraltorch/spiraltorch/core";
   *
   * const events = new PluginEventBus();
   * await using registry = new PluginRegistry({ events, engineVersion: "0.1.0" });
   * await registry.register({
   *   metadata: { id: "acme.count", version: "1.0.0" },
   *   saveState: () => ({ count: 7 }),
   * });
   * let restored: unknown;
   * const report = await registry.reload("acme.count", {
   *   metadata: { id: "acme.count", version: "1.1.0" },
   *   restoreState: (state) => void (restored = state),
   * });
   * assertEquals(report, { from: "1.0.0", to: "1.1.0", stateTransferred: true });
   * assertEquals(restored, { count: 7 });
   * ```
   *
   * @param id Id of the plugin.
   * @param next What is to take its place.
   * @param options Its settings, its time limit, its isolation.
   * @returns The versions, and whether state was handed over.
   * @throws {PluginError} `PLUGIN_METADATA_INVALID`, `REGISTRY_CLOSED`, `RELOAD_ID_MISMATCH`,
   * `PLUGIN_NOT_FOUND`, `PLUGIN_IN_TRANSITION`, `ENGINE_INCOMPATIBLE`, `DEPENDENCY_MISSING`,
   * `DEPENDENCY_NOT_READY`, `DEPENDENCY_VERSION`, also if a plugin that depends on this one does not
   * work with the new version, `DEPENDENCY_CYCLE`, `CONFIG_INVALID`: nothing has run.
   * `RELOAD_FAILED`: the old version runs on.
   */
  async reload(
    id: string,
    next: Plugin,
    options: ReloadOptions = {},
  ): Promise<ReloadReport> {
    const own = optionsOf("reload", options);
    assertId("reload", id);
    const read = readEntries([{ ...own, plugin: next }]);
    const found = read[0]!.metadata.id;
    if (found !== id) throw reloadIdMismatch(id, found);
    const [report] = await this.#reload(read);
    return report!;
  }

  /**
   * Replaces several plugins at once, as {@linkcode PluginRegistry.reload} does: all of them or none.
   *
   * @param plugins What is to take the places of the plugins with the same ids.
   * @returns What came of each, in load order.
   * @throws {PluginError} `PLUGIN_DUPLICATE`, and what {@linkcode PluginRegistry.reload} throws.
   */
  async reloadAll(plugins: Iterable<PluginEntry>): Promise<ReloadReport[]> {
    const entries = listOf("plugins of reloadAll", plugins);
    return await this.#reload(readEntries(entries));
  }

  /**
   * Publishes `SystemInit` and waits for its listeners. A plugin that is loaded later is told right
   * after its `PluginLoaded`, so that each is told once.
   *
   * @returns What became of the event; the same report however often it is called.
   * @throws {PluginError} `REGISTRY_CLOSED` if the registry has been shut down before.
   */
  initializeAll(): Promise<PublishReport> {
    if (this.#initialized !== undefined) return this.#initialized;
    if (this.#shutDown !== undefined) {
      return Promise.reject(registryClosed("initialize plugins"));
    }
    // The promise is there before the event: a listener that calls this again gets it.
    const { promise, resolve } = Promise.withResolvers<PublishReport>();
    this.#initialized = promise;
    this.#table.markInitialized();
    const timeoutMs = HOOK_TIMEOUT_MS;
    resolve(
      this.#host.events.publishAsync({ kind: "SystemInit" }, { timeoutMs }),
    );
    return promise;
  }

  /**
   * Publishes `SystemShutdown`, waits for what is under way, and unloads every plugin, going on past
   * what fails. Loads are refused from now on.
   *
   * @returns What came of it; the same report however often it is called.
   */
  shutdown(): Promise<ShutdownReport> {
    if (this.#shutDown === undefined) {
      const { promise, resolve } = Promise.withResolvers<ShutdownReport>();
      this.#shutDown = promise;
      resolve(this.#unloadAll());
    }
    return this.#shutDown;
  }

  /** Shuts the registry down. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** Reads, checks and loads a set; the first two before anything else can happen. */
  async #load(entries: readonly PluginEntry[]): Promise<PluginRecord[]> {
    const read = readEntries(entries);
    if (this.#shutDown !== undefined) throw registryClosed("load a plugin");
    const loading = this.#table.load(read);
    this.#logWarnings(read);
    return await loading;
  }

  /** Checks and loads new generations; the first before anything else can happen. */
  async #reload(read: readonly ReadEntry[]): Promise<ReloadReport[]> {
    if (this.#shutDown !== undefined) throw registryClosed("reload a plugin");
    const reloading = this.#table.reload(read);
    this.#logWarnings(read);
    return await reloading;
  }

  #logWarnings(entries: readonly ReadEntry[]): void {
    for (const { metadata: { id, yanked }, warnings } of entries) {
      if (yanked !== undefined && yanked !== false) {
        const reason = yanked === true ? "" : yanked;
        const message = "The version has been withdrawn by its author";
        this.#host.log({
          level: "warn",
          source: id,
          message,
          fields: { reason },
        });
      }
      for (const { path, message, hint = "" } of warnings) {
        const fields = { path, message, hint };
        const record = { source: id, message: "Metadata may have a slip" };
        this.#host.log({ level: "warn", ...record, fields });
      }
    }
  }

  async #unloadAll(): Promise<ShutdownReport> {
    const { events, log } = this.#host;
    const timeoutMs = HOOK_TIMEOUT_MS;
    try {
      await events.publishAsync({ kind: "SystemShutdown" }, { timeoutMs });
    } catch (error) {
      const message = "Event SystemShutdown was not published";
      const fields = { ...describeFailure(error, "LISTENER_FAILED") };
      log({ level: "error", source: "host", message, fields });
    }
    await this.#table.idle();
    const active = [...this.#table.inState("active").values()];
    const { unloaded, failures } = await this.#table.unload(active);
    return { unloaded, failures };
  }
}

function isEntry(item: Plugin | PluginEntry): item is PluginEntry {
  return typeof item === "object" && item !== null && "plugin" in item &&
    !("metadata" in item);
}

function assertId(operation: string, id: unknown): void {
  if (typeof id === "string") return;
  throw invalidOption(`id of ${operation}`, id, "text");
}

function assertActive({ state, metadata: { id } }: PluginRecord): void {
  if (state !== "active") throw pluginInTransition("unload", id, state);
}
