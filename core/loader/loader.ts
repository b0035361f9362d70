import {
  type Clock,
  invalidOption,
  isCoded,
  SYSTEM_CLOCK,
} from "../base/mod.ts";
import type { PluginEntry } from "../plugin/admission.ts";
import type { LogRecord } from "../plugin/context.ts";
import type { PluginHandle } from "../plugin/plugin.ts";
import type { PluginRegistry } from "../plugin/registry.ts";
import { isolationUnavailable } from "../sandbox/errors.ts";
import { findLaunchTools, type LaunchTools } from "../sandbox/launcher.ts";
import { type SandboxLimits, sandboxLimits } from "../sandbox/limits.ts";
import { loaderClosed } from "./errors.ts";
import type { Fetch } from "./fetch_module.ts";
import { importInline } from "./import_inline.ts";
import {
  type CheckedLoadOptions,
  checkLoadOptions,
  type LoadOptions,
} from "./load_options.ts";
import {
  type LoadedSource,
  type PluginReport,
  reportOf,
} from "./loaded_source.ts";
import { parseSpecifier } from "./specifier.ts";
import type { Place, SandboxParts } from "./start_sources.ts";

/** What a loader works with. */
export interface DynamicPluginLoaderOptions {
  /** Where plugins are registered. */
  readonly registry: PluginRegistry;
  /** Brings what sandboxes need; called once, for the first of them. Without it there are none. */
  readonly sandbox?: () => Promise<SandboxParts>;
  /** How much time and memory a sandboxed plugin may take, where that is not the default. */
  readonly limits?: Partial<SandboxLimits>;
  /** What paths are relative to. */
  readonly baseUrl?: string | URL;
  /** Where time comes from; the machine's clock if left out. */
  readonly clock?: Clock;
  /** Fetches modules over the network; the platform's `fetch` if left out. */
  readonly fetch?: Fetch;
  /** Where the loader writes what nobody waits for. */
  readonly log?: (record: LogRecord) => void;
}

/** How much longer the registry waits for a hook than the sandbox, which ends what hangs. */
const REGISTRY_MARGIN_MS = 2_000;
/** How often the unload of a dead plugin is tried while others come or go, and how far apart. */
const UNLOAD_TRIES_MAX = 100;
const UNLOAD_PAUSE_MS = 50;

/**
 * Loads plugins from files and servers: fetches a module graph once, hashes it, starts a sandbox on
 * exactly those bytes, and registers the plugins that are in it.
 *
 * One load is all or nothing over all its specifiers, and loads run one after another. A sandbox
 * ends with its last plugin; one that dies by itself takes its plugins, and all that depend on them,
 * out of the registry.
 */
export class DynamicPluginLoader implements AsyncDisposable {
  readonly #options: DynamicPluginLoaderOptions;
  readonly #clock: Clock;
  readonly #limits: SandboxLimits;
  readonly #sources = new Map<PluginHandle, LoadedSource>();
  #queue: Promise<unknown> = Promise.resolve();
  #parts: SandboxParts | undefined;
  #tools: LaunchTools | undefined;
  #isClosed = false;

  /**
   * Constructs a new instance.
   *
   * @param options What it works with.
   * @throws {OptionError} `INVALID_OPTION` if a limit is not a finite number above 0.
   */
  constructor(options: DynamicPluginLoaderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#limits = sandboxLimits(options.limits);
  }

