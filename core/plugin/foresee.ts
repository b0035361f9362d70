import { invalidOption, isCoded, listOf, optionsOf } from "../base/mod.ts";
import {
  admit,
  assertEach,
  type Premises,
  type ReadEntry,
} from "./admission.ts";
import { parseMetadata } from "./metadata.ts";
import type { PluginMetadata } from "./plugin.ts";
import { admitReload } from "./reload/admit_reload.ts";

/** What is known of plugins that are about to be registered, before any of their code runs. */
export interface Foreseen {
  /** What has been said of them. */
  readonly plugins: readonly PluginMetadata[];
  /**
   * `whole`: these are all plugins of a load. `part`: there are others, of which nothing is known yet, and
   * which may be what these depend on. `reload`: they take the places of plugins that are there.
   */
  readonly scope: "whole" | "part" | "reload";
}

const CHECKS = { whole: admit, part: assertEach, reload: admitReload };

/** What may have passed by the time that the plugins are registered. */
const PASSING: readonly string[] = [
  "PLUGIN_IN_TRANSITION",
  "DEPENDENCY_NOT_READY",
];

/**
 * Checks plugins by what has been said of them, as they are checked when they are registered. What
 * cannot be known yet is left to that.
 *
 * @param foreseen What is known.
 * @param premises What they are checked against.
 * @throws {OptionError} `INVALID_OPTION` if it is nothing of the kind.
 * @throws {PluginError} `PLUGIN_METADATA_INVALID`; and as {@linkcode admit} and
 * {@linkcode admitReload}.
 */
export function foresee(foreseen: Foreseen, premises: Premises): void {
  const { plugins, scope } = optionsOf("foresee", foreseen);
  if (!Object.hasOwn(CHECKS, scope)) {
    const wanted = Object.keys(CHECKS).join(", ");
    throw invalidOption("scope of foresee", scope, wanted);
  }
  const entries = listOf("plugins of foresee", plugins).map(
    (plugin): ReadEntry => {
      const metadata = parseMetadata(plugin);
      return { plugin: { metadata }, metadata, warnings: [] };
    },
  );
  try {
    CHECKS[scope](entries, premises);
  } catch (error) {
    if (isCoded(error) && PASSING.includes(error.code)) return;
    throw error;
  }
}
