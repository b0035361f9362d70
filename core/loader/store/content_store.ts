/**
 * Bytes by their hash, in a folder. What is read is hashed again: a file that was altered is an
 * error and never handed out, so whoever holds the hash can trust the bytes.
 *
 * Files appear complete or not at all, so any number of processes may share a folder. Names and times
 * are absent on purpose: lockfiles know. Which lockfiles do is written down beside the modules.
 *
 * @module
 */
import { replaceFile } from "../../base/mod.ts";
import { integrityMismatch, storeUnusable } from "../errors.ts";
import { hashText, hexOf, sha256 } from "../graph_digest.ts";
import { PluginError } from "../../errors.ts";
import { makeRoom, type RoomOptions } from "./make_room.ts";
import { addRoot } from "./store_roots.ts";

/** A folder of modules by their hash. */
export class ContentStore {
  /** The folder. */
  readonly folder: string;

  /**
   * Constructs a new instance.
   *
   * @param folder The folder, which is made on first need.
   */
  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Reads what has a hash.
   *
   * @param hash The hash, `sha256-` and base 64.
   * @returns The bytes, or `undefined` if they are not there.
   * @throws {PluginError} `INTEGRITY_MISMATCH` if they have been altered, `STORE_UNUSABLE` if they
   * cannot be read.
   */
  async read(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const path = this.#pathOf(hash);
    const bytes = await this.#attempt("read modules", async () => {
      try {
        return await Deno.readFile(path);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    });
    if (bytes === undefined) return undefined;
    const found = hashText(await sha256(bytes));
    if (found === hash) return bytes;
    throw integrityMismatch(path, {
      what: "stored module",
      expected: hash,
      found,
    });
  }

  /**
   * Keeps bytes.
   *
   * @param hash Their hash, `sha256-` and base 64.
   * @param bytes The bytes.
   * @throws {PluginError} `STORE_UNUSABLE` if they cannot be written.
   */
  async write(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const path = this.#pathOf(hash);
    await this.#attempt("write modules", async () => {
      const folder = path.slice(0, path.lastIndexOf("/"));
      await Deno.mkdir(folder, { recursive: true });
      await replaceFile(path, bytes);
    });
  }

  /**
   * Makes room where there is none: what no lockfile names goes.
   *
   * @param room How much is needed, and which lockfiles count beside those that have used the folder.
   * @throws {PluginError} `STORE_FULL` if what lockfiles name leaves too little, `LOCKFILE_INVALID`,
   * `STORE_UNUSABLE`.
   */
  async makeRoom(room: RoomOptions): Promise<void> {
    await this.#attempt("keep modules", () => makeRoom(this.folder, room));
  }

  /**
   * Remembers that a lockfile names modules of it.
   *
   * @param lockfile URL of the lockfile.
   * @throws {PluginError} `STORE_UNUSABLE` if that cannot be written.
   */
  async addRoot(lockfile: string): Promise<void> {
    await this.#attempt("write modules", () => addRoot(this.folder, lockfile));
  }

  /** One folder for 256th of them: few systems like a folder of a hundred thousand files. */
  #pathOf(hash: string): string {
    const name = hexOf(hash);
    return `${this.folder}/modules/${name.slice(0, 2)}/${name.slice(2)}`;
  }

  async #attempt<T>(operation: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof PluginError) throw cause;
      throw storeUnusable(operation, this.folder, cause);
    }
  }
}
