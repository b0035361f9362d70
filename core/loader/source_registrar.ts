import type { PluginEntry } from "../plugin/admission.ts";
import type { PluginHandle } from "../plugin/plugin.ts";
import type { ReloadReport } from "../plugin/registry_options.ts";
import type { SandboxLimits } from "../sandbox/limits.ts";
import { offerServices } from "./gate/offer_services.ts";
import { type CheckedLoadOptions, registryHookMs } from "./load_options.ts";
import type { LoadedPlugins } from "./loaded_plugins.ts";
import type { Kept, LoadedSource } from "./loaded_source.ts";
import type { CheckedLoaderOptions } from "./loader_options.ts";
import type { SandboxDeaths } from "./restart/sandbox_deaths.ts";

/** What plugins are registered with. */
export interface SourceRegistrarOptions {
  /** What the loader works with. */
  readonly loader: CheckedLoaderOptions;
  /** How much time a sandboxed plugin may take. */
  readonly limits: SandboxLimits;
  /** Remembers what has been loaded. */
  readonly loaded: LoadedPlugins;
  /** Waits for the ends of sandboxes. */
  readonly deaths: SandboxDeaths;
}

/** Registers plugins that have been got from where they are. */
export class SourceRegistrar {
  readonly #options: SourceRegistrarOptions;

  /**
   * Constructs a new instance.
   *
   * @param options What plugins are registered with.
   */
  constructor(options: SourceRegistrarOptions) {
    this.#options = options;
  }

  /**
   * Registers plugins, all or nothing.
   *
   * @param sources The plugins.
   * @param options How they are loaded.
   * @returns Their handles, in load order.
   */
  async register(
    sources: readonly LoadedSource[],
    options: CheckedLoadOptions,
  ): Promise<PluginHandle[]> {
    const { loader: { registry }, limits, loaded, deaths } = this.#options;
    const { isolation, config } = options;
    const sourceOf = new Map<string, LoadedSource>();
    const entries: PluginEntry[] = [];
    for (const source of sources) {
      for (const entry of await this.#entriesOf({ source, options })) {
        const { id } = entry.plugin.metadata;
        sourceOf.set(id, source);
        const own = Object.hasOwn(config, id) && { config: config[id]! };
        entries.push({ ...entry, ...own });
      }
    }
    const hookMs = registryHookMs(options, limits);
    const handles = await registry.registerAll(entries, {
      isolation,
      ...hookMs === undefined ? {} : { timeoutMs: hookMs },
    });
    for (const handle of handles) {
      const source = sourceOf.get(handle.id)!;
      loaded.add(handle, { source, options });
    }
    for (const source of sources) deaths.watch(source);
    return handles;
  }

  /**
   * Puts plugins into the places of those that were loaded from the same specifier, all or nothing.
   *
   * @param specifier The specifier, as the host wrote it.
   * @param next The plugins, and how they are loaded.
   * @param started Owns their sandbox until they are there.
   * @returns What came of each, in load order.
   */
  async replace(
    specifier: string,
    next: Kept,
    started: AsyncDisposableStack,
  ): Promise<ReloadReport[]> {
    const { loader: { registry }, limits, loaded, deaths } = this.#options;
    const { source, options } = next;
    const { isolation } = options;
    const hookMs = registryHookMs(options, limits);
    const entries = await this.#entriesOf(next);
    const reports = await registry.reloadAll(
      entries.map((entry) => ({
        ...entry,
        isolation,
        source: specifier,
        ...hookMs === undefined ? {} : { timeoutMs: hookMs },
      })),
    );
    started.move();
    for (const { metadata: { id } } of source.plugins) {
      const handle = registry.get(id);
      if (handle !== undefined) loaded.add(handle, next);
    }
    deaths.watch(source);
    return reports;
  }

  #entriesOf(kept: Kept): Promise<PluginEntry[]> {
    const { plugins, specifier } = kept.source;
    return Promise.all(plugins.map(async (plugin) => ({
      plugin,
      source: specifier,
      ownServices: await offerServices(plugin, kept, this.#options.loader),
    })));
  }
}
