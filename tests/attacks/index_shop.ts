// An index of one plugin on a server, for cases in which it is not what it was.

import type { PluginError } from "@spiraltorch/spiraltorch";
import { isCoded } from "../../core/base/mod.ts";
import {
  createTestKey,
  type TestKey,
} from "../../core/loader/index/sign_index_test.ts";
import { assertSilent } from "./canary.ts";
import { Talk } from "./talk.ts";

/** What an index says. */
export interface Listing {
  /** Which edition it is. */
  readonly serial?: number;
  /** Until when it holds. */
  readonly expires?: string;
  /** Who signs it; nobody if it is `null`. */
  readonly key?: TestKey | null;
  /** Which versions the modules are said to be. */
  readonly claims?: readonly string[];
  /** Which digests they are said to have. */
  readonly digests?: readonly string[];
  /** Which versions were taken back. */
  readonly yanked?: readonly string[];
  /** Under which id they stand. */
  readonly id?: string;
  /** Who is said to publish them. */
  readonly publisher?: string;
}

/** How the plugin is loaded. */
export interface ShopLoad {
  /** Keys that count. */
  readonly keys?: readonly TestKey[];
  /** The date. */
  readonly today?: number;
  /** What is asked for. */
  readonly specifier?: string;
  /** Whether what is locked is replaced. */
  readonly update?: boolean;
}

/** An index of the plugin `acme.a` on a server, and a folder for what is locked. */
export class Shop implements AsyncDisposable {
  /** Who signs. */
  readonly key: TestKey;
  /** What the server has as the index. */
  document = "{}";
  /** What it has instead, where that is too much to be a text. */
  body: (() => ReadableStream<Uint8Array<ArrayBuffer>>) | undefined;
  /** What the last load failed with. */
  lastError: PluginError | undefined;
  readonly #folder: string;
  readonly #talk = new Talk();
  readonly #digests = new Map<string, string>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(folder: string, key: TestKey) {
    this.#folder = folder;
    this.key = key;
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, ({ url }) => this.#answer(url));
  }

  #answer(url: string): Response {
    const [, version] = /\/([\d.]+)\.js$/.exec(url) ?? [];
    if (version === undefined) {
      return new Response(this.body?.() ?? this.document);
    }
    const source = `export default {
      metadata: { id: "acme.a", version: "${version}" },
    };`;
    return new Response(source, {
      headers: { "content-type": "text/javascript" },
    });
  }

  /** Finds out the digests of both versions. */
  async prepare(): Promise<void> {
    await using ecosystem = await this.#talk.open();
    for (const version of ["1.0.0", "2.0.0"]) {
      const [handle] = await ecosystem.loader.load(this.urlOf(version));
      const [report] = ecosystem.loader.reports();
      this.#digests.set(version, report!.digest!);
      await ecosystem.plugins.unregister(handle!.id);
    }
  }

  /** Where a version is. */
  urlOf(version: string): string {
    return `http://127.0.0.1:${this.#server.addr.port}/${version}.js`;
  }

  /** The digest of a version. */
  digestOf(version: string): string {
    return this.#digests.get(version)!;
  }

  /** Puts an index on the server. */
  async list(
    versions: readonly string[],
    listing: Listing = {},
  ): Promise<void> {
    const { serial = 1, expires = "2027-01-01", key = this.key } = listing;
    const { claims = versions, yanked = [], id = "acme.a" } = listing;
    const { publisher = "acme", digests } = listing;
    const entries = versions.map((version, i) => [claims[i]!, {
      url: this.urlOf(version),
      digest: digests?.[i] ?? this.digestOf(version),
      yanked: yanked.includes(version),
    }]);
    const plugin = { publisher, versions: Object.fromEntries(entries) };
    const plugins = { [id]: plugin };
    const text = JSON.stringify({ index: 1, serial, expires, plugins });
    this.document = key === null ? text : JSON.stringify(await key.sign(text));
  }

  /** Loads the plugin in a host of its own; gives its version, or the code of the error. */
  async load(
    { keys = [this.key], today = Date.UTC(2026, 0, 1), ...rest }: ShopLoad = {},
  ): Promise<string> {
    const { specifier = "acme.a", update = false } = rest;
    await using ecosystem = await this.#talk.open({
      lockfile: `${this.#folder}/spiral.lock`,
      cacheDir: `${this.#folder}/cache`,
      index: {
        url: `http://127.0.0.1:${this.#server.addr.port}/index.json`,
        keys: keys.map(({ text }) => text),
        today: () => today,
      },
    });
    try {
      const [handle] = await ecosystem.loader.load(specifier, { update });
      return handle!.version;
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.lastError = error;
      this.#talk.errors.push(error);
      return error.code;
    }
  }

  /** What was logged. */
  get logged(): string[] {
    return this.#talk.log.map(({ message }) => message);
  }

  /** What is locked. */
  lock(): Promise<string> {
    return Deno.readTextFile(`${this.#folder}/spiral.lock`);
  }

  /** Edits what is locked. */
  async editLock(change: (text: string) => string): Promise<void> {
    const text = change(await this.lock());
    await Deno.writeTextFile(`${this.#folder}/spiral.lock`, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    assertSilent(this.#talk);
  }
}

/** Opens a shop. */
export async function openShop(folder: string): Promise<Shop> {
  // A case that held the host up is tried again.
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder);
  const shop = new Shop(folder, await createTestKey());
  await shop.prepare();
  return shop;
}
