import { fileURLToPath, pathToFileURL } from "node:url";
import { replaceFile } from "../../base/mod.ts";
import {
  lockfileFrozen,
  lockfileInvalid,
  lockfileUnwritable,
} from "../errors.ts";
import type {
  LockContent,
  LockEntries,
  LockEntry,
  LockIndexes,
} from "./lock_entry.ts";
import { toLockName } from "./lock_names.ts";
import { parseLockfile } from "./parse_lockfile.ts";
import { printLockfile } from "./print_lockfile.ts";

/** How a lockfile is used. */
export interface LockfileOptions {
  /** Whether it stays as it is, and knows all that may be loaded. */
  readonly frozen: boolean;
}

/**
 * A lockfile on disk: what plugins were made of when they were first loaded, and what they must be
 * made of from then on. It is read anew for every load, so that an edit counts at once.
 */
export class Lockfile {
  /** Where it is. */
  readonly path: string;
  /** Whether it stays as it is. */
  readonly frozen: boolean;
  /** The same as a URL. */
  readonly url: string;

  /**
   * Constructs a new instance.
   *
   * @param path A path or a `file:` URL; nothing need be there yet.
   * @param options How it is used.
   */
  constructor(path: string, { frozen }: LockfileOptions) {
    this.path = path.startsWith("file:") ? fileURLToPath(path) : path;
    this.url = pathToFileURL(this.path).href;
    this.frozen = frozen;
  }

  /**
   * Reads what it says.
   *
   * @returns The entries; none if it is not there.
   * @throws {PluginError} `LOCKFILE_INVALID` with all that is wrong with it.
   */
  async read(): Promise<LockEntries> {
    return (await this.readAll()).entries;
  }

  /**
   * Reads what it says, of indexes too.
   *
   * @returns The entries, and what is remembered of indexes; none if it is not there.
   * @throws {PluginError} `LOCKFILE_INVALID` with all that is wrong with it.
   */
  async readAll(): Promise<LockContent> {
    const text = await this.#readText();
    if (text === undefined) return { entries: new Map(), indexes: new Map() };
    const { issues, ...content } = parseLockfile(text, this.url);
    if (issues.length > 0) throw lockfileInvalid(this.path, issues);
    return content;
  }

  /**
   * Finds what it says about a specifier.
   *
   * @param entries What was read from it.
   * @param url URL of the entry.
   * @returns The entry, if there is one.
   * @throws {PluginError} `LOCKFILE_FROZEN` if there must be one.
   */
  find(entries: LockEntries, url: string): LockEntry | undefined {
    const entry = entries.get(url);
    if (entry === undefined && this.frozen) {
      throw lockfileFrozen(url, this.path);
    }
    return entry;
  }

  /**
   * Puts entries into it; the others stay. A file that says all of it already is not touched.
   *
   * @param changes The entries.
   * @param indexes What is to be remembered of indexes.
   * @throws {PluginError} `LOCKFILE_INVALID`, and `LOCKFILE_UNWRITABLE` if it cannot be written.
   */
  async update(
    changes: LockEntries,
    indexes: LockIndexes = new Map(),
  ): Promise<void> {
    // Another process may have added to it since it was read.
    const old = await this.readAll();
    const seen = new Map(old.indexes);
    for (const [url, index] of indexes) {
      const isNewer = index.serial >= (seen.get(url)?.serial ?? 0);
      if (isNewer) seen.set(url, index);
    }
    const entries = new Map([...old.entries, ...changes]);
    await this.#write({ entries, indexes: seen });
  }

  /**
   * Takes entries out of it; the others stay.
   *
   * @param urls URLs of the entries, as they were asked for.
   * @throws {PluginError} `LOCKFILE_INVALID`, and `LOCKFILE_UNWRITABLE` if it cannot be written.
   */
  async remove(urls: readonly string[]): Promise<void> {
    const { entries: old, indexes } = await this.readAll();
    const entries = new Map(old);
    for (const url of urls) entries.delete(url);
    await this.#write({ entries, indexes });
  }

  /**
   * Names a URL as the lockfile does: files as they are seen from there.
   *
   * @param url The URL.
   * @returns The name.
   */
  nameOf(url: string): string {
    return toLockName(url, this.url);
  }

  async #write(content: LockContent): Promise<void> {
    const text = printLockfile(content, this.url);
    if (text === await this.#readText()) return;
    try {
      await replaceFile(this.path, new TextEncoder().encode(text));
    } catch (cause) {
      throw lockfileUnwritable(this.path, cause);
    }
  }

  async #readText(): Promise<string | undefined> {
    try {
      return await Deno.readTextFile(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      const message = error instanceof Error ? error.message : String(error);
      const code = "FILE_UNREADABLE";
      throw lockfileInvalid(this.path, [{ code, path: "", message }]);
    }
  }
}
