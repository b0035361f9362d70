import { type Clock, isCoded } from "../base/mod.ts";
import type { LogRecord } from "../plugin/context.ts";
import type { PluginHandle } from "../plugin/plugin.ts";
import type { PluginRegistry } from "../plugin/registry.ts";

/** What plugins are unloaded with. */
export interface UnloadOptions {
  /** Where they are registered. */
  readonly registry: PluginRegistry;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Where it is written that one could not be unloaded. */
  readonly log: (record: LogRecord) => void;
}

/** How often it is tried while others come or go, and how far apart. */
const TRIES_MAX = 100;
const PAUSE_MS = 50;

/**
 * Unloads a plugin with all that depend on it. Its end need not be clean: that is announced by its
 * `PluginUnloaded`.
 *
 * @param handle The plugin.
 * @param options What it is unloaded with.
 */
export async function unloadAnyway(
  handle: PluginHandle,
  { registry, clock, log }: UnloadOptions,
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    try {
      await registry.unregister(handle.id, { cascade: true });
    } catch (error) {
      if (!isCoded(error)) throw error;
    }
    if (handle.state === "absent") return;
    // It or one that depends on it is just coming or going; that takes as long as a hook may.
    await pause(clock);
  }
  log({
    level: "error",
    source: "host",
    message: `Cannot unload plugin: others kept coming and going`,
    fields: { pluginId: handle.id },
  });
}

async function pause(clock: Clock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _timer = clock.after(PAUSE_MS, resolve);
  await promise;
}
