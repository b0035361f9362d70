import { type Clock, doWatched } from "../base/mod.ts";
import type { PluginHandle } from "../plugin/plugin.ts";
import type {
  ReloadReport,
  UnregisterOptions,
} from "../plugin/registry_options.ts";
import { type SandboxLimits, sandboxLimits } from "../sandbox/limits.ts";
import { loaderClosed, specifierInvalid } from "./errors.ts";
import { LoadedPlugins } from "./loaded_plugins.ts";
import { checkKeepOptions } from "./lockfile/keep_options.ts";
import {
  type CheckedLoadOptions,
  checkLoadOptions,
  listOf,
  type LoadOptions,
} from "./load_options.ts";
import {
  assertSameIds,
  foreseenOf,
  foreseenReload,
  type Loaded,
  type PluginReport,
  reportOf,
} from "./loaded_source.ts";
import type { PluginManifest } from "./manifest/plugin_manifest.ts";
import {
  type CheckedLoaderOptions,
  checkLoaderOptions,
  type DynamicPluginLoaderOptions,
} from "./loader_options.ts";
import { PlaceLocator } from "./locate_places.ts";
import { REGISTRIES } from "./registries/registries.ts";
import { SandboxDeaths } from "./restart/sandbox_deaths.ts";
import { parseSpecifier } from "./specifier.ts";
import { SourceGetter } from "./source_getter.ts";
import { SourceRegistrar } from "./source_registrar.ts";
import type { Place } from "./place.ts";
import { checkWatchOptions, type WatchOptions } from "./watch_options.ts";
import { watchSources } from "./watch_sources.ts";
import { type TaintReport, WorkerTaints } from "./worker_taints.ts";
import { WorkQueue } from "./work_queue.ts";

/**
 * Loads plugins from files and servers: fetches a module graph once, hashes it, starts a sandbox on
 * exactly those bytes, and registers the plugins that are in it.
 *
 * A plugin runs in a locked-down process unless it is trusted more: `worker` is the host's own
 * process, which cannot stop a plugin that computes; `inline` is the host's own realm.
 *
 * One load is all or nothing over all its specifiers, and loads run one after another. A sandbox
 * ends with its last plugin; one that dies by itself takes its plugins, and all that depend on them,
 * out of the registry.
 */
export class DynamicPluginLoader implements AsyncDisposable {
  readonly #options: CheckedLoaderOptions;
  readonly #clock: Clock;
  readonly #limits: SandboxLimits;
  readonly #getter: SourceGetter;
  readonly #loaded = new LoadedPlugins();
  readonly #watches = new Set<AsyncDisposable>();
  readonly #taints: WorkerTaints;
  readonly #places: PlaceLocator;
  readonly #deaths: SandboxDeaths;
  readonly #queue: WorkQueue;
  readonly #registrar: SourceRegistrar;
  #isClosed = false;

