import { manifestInvalid } from "../errors.ts";
import type { FetchOptions } from "../fetch_options.ts";
import { parseManifest } from "./parse_manifest.ts";
import type { PluginManifest } from "./plugin_manifest.ts";
import { readDocument } from "./read_document.ts";

/**
 * Reads the manifest of a plugin.
 *
 * @param url Where it is.
 * @param options How it is fetched.
 * @returns The manifest.
 * @throws {PluginError} `MANIFEST_INVALID` with all that is wrong with it, `FETCH_FAILED`,
 * `FETCH_LIMIT`.
 */
export async function readManifest(
  url: string,
  options: FetchOptions,
): Promise<PluginManifest> {
  const reading = parseManifest(await readDocument(url, options), url);
  if ("manifest" in reading) return reading.manifest;
  throw manifestInvalid(url, reading.issues);
}
