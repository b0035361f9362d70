import type { PluginHandle } from "../plugin/plugin.ts";
import { specifierUnknown } from "./errors.ts";
import type { Kept, Loaded, LoadedSource } from "./loaded_source.ts";

/** What a loader was asked to do, and with what. */
export interface LoadedQuery {
  /** What is to be done, `unload`. */
  readonly operation: string;
  /** What it is to be done with, as the host wrote it. */
  readonly specifier: string;
  /** Tells what is meant by that. */
  readonly isMeant: (source: LoadedSource) => boolean;
}

/** The plugins that a loader has loaded, as long as they are there. */
export class LoadedPlugins {
  readonly #kept = new Map<PluginHandle, Kept>();

  /**
   * Remembers a plugin.
   *
   * @param handle The plugin.
   * @param kept Where it came from, and how it was loaded.
   */
  add(handle: PluginHandle, kept: Kept): void {
    this.#kept.set(handle, kept);
  }

  /**
   * Lists the plugins that are there.
   *
   * @returns The plugins, in load order.
   */
  active(): [PluginHandle, Kept][] {
    for (const handle of this.#kept.keys()) {
      if (handle.state === "absent") this.#kept.delete(handle);
    }
    return [...this.#kept];
  }

  /**
   * Finds what was loaded from a specifier and is there.
   *
   * @param query What is looked for.
   * @returns The plugins.
   * @throws {PluginError} `SPECIFIER_UNKNOWN` if there are none.
   */
  from({ operation, specifier, isMeant }: LoadedQuery): Loaded {
    const active = this.active();
    const all = active.filter(([, { source }]) => isMeant(source));
    const handles = all.map(([handle]) => handle);
    const kept = all[0]?.[1];
    if (kept !== undefined) return { kept, handles };
    const known = active.map(([, { source }]) => source.specifier);
    throw specifierUnknown(operation, specifier, known);
  }
}