  /**
   * Constructs a new instance.
   *
   * @param options What it works with.
   * @throws {OptionError} `INVALID_OPTION` if an option has a value that it cannot have.
   */
  constructor(options: DynamicPluginLoaderOptions) {
    const checked = checkLoaderOptions(options);
    this.#options = checked;
    this.#clock = checked.clock;
    this.#limits = sandboxLimits(checked.limits);
    this.#taints = new WorkerTaints(checked);
    this.#places = new PlaceLocator(checked);
    this.#queue = new WorkQueue(checked.registry.hooks);
    const { sandbox, fetch, log = () => {}, audit = () => {} } = checked;
    this.#deaths = new SandboxDeaths({
      clock: this.#clock,
      log,
      audit,
      enqueue: (work) => this.#queue.add(work),
      active: () => this.#loaded.active(),
      unload: (handle) => this.#unload(handle),
      isThere: ({ metadata }) => checked.registry.has(metadata.id),
      start: async (places, options) => {
        if (!this.#isClosed) await this.#start(places, options);
      },
    });
    this.#registrar = new SourceRegistrar({
      loader: checked,
      limits: this.#limits,
      loaded: this.#loaded,
      deaths: this.#deaths,
    });
    this.#getter = new SourceGetter({
      clock: this.#clock,
      limits: this.#limits,
      keep: checkKeepOptions(checked),
      control: checked,
      workers: this.#taints.options,
      registries: { ...REGISTRIES, ...checked.registries },
      ...sandbox && { sandbox },
      ...fetch && { fetch },
      fetchLimits: checked.fetchLimits,
    });
  }

  /**
   * Loads plugins, all or nothing.
   *
   * @param specifiers Where their modules or manifests are: URLs, or paths relative to the loader's
   * base.
   * @param options How they are loaded.
   * @returns Their handles, in load order.
   * @throws {OptionError} `INVALID_OPTION` if an option has a value that it cannot have.
   * @throws {PluginError} `SPECIFIER_INVALID`, `FETCH_FAILED`, `FETCH_LIMIT`, `IMPORT_REFUSED`,
   * `INTEGRITY_MISMATCH`, `ISOLATION_UNAVAILABLE`, `SANDBOX_START_FAILED`, `PLUGIN_IMPORT_FAILED`,
   * `NO_PLUGIN_EXPORT`, `SOURCE_DENIED`, `PERMISSION_REFUSED`, `MANIFEST_INVALID`, `MANIFEST_MISMATCH`, `LOCKFILE_INVALID`, `LOCKFILE_FROZEN`, `LOCKFILE_UNWRITABLE`,
   * `STORE_UNUSABLE`, `LOADER_CLOSED`, `PLUGIN_IN_TRANSITION` if a hook asks that this loader waits for; and
   * as {@linkcode PluginRegistry.registerAll}.
   */
  async load(
    specifiers: string | readonly string[],
    options: LoadOptions = {},
  ): Promise<PluginHandle[]> {
    const list = listOf(specifiers);
    this.#queue.assertMayWait("load plugins");
    const run = async () => {
      if (this.#isClosed) throw loaderClosed();
      const checked = checkLoadOptions(options, list.length);
      const places = await this.#places.locate(list, checked);
      return await this.#start(places, checked);
    };
    const describe = () => ({ specifiers: list.join(" ") });
    return await doWatched("plugin.load", describe, () => this.#queue.add(run));
  }

  /**
   * Finds plugins by their manifests, files named `plugin.json` with a plugin's metadata and, as
   * `entry`, its module. No code of any plugin runs; what was found is loaded by its `specifier`.
   *
   * @param location Where they are: a folder, of which those in it and in each of its folders are
   * found; or the URL of a list of manifests, or of one.
   * @returns The manifests, sorted by id.
   * @throws {PluginError} `SPECIFIER_INVALID` if it is no such place, `SOURCE_DENIED` if the policy
   * leaves it out, `MANIFEST_INVALID` with all that is wrong with any of them, `FETCH_FAILED`,
   * `FETCH_LIMIT`, `LOADER_CLOSED`.
   */
  async discover(location: string): Promise<PluginManifest[]> {
    if (this.#isClosed) throw loaderClosed();
    const { href, protocol } = parseSpecifier(location, this.#options);
    if (!/^(file|https?):$/.test(protocol)) {
      throw specifierInvalid(location, "a package is no place to look in");
    }
    return await this.#getter.discover({ specifier: location, url: href });
  }

  /**
   * Unloads the plugins that were loaded from somewhere, newest first.
   *
   * @param specifiers Where they were loaded from, as it was written then.
   * @param options Whether those that depend on them go too.
   * @returns Ids of the plugins that are gone, in order.
   * @throws {PluginError} `SPECIFIER_UNKNOWN`, `SPECIFIER_INVALID`, `PLUGIN_IN_TRANSITION` if a hook asks
   * that this loader waits for; and as {@linkcode PluginRegistry.unregister}.
   */
  async unload(
    specifiers: string | readonly string[],
    options: UnregisterOptions = {},
  ): Promise<string[]> {
    const list = listOf(specifiers);
    this.#queue.assertMayWait("unload plugins");
    return await this.#queue.add(async () => {
      const unloaded: string[] = [];
      const known = list.flatMap((item) =>
        // What waits to come back is gone already.
        this.#deaths.cancel(this.#places.matcher(item))
          ? []
          : this.#loadedFrom(item, "unload")
      );
      for (const { handles } of known.reverse()) {
        for (const handle of handles.toReversed()) {
          if (handle.state === "absent") continue; // went with another
          const gone = this.#options.registry.unregister(handle.id, options);
          unloaded.push(...await gone);
        }
      }
      return unloaded;
    });
  }

  /**
   * Fetches the modules of a specifier again and puts the plugins that are in them into the places of
   * those that were loaded from it: all of them or none. Sandboxed plugins get a new process; the old
   * one ends with the old plugins. Inline plugins are imported again, without what they import.
   *
   * @param specifier Where they were loaded from, as it was written then.
   * @returns What came of each plugin, in load order.
   * @throws {PluginError} `SPECIFIER_UNKNOWN`, `LOADER_CLOSED`, `PLUGIN_IN_TRANSITION` if a hook asks that
   * this loader waits for, `RELOAD_ID_MISMATCH` if the modules have other plugins than before, what {@linkcode DynamicPluginLoader.load} throws, and what
   * {@linkcode PluginRegistry.reload} throws: the old plugins run on.
   */
  async reload(specifier: string): Promise<ReloadReport[]> {
    this.#queue.assertMayWait("reload plugins");
    const reports = await this.#queue.add(() => this.#reload(specifier));
    return reports ?? [];
  }

  /**
   * Reloads plugins when their files change, until it is disposed. What fails leaves the old plugins
   * as they are and waits for the next change; so does a file that is gone, unless it is said
   * otherwise.
   *
   * @param specifiers Where they were loaded from, as it was written then: files.
   * @param options How long to wait, and who is told.
   * @returns Ends it, after the reload that is under way.
   * @throws {OptionError} `INVALID_OPTION` for an option that cannot be.
   * @throws {PluginError} `SPECIFIER_UNKNOWN`, and `SPECIFIER_INVALID` for what is no file.
   */
  watch(
    specifiers: string | readonly string[],
    options: WatchOptions = {},
  ): AsyncDisposable {
    const checked = checkWatchOptions(options, this.#clock);
    if (this.#isClosed) throw loaderClosed();
    const sources = listOf(specifiers).map((item) =>
      this.#loadedFrom(item, "watch").kept.source
    );
    const { log } = this.#options;
    const watch = watchSources(sources, checked, {
      log: (record) => log?.(record),
      reload: (specifier, isWanted) =>
        this.#queue.add(() => this.#reload(specifier, isWanted)),
      unload: (specifier) => this.unload(specifier, { cascade: true }),
    });
    this.#watches.add(watch);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#watches.delete(watch);
        await watch[Symbol.asyncDispose]();
      },
    };
  }

  /**
   * Tells where the active plugins of this loader came from and what holds them.
   *
   * @returns One report each, in load order.
   */
  reports(): readonly PluginReport[] {
    return this.#loaded.active().map(([{ id }, { source }]) =>
      reportOf(id, source)
    );
  }

  /**
   * Lists the workers that were to end and could not be stopped, because they compute. Each keeps a
   * core busy, and the program from ending: a restart is the way to be rid of them.
   *
   * @returns One report each, oldest first.
   */
  tainted(): readonly TaintReport[] {
    return this.#taints.list();
  }

  /** Unloads the plugins of this loader, newest first, with all that depend on them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue.assertMayWait("dispose the loader");
    this.#isClosed = true;
    this.#deaths[Symbol.dispose]();
    for (const watch of this.#watches) await watch[Symbol.asyncDispose]();
    this.#watches.clear();
    await this.#queue.add(async () => {
      for (const [handle] of this.#loaded.active().reverse()) {
        await this.#unload(handle);
      }
    });
  }

  async #start(
    places: readonly Place[],
    options: CheckedLoadOptions,
  ): Promise<PluginHandle[]> {
    const { registry } = this.#options;
    // Whatever fails from here on, the sandboxes that were started are ended.
    await using started = new AsyncDisposableStack();
    const { sources, keep } = await this.#getter.get(places, options, {
      started,
      foresee: (described) => registry.foresee(foreseenOf(described)),
    });
    const handles = await this.#registrar.register(sources, options);
    try {
      await keep();
    } catch (error) {
      for (const handle of handles.toReversed()) await this.#unload(handle);
      throw error;
    }
    started.move();
    return handles;
  }

  #loadedFrom(specifier: string, operation: string): Loaded {
    const isMeant = this.#places.matcher(specifier);
    return this.#loaded.from({ operation, specifier, isMeant });
  }

  /** Reloads what was loaded from a specifier, unless its modules are not wanted. */
  async #reload(
    specifier: string,
    isWanted?: (digest: string) => boolean,
  ): Promise<ReloadReport[] | undefined> {
    if (this.#isClosed) throw loaderClosed();
    const { registry } = this.#options;
    const { kept, handles } = this.#loadedFrom(specifier, "reload");
    const { source: old, options } = kept;
    await using started = new AsyncDisposableStack();
    // The digest that was named was that of the old modules.
    const free = { ...options, integrity: undefined };
    const gotten = await this.#getter.get([old], free, {
      started,
      again: true,
      foresee: (described) =>
        registry.foresee(foreseenReload(handles, described)),
      ...isWanted && { isWanted },
    });
    const [source] = gotten.sources;
    if (source === undefined) return undefined;
    assertSameIds(handles, source);
    const next = { source, options };
    const reports = await this.#registrar.replace(old.specifier, next, started);
    // It holds, whether or not that can be written down.
    await gotten.keep();
    return reports;
  }

  async #unload(handle: PluginHandle): Promise<void> {
    const { unloadAnyway } = await import("./unload_anyway.ts");
    const { registry, log = () => {} } = this.#options;
    await unloadAnyway(handle, { registry, clock: this.#clock, log });
  }
}
