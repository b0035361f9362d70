import type { Clock } from "../../base/mod.ts";
import type { Fetch } from "../fetch_options.ts";
import type { FetchLimits } from "../limits.ts";
import type { Registries } from "../registries/registries.ts";
import { withinTime } from "../within_time.ts";
import { discoverManifests } from "./discover_manifests.ts";
import { isManifest, type PluginManifest } from "./plugin_manifest.ts";
import { readManifest } from "./read_manifest.ts";

/** What manifests are fetched with. */
export interface ManifestOptions {
  /** Where time comes from. */
  readonly clock: Clock;
  /** Fetches over the network. */
  readonly fetch: Fetch;
  /** Where packages come from. */
  readonly registries: Registries;
  /** How much is fetched at most. */
  readonly fetchLimits: FetchLimits;
}

/**
 * Reads the manifest that a specifier names.
 *
 * @param url What it names.
 * @param options What manifests are fetched with.
 * @returns The manifest; `undefined` if it names a module.
 * @throws {PluginError} As {@linkcode readManifest}.
 */
export async function findManifest(
  url: string,
  options: ManifestOptions,
): Promise<PluginManifest | undefined> {
  if (!isManifest(url)) return undefined;
  const { fetchLimits: limits } = options;
  return await withinTime(
    url,
    { ...options, limits },
    (signal) => readManifest(url, { ...options, limits, signal }),
  );
}

/**
 * Finds the manifests of a place.
 *
 * @param location URL of the place.
 * @param options What manifests are fetched with.
 * @returns The manifests, sorted by id.
 * @throws {PluginError} As {@linkcode discoverManifests}.
 */
export async function findManifests(
  location: string,
  options: ManifestOptions,
): Promise<PluginManifest[]> {
  const { fetchLimits: limits } = options;
  return await withinTime(
    location,
    { ...options, limits },
    (signal) => discoverManifests(location, { ...options, limits, signal }),
  );
}
