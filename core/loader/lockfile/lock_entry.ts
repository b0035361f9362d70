import type { SeenIndex } from "../index/plugin_index.ts";
import type { Resource } from "../policy/resource.ts";

/** What a lockfile says about one module. */
export interface LockedModule {
  /** SHA-256 of its bytes, `sha256-` and base 64. */
  readonly hash: string;
  /** Whether it is TypeScript. */
  readonly isTypeScript: boolean;
}

/** What a lockfile says about one plugin: as much of its metadata as others have to do with. */
export interface LockedPlugin {
  /** Its version. */
  readonly version: string;
  /** One sentence about what it does, as one line. */
  readonly description?: string;
  /** Plugins that it needs, with the ranges it works with. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Plugins that it can do without, with the ranges it works with. */
  readonly optionalDependencies: Readonly<Record<string, string>>;
  /** Plugins that it stands in for, with the versions that it counts as. */
  readonly provides: Readonly<Record<string, string>>;
  /** What it offers, `Backend(webgpu)`, sorted, each once. */
  readonly capabilities: readonly string[];
}

/** What a lockfile says about the plugins of one specifier. All URLs are absolute. */
export interface LockEntry {
  /** Digest of all modules together. */
  readonly digest: string;
  /** The modules, by URL. */
  readonly modules: ReadonlyMap<string, LockedModule>;
  /** Where modules were found that are asked for elsewhere. */
  readonly redirects: ReadonlyMap<string, string>;
  /** The plugins, by id. */
  readonly plugins: ReadonlyMap<string, LockedPlugin>;
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
