import type { Plugin } from "../plugin/plugin.ts";
import type { PluginRegistry } from "../plugin/registry.ts";

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
   */
  constructor(discover: () => readonly Plugin[]) {
    this.#discover = discover;
  }

  /**
   * Makes the plugins without loading them.
   *
   * @returns The plugins, in the order they were given.
   */
  discover(): readonly Plugin[] {
    return [...this.#discover()];
  }

  /**
   * Loads the plugins, all of them or none.
   *
   * @param registry Where they are registered.
   * @returns How many there are.
   * @throws {PluginError} As {@linkcode PluginRegistry.registerAll}.
   */
  async loadInto(registry: PluginRegistry): Promise<number> {
    const handles = await registry.registerAll(this.discover());
    return handles.length;
  }
}
