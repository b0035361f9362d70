/**
 * How far a plugin is kept from the host: `inline` shares its realm, `worker` its process,
 * `process` nothing but a pipe.
 */
export type Isolation = "inline" | "worker" | "process";

/** What a plugin asks to touch outside its sandbox. Asking grants nothing. */
export interface PermissionRequest {
  /** Network addresses, `host:port`. */
  readonly net?: readonly string[];
  /** Files and folders to read. */
  readonly read?: readonly string[];
  /** Files and folders to write. */
  readonly write?: readonly string[];
  /** Names of environment variables. */
  readonly env?: readonly string[];
  /** The GPU. */
  readonly gpu?: boolean;
}
