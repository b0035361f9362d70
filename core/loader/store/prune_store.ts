/**
 * Takes modules out of a store that no lockfile names. Any number of processes may use the store
 * meanwhile: what was written lately stays, since its lockfile may be about to be written; whoever reads
 * a module that is just going finds all of it or none.
 *
 * @module
 */
import { hexOf } from "../graph_digest.ts";
import { Lockfile } from "../lockfile/lockfile.ts";
import { readRoots } from "./store_roots.ts";

/** How long modules stay that nobody names yet, in milliseconds. */
export const YOUNG_MS = 3_600_000;

/** How a store is tidied. */
export interface PruneOptions {
  /** Lockfiles that count beside those that have used the store. */
  readonly lockfiles?: readonly string[];
  /** The time, in milliseconds since 1970; that of the system if left out. */
  readonly nowMs?: number;
  /**
   * Whether it is only told what would go.
   *
   * @default {false}
   */
  readonly dryRun?: boolean;
}

/** What is in a store, and what has gone. */
export interface PruneReport {
  /** Lockfiles that name modules of it, sorted. */
  readonly lockfiles: readonly string[];
  /** How many modules are left. */
  readonly kept: number;
  /** How large they are, in bytes. */
  readonly keptBytes: number;
  /** How many have gone, or would. */
  readonly removed: number;
  /** How large they were, in bytes. */
  readonly removedBytes: number;
}

/** A file of a store. */
export interface StoredFile {
  /** Where it is. */
  readonly path: string;
  /** The hash of what is in it, 64 digits; something else for a draft. */
  readonly name: string;
  /** How large it is, in bytes. */
  readonly bytes: number;
  /** When it was written, in milliseconds since 1970. */
  readonly writtenMs: number;
}

/**
 * Takes modules out of a store that no lockfile names, and that have been there for a while.
 *
 * @param folder The folder for modules.
 * @param options Which lockfiles count.
 * @returns What has gone, and what is left.
 * @throws {PluginError} `LOCKFILE_INVALID` if one of the lockfiles cannot be read: nothing has gone then.
 */
export async function pruneStore(
  folder: string,
  { lockfiles: named = [], nowMs = Date.now(), dryRun = false }: PruneOptions =
    {},
): Promise<PruneReport> {
  const paths = new Set([...await readRoots(folder), ...named]);
  const lockfiles: string[] = [];
  const wanted = new Set<string>();
  for (const path of paths) {
    const entries = await new Lockfile(path, { frozen: true }).read();
    if (entries.size > 0) lockfiles.push(path);
    for (const { modules } of entries.values()) {
      for (const { hash } of modules.values()) wanted.add(hexOf(hash));
    }
  }
  const files = await listStore(folder);
  const isOver = ({ name, writtenMs }: StoredFile) =>
    !wanted.has(name) && nowMs - writtenMs > YOUNG_MS;
  const gone = files.filter(isOver);
  if (!dryRun) { for (const { path } of gone) await removeFile(path); }
  const kept = files.filter((file) => !isOver(file));
  return {
    lockfiles: lockfiles.sort(),
    kept: kept.length,
    keptBytes: bytesOf(kept),
    removed: gone.length,
    removedBytes: bytesOf(gone),
  };
}

/**
 * Lists the modules of a store, and drafts that nobody finished.
 *
 * @param folder The folder for modules.
 * @returns The files.
 */
export async function listStore(folder: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const first of await namesIn(`${folder}/modules`)) {
    for (const rest of await namesIn(`${folder}/modules/${first}`)) {
      const path = `${folder}/modules/${first}/${rest}`;
      const info = await statFile(path);
      if (!info?.isFile) continue;
      const writtenMs = info.mtime?.getTime() ?? 0;
      files.push({ path, name: first + rest, bytes: info.size, writtenMs });
    }
  }
  return files;
}

/**
 * Adds up how large files are.
 *
 * @param files The files.
 * @returns Their size, in bytes.
 */
export function bytesOf(files: readonly StoredFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Somebody else may tidy at the same time. */
async function statFile(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
}
