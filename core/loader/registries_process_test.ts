// Plugins from registries: loopback servers that speak the protocols of JSR and npm.

import { assert, assertEquals } from "@std/assert";
import { createLoaderHost, loadFailure } from "./loader_host_test.ts";

/** A server of documents by path, and what it was asked for. */
function createRegistry() {
  const documents = new Map<string, Uint8Array<ArrayBuffer> | string>();
  const asked: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const body = documents.get(pathname);
      if (body === undefined) return new Response("none", { status: 404 });
      const type = pathname.endsWith(".ts")
        ? "text/typescript"
        : "application/octet-stream";
      return new Response(body, { headers: { "content-type": type } });
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}/`;
  return {
    origin,
    documents,
    asked,
    registries: { jsr: origin, npm: origin },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

type Registry = ReturnType<typeof createRegistry>;

async function digestOf(
  algorithm: "SHA-256" | "SHA-512",
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
}

/** Publishes a version of a package of JSR. */
async function publishToJsr(
  { documents }: Registry,
  version: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [file, text] of Object.entries(files)) {
    const bytes = new TextEncoder().encode(text);
    const checksum = `sha256-${(await digestOf("SHA-256", bytes)).toHex()}`;
    manifest[file] = { size: bytes.length, checksum };
    documents.set(`/@acme/swish/${version}${file}`, text);
  }
  documents.set(
    `/@acme/swish/${version}_meta.json`,
    JSON.stringify({ manifest, exports: { ".": "./mod.ts" } }),
  );
}

/** A plugin of two modules. */
function plugin(version: string): Record<string, string> {
  return {
    "/mod.ts": `import { id } from "./lib/id.ts";
      const version: string = "${version}";
      export default { metadata: { id, version } };`,
    "/lib/id.ts": `export const id: string = "acme.swish";`,
  };
}

async function publishSwish(registry: Registry): Promise<void> {
  for (const version of ["1.0.0", "1.2.0", "1.3.0", "2.0.0"]) {
    await publishToJsr(registry, version, plugin(version));
  }
  registry.documents.set(
    "/@acme/swish/meta.json",
    JSON.stringify({
      versions: {
        "1.0.0": {},
        "1.2.0": {},
        "1.3.0": { yanked: true },
        "2.0.0": {},
        "not a version": {},
      },
    }),
  );
}

Deno.test("loader: a plugin from JSR is the newest version that will do, with the hashes of the registry", async () => {
  await using registry = createRegistry();
  await publishSwish(registry);
  const { registries } = registry;
  await using host = createLoaderHost({ registries });
  const [handle] = await host.loader.load("jsr:@acme/swish@^1.0.0");
  assertEquals([handle?.id, handle?.version], ["acme.swish", "1.2.0"]);
  assertEquals(registry.asked, [
    "/@acme/swish/meta.json",
    "/@acme/swish/1.2.0_meta.json",
    "/@acme/swish/1.2.0/mod.ts",
    "/@acme/swish/1.2.0/lib/id.ts",
  ]);
});

Deno.test("loader: a module of JSR that is not what the registry says is refused", async () => {
  await using registry = createRegistry();
  await publishSwish(registry);
  const path = "/@acme/swish/1.2.0/lib/id.ts";
  registry.documents.set(path, 'export const id = "acme.evil";');
  await using host = createLoaderHost({ registries: registry.registries });
  const error = await loadFailure(host, "jsr:@acme/swish@^1.0.0");
  assertEquals(error.code, "INTEGRITY_MISMATCH");
  assertEquals(error.details.url, new URL(path, registry.origin).href);
});

Deno.test.each([
  { name: "a range without a version", specifier: "jsr:@acme/swish@^3.0.0" },
  { name: "an export that is not there", specifier: "jsr:@acme/swish@1/sub" },
  { name: "a package that is not there", specifier: "jsr:@acme/none" },
])("loader: $name of JSR cannot be fetched", async ({ specifier }) => {
  await using registry = createRegistry();
  await publishSwish(registry);
  await using host = createLoaderHost({ registries: registry.registries });
  const error = await loadFailure(host, specifier);
  assertEquals(error.code, "FETCH_FAILED");
});

/** An archive as npm makes them. */
async function pack(
  files: Readonly<Record<string, string>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  for (const [name, text] of Object.entries(files)) {
    const bytes = new TextEncoder().encode(text);
    const header = new Uint8Array(512);
    const put = (value: string, at: number) =>
      header.set(new TextEncoder().encode(value), at);
    put(name, 0);
    put(bytes.length.toString(8).padStart(11, "0"), 124);
    put("0", 156);
    put("ustar", 257);
    blocks.push(header, bytes, new Uint8Array(-bytes.length & 511));
  }
  blocks.push(new Uint8Array(1024));
  const packed = new Blob(blocks).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return await new Response(packed).bytes();
}

/** Publishes a package of npm with one version; its archive may be another than was meant. */
async function publishToNpm(
  { documents, origin }: Registry,
  files: Readonly<Record<string, string>>,
  { altered = false, tarball = `${origin}swish/-/swish-1.2.0.tgz` } = {},
): Promise<void> {
  const archive = await pack(files);
  const integrity = `sha512-${(await digestOf("SHA-512", archive)).toBase64()}`;
  const dist = { tarball, integrity };
  documents.set("/swish", JSON.stringify({ versions: { "1.2.0": { dist } } }));
  const other = await pack({ ...files, "package/more.js": "" });
  const path = "/swish/-/swish-1.2.0.tgz";
  documents.set(path, altered ? other : archive);
}

const PACKAGE = {
  "package/package.json": JSON.stringify({
    exports: { ".": { import: "./dist/mod.js" } },
  }),
  "package/dist/mod.js": `import { id } from "../lib/id.js";
    export default { metadata: { id, version: "1.2.0" } };`,
  "package/lib/id.js": `export const id = "acme.swish";`,
};

Deno.test("loader: a plugin from npm is one archive, held to the registry's integrity", async () => {
  await using registry = createRegistry();
  await publishToNpm(registry, PACKAGE);
  await using host = createLoaderHost({ registries: registry.registries });
  const [handle] = await host.loader.load("npm:swish@^1.0.0");
  assertEquals([handle?.id, handle?.version], ["acme.swish", "1.2.0"]);
  assertEquals(registry.asked, ["/swish", "/swish/-/swish-1.2.0.tgz"]);
});

Deno.test.each<{
  name: string;
  files: Record<string, string>;
  options?: { altered?: boolean; tarball?: string };
  code: string;
}>([
  {
    name: "an archive that is not what the registry says",
    files: PACKAGE,
    options: { altered: true },
    code: "INTEGRITY_MISMATCH",
  },
  {
    name: "an archive of another origin",
    files: PACKAGE,
    options: { tarball: "https://elsewhere.example/swish.tgz" },
    code: "FETCH_FAILED",
  },
  {
    name: "an archive without its entry",
    files: { "package/package.json": "{}" },
    code: "FETCH_FAILED",
  },
  {
    name: "an import of another package",
    files: {
      "package/package.json": "{}",
      "package/index.js": `import "other"; export default 1;`,
    },
    code: "IMPORT_REFUSED",
  },
  {
    name: "an import that leaves the package",
    files: {
      "package/package.json": "{}",
      "package/index.js": `import "../../stolen.js"; export default 1;`,
    },
    code: "IMPORT_REFUSED",
  },
  {
    name: "an entry that leaves the package",
    files: {
      "package/package.json": JSON.stringify({ main: "../../stolen.js" }),
    },
    code: "FETCH_FAILED",
  },
])("loader: $name of npm is refused", async ({ files, options, code }) => {
  await using registry = createRegistry();
  await publishToNpm(registry, files, options);
  await using host = createLoaderHost({ registries: registry.registries });
  const error = await loadFailure(host, "npm:swish");
  assertEquals(error.code, code);
  assert(!registry.asked.includes("/stolen.js"));
});

Deno.test("loader: locked packages load offline, whatever their registries say by now", async () => {
  await using registry = createRegistry();
  await publishSwish(registry);
  await publishToNpm(registry, PACKAGE);
  const folder = await Deno.makeTempDir();
  const keep = { lockfile: `${folder}/spiral.lock`, cacheDir: `${folder}/c` };
  const { registries } = registry;
  try {
    for (const specifier of ["jsr:@acme/swish@^1.0.0", "npm:swish@^1.0.0"]) {
      await using first = createLoaderHost({ registries, ...keep });
      await first.loader.load(specifier);
      const asked = registry.asked.length;
      await using second = createLoaderHost({
        registries,
        ...keep,
        frozen: true,
        fetch: () => Promise.reject(new TypeError("network is unreachable")),
      });
      const [handle] = await second.loader.load(specifier);
      assertEquals([handle?.id, handle?.version], ["acme.swish", "1.2.0"]);
      assertEquals(registry.asked.length, asked);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loader: a policy's hosts hold for registries", async () => {
  await using registry = createRegistry();
  await publishSwish(registry);
  const { registries } = registry;
  await using host = createLoaderHost({
    registries,
    policy: { hosts: ["plugins.example"] },
  });
  const error = await loadFailure(host, "jsr:@acme/swish");
  assertEquals(error.code, "SOURCE_DENIED");
  assertEquals(registry.asked, []);
});
