/**
 * The plugin registry: which plugins there are and where each stands. Each id is absent, loading,
 * active or unloading; it changes one step at a time, and a second step is refused, never queued,
 * so that nothing can wait for itself. Everything up to a method's first `await` happens in the
 * call, so that two calls in one tick see each other.
 *
 * @module
 */
import {
  type Clock,
  compareText,
  invalidOption,
  suggest,
  SYSTEM_CLOCK,
} from "../base/mod.ts";
import {
  type PluginFailure,
  pluginHasDependents,
  pluginInTransition,
  pluginNotFound,
  pluginUnloadFailed,
  registryClosed,
} from "../errors.ts";
import type { PluginEventBus } from "../events/bus.ts";
import { describeFailure } from "../events/describe_failure.ts";
import type { PublishReport } from "../events/publish_report.ts";
import { quietLog } from "../events/quiet_log.ts";
import { transitiveDependents } from "../resolve/graph.ts";
import {
  type GraphOptions,
  type GraphReport,
  validateGraph,
} from "../resolve/validate_graph.ts";
import { isVersion } from "../resolve/version.ts";
import {
  HOOK_TIMEOUT_MS,
  type PluginEntry,
  readEntries,
  type RegisterOptions,
} from "./admission.ts";
import { PluginCapability } from "./capability.ts";
import type { LogRecord } from "./context.ts";
import type { ContributionPoint } from "./contribution_point.ts";
import {
  explainPlugin,
  graphOf,
  type PluginExplanation,
} from "./dependency_views.ts";
import type { Plugin, PluginHandle } from "./plugin.ts";
import type { PluginHost } from "./plugin_host.ts";
import type { PluginRecord } from "./plugin_record.ts";
import { PluginTable } from "./plugin_table.ts";
import { ServiceStore } from "./service_store.ts";

/** What a plugin registry is made with. */
export interface PluginRegistryOptions {
  /** Carries its events. */
  readonly events: PluginEventBus;
  /** The library's version, which plugins may ask for. */
  readonly engineVersion: string;
  /** Where time comes from; the machine's clock if left out. */
  readonly clock?: Clock;
  /** Where its log lines and those of its plugins go. */
  readonly log?: (record: LogRecord) => void;
  /** The slots that plugins may add to. */
  readonly contributionPoints?: readonly ContributionPoint[];
  /** Objects the host offers to plugins, as services `core/<name>`. */
  readonly services?: Readonly<Record<string, object>>;
}

/** How a plugin is unregistered. */
export interface UnregisterOptions {
  /** Whether the plugins that depend on it go too, before it. */
  readonly cascade?: boolean;
}

/** What came of shutting a registry down. */
export interface ShutdownReport {
  /** Ids of the plugins that are gone, in order. */
  readonly unloaded: readonly string[];
  /** What went wrong on the way. */
  readonly failures: readonly PluginFailure[];
}

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
export class PluginRegistry implements AsyncDisposable {
  readonly #host: PluginHost;
  readonly #table: PluginTable;
  #initialized: Promise<PublishReport> | undefined;
  #shutDown: Promise<ShutdownReport> | undefined;

  /**
   * Constructs a new instance, without plugins.
   *
   * @param options What its plugins share.
   * @throws {OptionError} `INVALID_OPTION` if the version is none, or two slots share a name.
   */
  constructor(options: PluginRegistryOptions) {
    const { events, engineVersion, clock = SYSTEM_CLOCK } = options;
    if (!isVersion(engineVersion)) {
      throw invalidOption("engineVersion", engineVersion, "a version");
    }
    const services = new ServiceStore();
    for (const [name, service] of Object.entries(options.services ?? {})) {
      services.add({ owner: "core", name, service }, { replace: false });
    }
    const points = pointsByName(options.contributionPoints ?? []);
    const log = quietLog(options.log);
    this.#host = { events, clock, log, services, points };
    this.#table = new PluginTable(this.#host, engineVersion);
  }

