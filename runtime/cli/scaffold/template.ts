import type { PluginNames } from "./plugin_names.ts";

/** A plugin to begin with. */
export interface PluginTemplate {
  /** What it brings, for people. */
  readonly description: string;
  /** Whether what it brings is for plugins that run inline alone: nothing of it works in a sandbox. */
  readonly isInline?: boolean;
  /**
   * Writes its module.
   *
   * @param names What its parts are called.
   * @returns TypeScript.
   */
  readonly module: (names: PluginNames) => string;
  /**
   * Writes the test of its module.
   *
   * @param names What its parts are called.
   * @returns TypeScript.
   */
  readonly test: (names: PluginNames) => string;
}
