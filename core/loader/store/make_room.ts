import { storeFull } from "../errors.ts";
import { bytesOf, listStore, pruneStore } from "./prune_store.ts";

/** What a store has to take. */
export interface RoomOptions {
  /** How much is to be written, in bytes. */
  readonly bytes: number;
  /** How much there may be in it, in bytes. */
  readonly bytesMax: number;
  /** Lockfiles that count beside those that have used the store. */
  readonly lockfiles: readonly string[];
}

/**
 * Makes room in a store where there is none: what no lockfile names goes.
 *
 * @param folder The folder for modules.
 * @param options How much is needed.
 * @throws {PluginError} `STORE_FULL` if what lockfiles name leaves too little.
 */
export async function makeRoom(
  folder: string,
  { bytes, bytesMax, lockfiles }: RoomOptions,
): Promise<void> {
  if (bytesOf(await listStore(folder)) + bytes <= bytesMax) return;
  const { keptBytes } = await pruneStore(folder, { lockfiles });
  if (keptBytes + bytes <= bytesMax) return;
  throw storeFull(folder, { bytes: keptBytes + bytes, bytesMax });
}
