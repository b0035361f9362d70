import type { FetchOptions } from "../fetch_options.ts";
import { readFileWithin } from "../read_module_file.ts";
import { fetchJson, parseJson } from "../registries/fetch_bytes.ts";

/**
 * Reads a manifest, or a list of manifests.
 *
 * @param url Where it is.
 * @param options How it is fetched.
 * @returns What parsing it as JSON gave, which is foreign.
 * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`.
 */
export async function readDocument(
  url: string,
  options: FetchOptions,
): Promise<unknown> {
  const { manifestBytesMax } = options.limits;
  const limits = { ...options.limits, bytesMax: manifestBytesMax };
  if (!url.startsWith("file:")) {
    return await fetchJson(url, { ...options, limits });
  }
  return parseJson(url, await readFileWithin(url, limits));
}
