import type { ModuleImport, ModuleReader } from "../sandbox/module_reader.ts";
import { fetchFailed } from "./errors.ts";
import { fetchModule } from "./fetch_module.ts";
import type { FetchOptions } from "./fetch_options.ts";
import type { FetchedModule } from "./fetched_module.ts";
import { sha256 } from "./graph_digest.ts";
import type { LockEntry } from "./lockfile/lock_entry.ts";
import type { ContentStore } from "./store/content_store.ts";

/** A module that is ready to be handed to a sandbox. */
export interface StoredModule extends FetchedModule {
  /** Whether it was found in the store, so that nobody was asked for it. */
  readonly isStored: boolean;
  /** SHA-256 of what was fetched. */
  readonly hash: Uint8Array;
  /** Its JavaScript. */
  readonly code: string;
  /** What it imports, as it is written there. */
  readonly imports: readonly ModuleImport[];
}

/** How a module is got. */
export interface ModuleOptions extends FetchOptions {
  /** What is known of the graph that it is part of. */
  readonly lock?: LockEntry | undefined;
}

/** What modules are got with. */
export interface ModuleStoreOptions {
  /** Where modules whose hash is known are looked for before they are fetched. */
  readonly content?: ContentStore | undefined;
}

/**
 * The modules of one load. Each is fetched, hashed and read once, however many graphs it is part of:
 * what was hashed is what runs, whatever a server answers the second time.
 */
export class ModuleStore {
  readonly #reader: ModuleReader;
  readonly #content: ContentStore | undefined;
  /** Modules that came with others and have not been asked for. */
  readonly #siblings = new Map<string, FetchedModule>();
  readonly #modules = new Map<string, Promise<StoredModule>>();

  /**
   * Constructs a new instance.
   *
   * @param reader Takes off types and finds imports.
   * @param options What modules are got with.
   */
  constructor(reader: ModuleReader, options: ModuleStoreOptions = {}) {
    this.#reader = reader;
    this.#content = options.content;
  }

  /**
   * Finds a module.
   *
   * @param url Where it is.
   * @param options How it is fetched, if it has not been.
   * @returns The module.
   * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`, `INTEGRITY_MISMATCH`,
   * `PLUGIN_IMPORT_FAILED`, `SANDBOX_START_FAILED`, `STORE_UNUSABLE`.
   */
  get(url: string, options: ModuleOptions): Promise<StoredModule> {
    const known = this.#modules.get(url);
    if (known !== undefined) return known;
    const module = this.#fetch(url, options);
    this.#modules.set(url, module);
    return module;
  }

  async #fetch(url: string, options: ModuleOptions): Promise<StoredModule> {
    const kept = await this.#findKept(url, options.lock);
    const fetched = kept ?? this.#siblings.get(url) ??
      await fetchModule(url, options);
    for (const [url, module] of fetched.siblings ?? []) {
      this.#siblings.set(url, module);
    }
    const { bytes, isTypeScript } = fetched;
    const hash = await sha256(bytes);
    const text = toText(url, bytes);
    const read = await this.#reader.read(url, text, { isTypeScript });
    return { ...fetched, hash, isStored: kept !== undefined, ...read };
  }

  /** Looks for a module in the store. Files are read where they are, so that an edit is seen. */
  async #findKept(
    url: string,
    lock: LockEntry | undefined,
  ): Promise<FetchedModule | undefined> {
    const at = lock?.redirects.get(url) ?? url;
    const locked = lock?.modules.get(at);
    if (locked === undefined || url.startsWith("file:")) return undefined;
    const { hash, isTypeScript } = locked;
    const bytes = await this.#content?.read(hash);
    return bytes && { url: at, bytes, isTypeScript };
  }
}

function toText(url: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fetchFailed(url, { found: "text that is not UTF-8" }, { cause });
  }
}
