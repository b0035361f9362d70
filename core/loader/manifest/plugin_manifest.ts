import type { ParsedMetadata } from "../../plugin/plugin.ts";

/** What a file says about a plugin, before any of its code has run. */
export interface PluginManifest {
  /** Id of the plugin. */
  readonly id: string;
  /** Its version. */
  readonly version: string;
  /** All that it says about itself; its module has to say the same. */
  readonly metadata: ParsedMetadata;
  /** What it is loaded with: the URL of the manifest. */
  readonly specifier: string;
  /** URL of its module. */
  readonly entry: string;
}

/** Name of a manifest in the folder of its plugin. */
export const MANIFEST_NAME = "plugin.json";

/**
 * Tells whether a URL is that of a manifest, rather than of a module.
 *
 * @param url The URL.
 * @returns Whether it is.
 */
export function isManifest(url: string): boolean {
  return /^(file|https?):/.test(url) && new URL(url).pathname.endsWith(".json");
}
