import type { SeenIndex } from "../index/plugin_index.ts";
import type { Resource } from "../policy/resource.ts";

/** What a lockfile says about one module. */
export interface LockedModule {
  /** SHA-256 of its bytes, `sha256-` and base 64. */
  readonly hash: string;
  /** Whether it is TypeScript. */
  readonly isTypeScript: boolean;
}

/** What a lockfile says about the plugins of one specifier. All URLs are absolute. */
export interface LockEntry {
  /** Digest of all modules together. */
  readonly digest: string;
  /** The modules, by URL. */
  readonly modules: ReadonlyMap<string, LockedModule>;
  /** Where modules were found that are asked for elsewhere. */
  readonly redirects: ReadonlyMap<string, string>;
  /** Versions of the plugins, by id. */
  readonly plugins: ReadonlyMap<string, string>;
  /** What they were granted. */
  readonly grants: readonly Resource[];
  /** Fingerprint of the key that vouched for them; nobody did if left out. */
  readonly signer?: string;
}

/** What a lockfile says about everything, by URL of the plugin's entry as it was asked for. */
export type LockEntries = ReadonlyMap<string, LockEntry>;

/** What a lockfile remembers of indexes, by their URLs. */
export type LockIndexes = ReadonlyMap<string, SeenIndex>;

/** All that a lockfile says. */
export interface LockContent {
  /** About plugins. */
  readonly entries: LockEntries;
  /** About indexes. */
  readonly indexes: LockIndexes;
}