  /**
   * Loads plugins, all or nothing.
   *
   * @param specifiers Where their modules are: URLs, or paths relative to the loader's base.
   * @param options How they are loaded.
   * @returns Their handles, in load order.
   * @throws {OptionError} `INVALID_OPTION` if an option has a value that it cannot have.
   * @throws {PluginError} `SPECIFIER_INVALID`, `FETCH_FAILED`, `FETCH_LIMIT`, `IMPORT_REFUSED`,
   * `INTEGRITY_MISMATCH`, `ISOLATION_UNAVAILABLE`, `SANDBOX_START_FAILED`, `PLUGIN_IMPORT_FAILED`,
   * `NO_PLUGIN_EXPORT`, `LOADER_CLOSED`; and as {@linkcode PluginRegistry.registerAll}.
   */
  async load(
    specifiers: string | readonly string[],
    options: LoadOptions = {},
  ): Promise<PluginHandle[]> {
    const list = listOf(specifiers);
    return await this.#enqueue(async () => {
      if (this.#isClosed) throw loaderClosed();
      return await this.#load(list, checkLoadOptions(options, list.length));
    });
  }

  /**
   * Tells where the active plugins of this loader came from and what holds them.
   *
   * @returns One report each, in load order.
   */
  reports(): readonly PluginReport[] {
    return this.#active().map(([{ id }, source]) => reportOf(id, source));
  }

  /** Unloads the plugins of this loader, newest first, with all that depend on them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#enqueue(async () => {
      for (const [handle] of this.#active().reverse()) {
        await this.#unload(handle);
      }
    });
  }

  /** Runs one piece of work after all earlier ones. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }

  #active(): [PluginHandle, LoadedSource][] {
    for (const handle of this.#sources.keys()) {
      if (handle.state === "absent") this.#sources.delete(handle);
    }
    return [...this.#sources];
  }

  async #load(
    specifiers: readonly string[],
    options: CheckedLoadOptions,
  ): Promise<PluginHandle[]> {
    const places = specifiers.map((specifier) => ({
      specifier,
      url: parseSpecifier(specifier, this.#options).href,
    }));
    // Whatever fails from here on, the sandboxes that were started are ended.
    await using started = new AsyncDisposableStack();
    const sources = options.isolation === "inline"
      ? await importSources(places)
      : await this.#startSources(places, options, started);
    const handles = await this.#register(sources, options);
    started.move();
    return handles;
  }

  async #startSources(
    places: readonly Place[],
    { integrity, timeoutMs }: CheckedLoadOptions,
    started: AsyncDisposableStack,
  ): Promise<LoadedSource[]> {
    const { sandbox, fetch = globalThis.fetch } = this.#options;
    if (sandbox === undefined) {
      const why = "this loader was made without a library for sandboxes";
      throw isolationUnavailable("process", why);
    }
    this.#tools ??= await findLaunchTools();
    // On first need: most programs never start a sandbox.
    const { startSources } = await import("./start_sources.ts");
    const options = {
      parts: async () => this.#parts ??= await sandbox(),
      limits: { ...this.#limits, ...timeoutMs && { hookMs: timeoutMs } },
      tools: this.#tools,
      clock: this.#clock,
      fetch,
      integrity,
    };
    return await startSources(places, options, started);
  }

  async #register(
    sources: readonly LoadedSource[],
    { isolation, timeoutMs, config }: CheckedLoadOptions,
  ): Promise<PluginHandle[]> {
    const sourceOf = new Map<string, LoadedSource>();
    const entries = sources.flatMap((source) =>
      source.plugins.map((plugin): PluginEntry => {
        const { id } = plugin.metadata;
        sourceOf.set(id, source);
        return {
          plugin,
          source: source.specifier,
          ...Object.hasOwn(config, id) && { config: config[id]! },
        };
      })
    );
    const hookMs = isolation === "inline"
      ? timeoutMs
      : (timeoutMs ?? this.#limits.hookMs) + REGISTRY_MARGIN_MS;
    const handles = await this.#options.registry.registerAll(entries, {
      isolation,
      ...hookMs === undefined ? {} : { timeoutMs: hookMs },
    });
    for (const handle of handles) {
      this.#sources.set(handle, sourceOf.get(handle.id)!);
    }
    for (const source of sources) this.#watch(source);
    return handles;
  }

  /** Unloads the plugins of a sandbox that dies by itself. */
  #watch(source: LoadedSource): void {
    if (source.isolation === "inline") return;
    source.sandbox.onDeath(() => {
      this.#enqueue(async () => {
        for (const [handle, { plugins }] of this.#active()) {
          if (plugins === source.plugins) await this.#unload(handle);
        }
      });
    });
  }

  /** Unloads a plugin whose end need not be clean: that is announced by its `PluginUnloaded`. */
  async #unload(handle: PluginHandle): Promise<void> {
    const { registry } = this.#options;
    for (let tries = 0; tries < UNLOAD_TRIES_MAX; tries++) {
      try {
        await registry.unregister(handle.id, { cascade: true });
      } catch (error) {
        if (!isCoded(error)) throw error;
      }
      if (handle.state === "absent") return;
      // It or one that depends on it is just coming or going; that takes as long as a hook may.
      await this.#pause();
    }
    this.#options.log?.({
      level: "error",
      source: "host",
      message: `Cannot unload plugin: others kept coming and going`,
      fields: { pluginId: handle.id },
    });
  }

  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    using _timer = this.#clock.after(UNLOAD_PAUSE_MS, resolve);
    await promise;
  }
}

async function importSources(
  places: readonly Place[],
): Promise<LoadedSource[]> {
  const sources: LoadedSource[] = [];
  for (const { specifier, url } of places) {
    const plugins = await importInline(url);
    sources.push({ isolation: "inline", specifier, plugins });
  }
  return sources;
}

function listOf(specifiers: unknown): readonly string[] {
  const list = Array.isArray(specifiers) ? [...specifiers] : [specifiers];
  if (list.every((specifier) => typeof specifier === "string")) return list;
  throw invalidOption("load specifiers", specifiers, "text or a list of texts");
}
