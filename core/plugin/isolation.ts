/**
 * How far a plugin is kept from the host: `inline` shares its realm, `worker` its process,
 * `process` nothing but a pipe.
 */
export type Isolation = "inline" | "worker" | "process";

/** Resources by kind, as people write them. */
export interface PermissionLists {
  /** Network addresses: `host:port`, or in a policy `host` for all of its ports. */
  readonly net?: readonly string[];
  /** Files and folders to read: absolute paths. */
  readonly read?: readonly string[];
  /** Files and folders to write: absolute paths. */
  readonly write?: readonly string[];
  /** Names of environment variables. */
  readonly env?: readonly string[];
  /** The GPU. */
  readonly gpu?: boolean;
  /** URLs that the host reads for a plugin, with all below them, by `core/gate`. */
  readonly fetch?: readonly string[];
  /** URLs that the host sends to for a plugin, with all below them, by `core/gate`. */
  readonly send?: readonly string[];
  /** Files and folders that the host reads for a plugin, links and all, by `core/gate`: absolute paths. */
  readonly files?: readonly string[];
}

/**
 * What a plugin asks to touch outside its sandbox. Asking grants nothing; a plugin that does not get
 * all of it, but for what is optional, is not loaded.
 */
export interface PermissionRequest extends PermissionLists {
  /** What it can do without. */
  readonly optional?: PermissionLists;
}
