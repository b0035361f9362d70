import type { ModuleImport, ModuleReader } from "../sandbox/module_reader.ts";
import { fetchFailed } from "./errors.ts";
import { fetchModule, type FetchOptions } from "./fetch_module.ts";
import { sha256 } from "./graph_digest.ts";

/** A module that is ready to be handed to a sandbox. */
export interface StoredModule {
  /** Where it was found. */
  readonly url: string;
  /** Length of what was fetched, in bytes. */
  readonly byteLength: number;
  /** SHA-256 of what was fetched. */
  readonly hash: Uint8Array;
  /** Its JavaScript. */
  readonly code: string;
  /** What it imports, as it is written there. */
  readonly imports: readonly ModuleImport[];
}

/**
 * The modules of one load. Each is fetched, hashed and read once, however many graphs it is part of:
 * what was hashed is what runs, whatever a server answers the second time.
 */
export class ModuleStore {
  readonly #reader: ModuleReader;
  readonly #modules = new Map<string, Promise<StoredModule>>();

  /**
   * Constructs a new instance.
   *
   * @param reader Takes off types and finds imports.
   */
  constructor(reader: ModuleReader) {
    this.#reader = reader;
  }

  /**
   * Finds a module.
   *
   * @param url Where it is.
   * @param options How it is fetched, if it has not been.
   * @returns The module.
   * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`, `PLUGIN_IMPORT_FAILED`,
   * `SANDBOX_START_FAILED`.
   */
  get(url: string, options: FetchOptions): Promise<StoredModule> {
    const known = this.#modules.get(url);
    if (known !== undefined) return known;
    const module = this.#fetch(url, options);
    this.#modules.set(url, module);
    return module;
  }

  async #fetch(url: string, options: FetchOptions): Promise<StoredModule> {
    const fetched = await fetchModule(url, options);
    const { bytes, isTypeScript } = fetched;
    const hash = await sha256(bytes);
    const text = toText(url, bytes);
    const read = await this.#reader.read(url, text, { isTypeScript });
    return { url: fetched.url, byteLength: bytes.length, hash, ...read };
  }
}

function toText(url: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fetchFailed(url, { found: "text that is not UTF-8" }, { cause });
  }
}
