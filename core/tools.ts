/**
 * What tools look at that look after plugins: lockfiles, caches and limits. A door of its own, since a
 * program that only loads plugins needs none of it.
 *
 * @module
 */

export type {
  LockContent,
  LockedModule,
  LockedPlugin,
  LockEntries,
  LockEntry,
  LockIndexes,
} from "./loader/lockfile/lock_entry.ts";
export {
  type BareSpecifier,
  parseBareSpecifier,
} from "./loader/index/bare_specifier.ts";
export {
  searchIndex,
  type SearchIndexOptions,
} from "./loader/index/search_index.ts";
export {
  ERROR_CODES as INDEX_ERROR_CODES,
  type IndexErrorCode,
} from "./loader/index/errors.ts";
export type { IndexedVersion, SeenIndex } from "./loader/index/plugin_index.ts";
export { LockedDependencies } from "./loader/lockfile/locked_dependencies.ts";
export {
  ERROR_CODES as GATE_ERROR_CODES,
  type GateErrorCode,
} from "./loader/gate/errors.ts";
export {
  type ConsentPlace,
  type ConsentRecords,
  openConsents,
} from "./loader/lockfile/consent_records.ts";
export { Lockfile, type LockfileOptions } from "./loader/lockfile/lockfile.ts";
export {
  type ModuleCheck,
  verifyLocked,
  type VerifyLockedOptions,
} from "./loader/lockfile/verify_locked.ts";
export type { Resource, ResourceKind } from "./loader/policy/resource.ts";
export {
  dotOfGraph,
  type DrawGraphOptions,
  mermaidOfGraph,
} from "./plugin/draw_dependencies.ts";
export { findSystemFolder } from "./loader/store/system_folder.ts";
export {
  type PruneOptions,
  type PruneReport,
  pruneStore,
} from "./loader/store/prune_store.ts";
export { toWireEvent, type WireEvent } from "./recorder/event_record.ts";
export { expectedLimits } from "./sandbox/expected_limits.ts";
