import { describeFailure } from "../events/describe_failure.ts";
import { isThenable } from "../events/is_thenable.ts";
import type { PluginHost } from "./plugin_host.ts";
import type { PluginScope } from "./scope.ts";

/** Whose function it is. */
export interface WatcherOwner {
  /** Id of the plugin. */
  readonly pluginId: string;
  /** Owns what the plugin does. */
  readonly scope: PluginScope;
}

/**
 * Makes a plugin's function safe to call: what it throws or rejects with is published as
 * `PluginError`, or logged if nobody listens to that, and the plugin's end waits for what it starts.
 *
 * @param host What all plugins share.
 * @param owner Whose function it is.
 * @param watcher The function.
 * @returns A function that does not throw.
 */
export function safeWatcher<Value>(
  host: Pick<PluginHost, "events" | "log">,
  { pluginId, scope }: WatcherOwner,
  watcher: (value: Value) => void | Promise<void>,
): (value: Value) => void {
  function fail(error: unknown): void {
    const failure = describeFailure(error, "LISTENER_FAILED");
    const phase = "watch";
    try {
      const isHeard = host.events.publishLazy(
        "PluginError",
        () => ({ kind: "PluginError", pluginId, phase, ...failure }),
      );
      if (isHeard) return;
    } catch {
      // Too deep in listeners that publish each other.
    }
    const message = "A watcher failed";
    const fields = { ...failure };
    host.log({ level: "error", source: pluginId, message, fields });
  }
  return (value) => {
    try {
      const result: unknown = scope.track(watcher(value));
      if (isThenable(result)) Promise.resolve(result).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}
