import { SYSTEM_CLOCK } from "../../base/mod.ts";
import { compareVersions, parseVersion } from "../../versions/mod.ts";
import { FETCH_LIMITS } from "../limits.ts";
import { REGISTRIES } from "../registries/registries.ts";
import type {
  IndexedVersion,
  IndexOptions,
  SeenIndex,
} from "./plugin_index.ts";
import { readIndex } from "./read_index.ts";

/** Options of {@linkcode searchIndex}. */
export interface SearchIndexOptions {
  /** What was seen of the index before. */
  readonly seen?: SeenIndex | undefined;
}

/**
 * Lists the plugins of an index, each in its newest version that was not taken back.
 *
 * @param index Where it is, and whose signature counts.
 * @param options What was seen of it before.
 * @returns The plugins, sorted by id.
 * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`, `SIGNATURE_INVALID`, `INDEX_INVALID`,
 * `INDEX_EXPIRED`, `INDEX_ROLLBACK`.
 */
export async function searchIndex(
  index: IndexOptions,
  { seen }: SearchIndexOptions = {},
): Promise<IndexedVersion[]> {
  const read = await readIndex(index, {
    clock: SYSTEM_CLOCK,
    nowMs: index.today ?? Date.now,
    fetch: globalThis.fetch,
    registries: REGISTRIES,
    fetchLimits: FETCH_LIMITS,
    seen,
  });
  const newest = new Map<string, IndexedVersion>();
  for (const each of read.index.versions) {
    const former = newest.get(each.id);
    const isNewer = former === undefined ||
      compareVersions(
          parseVersion(each.version)!,
          parseVersion(former.version)!,
        ) > 0;
    if (isNewer && !each.isYanked) newest.set(each.id, each);
  }
  return [...newest.values()].sort((a, b) => a.id < b.id ? -1 : 1);
}
