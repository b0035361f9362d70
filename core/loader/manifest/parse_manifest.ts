import { isPlainObject, type Issue, printable } from "../../base/mod.ts";
import { readMetadata } from "../../plugin/metadata.ts";
import type { PluginManifest } from "./plugin_manifest.ts";

/** The path of a file beside another one or below it: plain names only, so that it stays there. */
const IS_BESIDE = /^\.(\/[A-Za-z0-9_@+-][A-Za-z0-9_@+.-]*)+$/;

/** What parsing a manifest gave. */
export type ManifestReading =
  | { readonly manifest: PluginManifest }
  | { readonly issues: readonly Issue[] };

/**
 * Parses a manifest: the metadata of a plugin, and as `entry` where its module is.
 *
 * @param value The manifest, from whoever wrote it.
 * @param url Where it is.
 * @returns The manifest, or all that is wrong with it.
 */
export function parseManifest(value: unknown, url: string): ManifestReading {
  if (!isPlainObject(value)) {
    const message = "found no object, wanted a plugin's metadata and its entry";
    return { issues: [{ code: "TYPE_INVALID", path: "", message }] };
  }
  const { $schema: _, entry, ...written } = value;
  const { metadata, issues } = readMetadata(() => written);
  const at = typeof entry === "string" ? resolveBeside(entry, url) : undefined;
  if (metadata !== undefined && at !== undefined) {
    const { id, version } = metadata;
    return { manifest: { id, version, metadata, specifier: url, entry: at } };
  }
  const message = `found ${
    printable(String(JSON.stringify(entry)), 200)
  }, wanted the path of a module beside the manifest or below it, "./mod.ts"`;
  const wrong = { code: "ENTRY_INVALID", path: "entry", message };
  return { issues: [...issues, ...at ? [] : [wrong]] };
}

/**
 * Finds a file that another one names.
 *
 * @param path Its path, `./mod.ts`.
 * @param url The other one.
 * @returns Its URL; `undefined` if it could be anywhere else than beside the other one or below it.
 */
export function resolveBeside(path: string, url: string): string | undefined {
  return IS_BESIDE.test(path) ? new URL(path, url).href : undefined;
}
