import { assertInstance } from "../../core/base/mod.ts";
import {
  type PluginHandle,
  type PluginMetadata,
  PluginRegistry,
} from "../../core/mod.ts";
import { assertText } from "../../nn/check/assert_text.ts";
import { SequencerHub, type ZSpaceSequencerPlugin } from "../../nn/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { globalRegistry, globalSequencerHub } from "../default_ecosystem.ts";
import type { Ecosystem } from "../ecosystem.ts";
import {
  ZSPACE_CAPABILITY,
  type ZSpaceAdapterOptions,
  ZSpacePluginAdapter,
} from "../plugin/mod.ts";

/** The plugins of sequencers of one ecosystem. */
export class ZSpacePlugins {
  readonly #plugins: PluginRegistry;
  readonly #hub: SequencerHub;

  /**
   * Constructs a new instance.
   *
   * @param ecosystem The ecosystem.
   * @throws {OptionError} `INVALID_OPTION` if it is none.
   */
  constructor(ecosystem: Pick<Ecosystem, "plugins" | "zspace">) {
    const { plugins, zspace } = optionsOf("ZSpacePlugins", ecosystem);
    assertInstance("plugins of an ecosystem", plugins, PluginRegistry);
    assertInstance("zspace of an ecosystem", zspace, SequencerHub);
    this.#plugins = plugins;
    this.#hub = zspace;
  }

  /**
   * Registers a plugin of sequencers: it watches every sequencer of the ecosystem until it is
   * unregistered.
   *
   * @param plugin The plugin, as it is.
   * @param options Who it is, and whether its stages are published.
   * @returns Its handle.
   * @throws {PluginError} Whatever registering a plugin throws, such as `PLUGIN_ALREADY_REGISTERED`.
   */
  async register(
    plugin: ZSpaceSequencerPlugin,
    options?: ZSpaceAdapterOptions,
  ): Promise<PluginHandle> {
    const adapter = new ZSpacePluginAdapter(plugin, options);
    return await this.#plugins.register(adapter);
  }

  /**
   * Registers a plugin of sequencers under metadata of its own.
   *
   * @param plugin The plugin, as it is.
   * @param metadata Who it is; the capability is added where it lacks.
   * @returns Its handle.
   * @throws {PluginError} Whatever registering a plugin throws.
   */
  async registerWithMetadata(
    plugin: ZSpaceSequencerPlugin,
    metadata: PluginMetadata,
  ): Promise<PluginHandle> {
    return await this.register(plugin, { metadata });
  }

  /**
   * Finds the plugins that watch sequencers.
   *
   * @returns The plugins, sorted by id.
   */
  findAllSequencers(): ZSpaceSequencerPlugin[] {
    return this.#handles().flatMap(({ id }) => this.#hub.find(id) ?? []);
  }

  /**
   * Finds one plugin that watches sequencers.
   *
   * @param name Its name, or the id under which it is registered.
   * @returns The plugin, or nothing.
   */
  getSequencer(name: string): ZSpaceSequencerPlugin | undefined {
    assertText("name of a sequencer plugin", name);
    const handle = this.#find(name);
    return handle && this.#hub.find(handle.id);
  }

  /**
   * Unregisters a plugin: it is detached from every sequencer.
   *
   * @param name Its name, or the id under which it is registered.
   * @throws {PluginError} Whatever unregistering a plugin throws, such as `PLUGIN_NOT_FOUND`.
   */
  async unregister(name: string): Promise<void> {
    assertText("name of a sequencer plugin", name);
    await this.#plugins.unregister(this.#find(name)?.id ?? name);
  }

  #find(name: string): PluginHandle | undefined {
    const handles = this.#handles();
    return handles.find(({ id }) => id === name) ??
      handles.find(({ id }) => this.#hub.find(id)?.name === name);
  }

  #handles(): readonly PluginHandle[] {
    const capability = { kind: "Custom", name: ZSPACE_CAPABILITY } as const;
    return this.#plugins.findByCapability(capability)
      .toSorted((a, b) => a.id < b.id ? -1 : 1);
  }
}

/**
 * The plugins of sequencers of the default ecosystem, and those of any other.
 *
 * @example Registered once, attached everywhere
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createEcosystem, ZSpacePluginRegistry } from "@spiraltorch/spiraltorch";
 *
 * await using ecosystem = await createEcosystem();
 * const registry = ZSpacePluginRegistry.of(ecosystem);
 * const watcher = { name: "watcher", onStage() {} };
 * const handle = await registry.register(watcher);
 * assertEquals(handle.id, "zspace_sequencer_watcher");
 * assertEquals(registry.findAllSequencers(), [watcher]);
 * await registry.unregister("watcher");
 * assertEquals(registry.findAllSequencers(), []);
 * ```
 */
export const ZSpacePluginRegistry: {
  /**
   * Takes an ecosystem in the place of the default one.
   *
   * @param ecosystem The ecosystem.
   * @returns Its plugins of sequencers.
   */
  of(ecosystem: Pick<Ecosystem, "plugins" | "zspace">): ZSpacePlugins;
  /** Registers with the default ecosystem; see {@linkcode ZSpacePlugins.register}. */
  register: ZSpacePlugins["register"];
  /** As {@linkcode ZSpacePlugins.registerWithMetadata}. */
  registerWithMetadata: ZSpacePlugins["registerWithMetadata"];
  /** As {@linkcode ZSpacePlugins.findAllSequencers}. */
  findAllSequencers: ZSpacePlugins["findAllSequencers"];
  /** As {@linkcode ZSpacePlugins.getSequencer}. */
  getSequencer: ZSpacePlugins["getSequencer"];
  /** As {@linkcode ZSpacePlugins.unregister}. */
  unregister: ZSpacePlugins["unregister"];
} = {
  of: (ecosystem) => new ZSpacePlugins(ecosystem),
  register: (plugin, options) => current().register(plugin, options),
  registerWithMetadata: (plugin, metadata) =>
    current().registerWithMetadata(plugin, metadata),
  findAllSequencers: () => current().findAllSequencers(),
  getSequencer: (name) => current().getSequencer(name),
  unregister: (name) => current().unregister(name),
};

/** The default ecosystem, as it is now. */
function current(): ZSpacePlugins {
  return new ZSpacePlugins({
    plugins: globalRegistry(),
    zspace: globalSequencerHub(),
  });
}
