// Plugins by their ids: an index on a server, a lockfile, and everything that is refused.

import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../../errors.ts";
import {
  createLoaderHost,
  type LoaderHost,
  plugin,
} from "../loader_host_test.ts";
import type { LoadOptions } from "../load_options.ts";
import { createTestKey, type TestKey } from "./sign_index_test.ts";

const TODAY = Date.UTC(2026, 0, 1);

/** An index of `acme.a` on a server, with a folder for what is locked. */
class Shop implements AsyncDisposable {
  readonly folder: string;
  readonly key: TestKey;
  readonly digests = new Map<string, string>();
  document = "{}";
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(folder: string, key: TestKey) {
    this.folder = folder;
    this.key = key;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      ({ url }) => {
        const [, version] = /\/(.*)\.js$/.exec(new URL(url).pathname) ?? [];
        if (version === undefined) return new Response(this.document);
        const source = plugin("acme.a").replace("1.0.0", version);
        return new Response(source, {
          headers: { "content-type": "text/javascript" },
        });
      },
    );
  }

  static async open(): Promise<Shop> {
    const shop = new Shop(await Deno.makeTempDir(), await createTestKey());
    for (const version of ["1.0.0", "2.0.0"]) {
      await using host = createLoaderHost();
      await host.loader.load(`${shop.#origin}/${version}.js`);
      shop.digests.set(version, host.loader.reports()[0]!.digest!);
    }
    return shop;
  }

  get #origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Puts an index on the server. */
  async list(
    versions: readonly string[],
    {
      serial = 1,
      expires = "2027-01-01",
      key = this.key as TestKey | null,
      claims = versions,
    } = {},
  ): Promise<void> {
    const entries = versions.map((version, i) => [claims[i]!, {
      url: `/${version}.js`,
      digest: this.digests.get(version),
    }]);
    const plugins = {
      "acme.a": { publisher: "acme", versions: Object.fromEntries(entries) },
    };
    const text = JSON.stringify({ index: 1, serial, expires, plugins });
    this.document = key ? JSON.stringify(await key.sign(text)) : text;
  }

  /** A host that knows the shop. */
  host(
    { keys = [this.key], today = TODAY }: {
      readonly keys?: readonly TestKey[];
      readonly today?: number;
    } = {},
  ): LoaderHost {
    return createLoaderHost({
      lockfile: `${this.folder}/spiral.lock`,
      cacheDir: `${this.folder}/cache`,
      index: {
        url: `${this.#origin}/index.json`,
        keys: keys.map(({ text }) => text),
        today: () => today,
      },
    });
  }

  /** Loads the plugin in a host of its own; gives its version, or the code of the error. */
  async load(
    options: Parameters<Shop["host"]>[0] & LoadOptions & {
      readonly specifier?: string;
    } = {},
  ): Promise<string> {
    const { keys, today, specifier = "acme.a", ...rest } = options;
    await using host = this.host({
      ...keys && { keys },
      ...today !== undefined && { today },
    });
    try {
      const [handle] = await host.loader.load(specifier, rest);
      return handle!.version;
    } catch (error) {
      return error instanceof PluginError ? error.code : String(error);
    }
  }

  lock(): Promise<string> {
    return Deno.readTextFile(`${this.folder}/spiral.lock`);
  }

  async editLock(change: (text: string) => string): Promise<void> {
    await Deno.writeTextFile(
      `${this.folder}/spiral.lock`,
      change(await this.lock()),
    );
  }

  /** Takes the server away. */
  async close(): Promise<void> {
    await this.#server.shutdown();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test("load() finds plugins by their ids, and holds them to what was locked", async () => {
  await using shop = await Shop.open();
  await shop.list(["1.0.0"]);
  assertEquals(await shop.load(), "1.0.0");
  const lock = await shop.lock();
  assertEquals(lock.includes(`"signer","${shop.key.signer}"`), true);
  assertEquals(lock.includes(`"index",1,"${shop.key.signer}"`), true);
  await shop.list(["1.0.0", "2.0.0"], { serial: 2 });
  assertEquals(await shop.load(), "1.0.0");
  assertEquals(await shop.load({ specifier: "acme.a@^2.0.0" }), "2.0.0");
  assertEquals(await shop.load({ specifier: "acme.b" }), "PLUGIN_NOT_INDEXED");
  assertEquals(await shop.load({ isolation: "inline" }), "SPECIFIER_INVALID");
});

