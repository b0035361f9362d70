import { assertFunction, assertInstance, listOf } from "../base/mod.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { PluginRegistry } from "../plugin/registry.ts";

/**
 * Loads plugins that are part of the host's own program.
 *
 * @example Plugins in any order
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   PluginEventBus,
 *   PluginRegistry,
 *   StaticPluginLoader,
 * } from "@spiraltorch/spiraltorch/core";
 *
 * const events = new PluginEventBus();
 * await using registry = new PluginRegistry({ events, engineVersion: "0.1.0" });
 * const loader = new StaticPluginLoader(() => [
 *   {
 *     metadata: {
 *       id: "acme.panel",
 *       version: "1.0.0",
 *       dependencies: { "acme.meter": "^1.0.0" },
 *     },
 *   },
 *   { metadata: { id: "acme.meter", version: "1.2.0" } },
 * ]);
 * assertEquals(await loader.loadInto(registry), 2);
 * assertEquals(registry.listPlugins(), ["acme.meter", "acme.panel"]);
 * ```
 */
export class StaticPluginLoader {
  readonly #discover: () => readonly Plugin[];

  /**
   * Constructs a new instance.
   *
   * @param discover Makes the plugins; called once for each load.
   * @throws {OptionError} `INVALID_OPTION` if it is not a function.
   */
  constructor(discover: () => readonly Plugin[]) {
    assertFunction("StaticPluginLoader discover", discover);
    this.#discover = discover;
  }

  /**
   * Makes the plugins without loading them.
   *
   * @returns The plugins, in the order they were given.
   * @throws {OptionError} `INVALID_OPTION` if what makes them gives no list.
   */
  discover(): readonly Plugin[] {
    return [...listOf("plugins of StaticPluginLoader", this.#discover())];
  }

  /**
   * Loads the plugins, all of them or none.
   *
   * @param registry Where they are registered.
   * @returns How many there are.
   * @throws {OptionError} `INVALID_OPTION` if it is no registry, or there is no list of plugins.
   * @throws {PluginError} As {@linkcode PluginRegistry.registerAll}.
   */
  async loadInto(registry: PluginRegistry): Promise<number> {
    assertInstance("registry of loadInto", registry, PluginRegistry);
    const handles = await registry.registerAll(this.discover());
    return handles.length;
  }
}