  /**
   * Loads one plugin. If anything in its code fails, what it has done is undone, newest first, and
   * its id is free again.
   *
   * @param plugin The plugin; what it depends on must be active.
   * @param options Its settings, its time limit, its isolation.
   * @returns Its handle.
   * @throws {PluginError} `PLUGIN_METADATA_INVALID`, `REGISTRY_CLOSED`, `PLUGIN_IN_TRANSITION`,
   * `PLUGIN_ALREADY_REGISTERED`, `ENGINE_INCOMPATIBLE`, `DEPENDENCY_MISSING`,
   * `DEPENDENCY_NOT_READY`, `DEPENDENCY_VERSION`, `CONFIG_INVALID`: nothing of it has run.
   * `PLUGIN_LOAD_FAILED`: its code failed, or took too long (`PLUGIN_HOOK_TIMEOUT` as the cause).
   */
  async register(
    plugin: Plugin,
    options: RegisterOptions = {},
  ): Promise<PluginHandle> {
    const [record] = await this.#load([{ ...options, plugin }]);
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
   * @throws {PluginError} `PLUGIN_DUPLICATE`, `DEPENDENCY_CYCLE`, and what
   * {@linkcode PluginRegistry.register} throws.
   */
  async registerAll(
    plugins: Iterable<Plugin | PluginEntry>,
    options: Omit<RegisterOptions, "config"> = {},
  ): Promise<PluginHandle[]> {
    const entries = Array.from(
      plugins,
      (item) =>
        isEntry(item) ? { ...options, ...item } : { ...options, plugin: item },
    );
    const records = await this.#load(entries);
    return records.map(({ handle }) => handle);
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
    { cascade = false }: UnregisterOptions = {},
  ): Promise<string[]> {
    const record = this.#table.records.get(id);
    if (record === undefined) {
      throw pluginNotFound("unload", id, suggest(id, this.listPlugins()));
    }
    assertActive(record);
    const standing = this.#table.inState("active", "loading");
    const dependents = transitiveDependents(id, graphOf(standing.values()));
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

  /**
   * Finds an active plugin.
   *
   * @param id Its id.
   * @returns Its handle, or `undefined`.
   */
  get(id: string): PluginHandle | undefined {
    const record = this.#table.records.get(id);
    return record?.state === "active" ? record.handle : undefined;
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
    return [...this.#table.inState("active").keys()].sort(compareText);
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
    return graphOf(this.#table.inState("active").values(), options);
  }

  /**
   * Looks for everything that is wrong with the dependencies of the active plugins.
   *
   * @param options Whether dependencies that are not there count.
   * @returns What was found.
   */
  validateDependencyGraph(options: GraphOptions = {}): GraphReport {
    const active = [...this.#table.inState("active").values()];
    return validateGraph(active.map(({ metadata }) => metadata), options);
  }

  /**
   * Tells everything about one plugin and its place among the others.
   *
   * @param id Id of the plugin, which need not be active.
   * @returns What there is to tell.
   */
  explain(id: string): PluginExplanation {
    return explainPlugin(id, this.#table.inState("active"));
  }

  /** Reads, checks and loads a set; the first two before anything else can happen. */
  async #load(entries: readonly PluginEntry[]): Promise<PluginRecord[]> {
    const read = readEntries(entries);
    if (this.#shutDown !== undefined) throw registryClosed("load a plugin");
    const loading = this.#table.load(read);
    for (const { metadata: { id }, warnings } of read) {
      for (const { path, message, hint = "" } of warnings) {
        const fields = { path, message, hint };
        const record = { source: id, message: "Metadata may have a slip" };
        this.#host.log({ level: "warn", ...record, fields });
      }
    }
    return await loading;
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

function assertActive({ state, metadata: { id } }: PluginRecord): void {
  if (state !== "active") throw pluginInTransition("unload", id, state);
}

function pointsByName(
  points: readonly ContributionPoint[],
): ReadonlyMap<string, ContributionPoint> {
  const byName = new Map(points.map((point) => [point.name, point]));
  if (byName.size === points.length) return byName;
  const names = points.map(({ name }) => name);
  throw invalidOption("contributionPoints", names, "slots with distinct names");
}