Deno.test("load() does without an index that is out of reach, for what is locked", async () => {
  await using shop = await Shop.open();
  await shop.list(["1.0.0"]);
  assertEquals(await shop.load(), "1.0.0");
  await shop.close();
  assertEquals(await shop.load(), "1.0.0");
  assertEquals(await shop.load({ update: true }), "FETCH_FAILED");
  assertEquals(await shop.load({ specifier: "acme.b" }), "FETCH_FAILED");
});

Deno.test("load() refuses an index that is unsigned, foreign, expired or older than before", async () => {
  await using shop = await Shop.open();
  const stranger = await createTestKey();
  await shop.list(["1.0.0"], { serial: 5 });
  assertEquals(await shop.load(), "1.0.0");
  const locked = await shop.lock();
  await shop.list(["1.0.0"], { serial: 6, key: null });
  assertEquals(await shop.load(), "SIGNATURE_INVALID");
  await shop.list(["1.0.0"], { serial: 6, key: stranger });
  assertEquals(await shop.load(), "SIGNATURE_INVALID");
  assertEquals(
    await shop.load({ keys: [shop.key, stranger] }),
    "SIGNER_CHANGED",
  );
  await shop.list(["1.0.0"], { serial: 4 });
  assertEquals(await shop.load(), "INDEX_ROLLBACK");
  await shop.list(["1.0.0"], { serial: 5 });
  assertEquals(
    await shop.load({ today: Date.UTC(2027, 0, 2) }),
    "INDEX_EXPIRED",
  );
  await shop.list(["1.0.0"], { serial: 6, key: null });
  assertEquals(await shop.load({ keys: [] }), "TRUST_DOWNGRADE");
  shop.document = "[]";
  assertEquals(await shop.load({ keys: [] }), "INDEX_INVALID");
  assertEquals(await shop.lock(), locked);
});

Deno.test("load() refuses an older version as the newest, and bytes of another version", async () => {
  await using shop = await Shop.open();
  await shop.list(["2.0.0"]);
  assertEquals(await shop.load(), "2.0.0");
  await shop.list(["1.0.0"], { serial: 2 });
  assertEquals(await shop.load({ update: true }), "VERSION_DOWNGRADE");
  assertEquals(
    await shop.load({ update: true, specifier: "acme.a@1.0.0" }),
    "1.0.0",
  );
  // What is said to be 3.0.0 says of itself that it is 2.0.0.
  await shop.list(["2.0.0"], { serial: 3, claims: ["3.0.0"] });
  assertEquals(await shop.load({ update: true }), "MANIFEST_MISMATCH");
  shop.digests.set("2.0.0", shop.digests.get("1.0.0")!);
  await shop.list(["2.0.0"], { serial: 4, claims: ["3.0.0"] });
  assertEquals(await shop.load({ update: true }), "INTEGRITY_MISMATCH");
});

Deno.test("load() refuses a lockfile whose digest is not what the index says", async () => {
  await using shop = await Shop.open();
  await shop.list(["1.0.0"]);
  assertEquals(await shop.load(), "1.0.0");
  const [good, other] = ["1.0.0", "2.0.0"].map((v) => shop.digests.get(v)!);
  await shop.editLock((text) => text.replace(good!, other!));
  assertEquals(await shop.load(), "INTEGRITY_MISMATCH");
});

Deno.test("load() refuses other bytes from where signed ones came, if nobody vouches for them", async () => {
  await using shop = await Shop.open();
  await shop.list(["1.0.0"]);
  assertEquals(await shop.load(), "1.0.0");
  const [, url = ""] = /\["(http[^"]+1\.0\.0\.js)"/.exec(await shop.lock()) ??
    [];
  await shop.editLock((text) =>
    text.replace(shop.digests.get("1.0.0")!, shop.digests.get("2.0.0")!)
  );
  assertEquals(
    await shop.load({ specifier: url, update: true }),
    "TRUST_DOWNGRADE",
  );
});

Deno.test("load() refuses ids where there is no index, and keys that are none", async () => {
  await using host = createLoaderHost();
  const error = await assertRejects(
    () => host.loader.load("acme.a"),
    PluginError,
  );
  assertEquals(error.code, "SPECIFIER_INVALID");
  await using other = createLoaderHost({
    index: { url: "https://plugins.example/index.json", keys: ["short"] },
  });
  await assertRejects(() => other.loader.load("acme.a"), Error, "index.keys");
});
