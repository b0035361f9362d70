// Not a test: a loopback server that speaks the protocols of JSR and npm.

/** A server of documents by path, and what it was asked for. */
export interface Registry extends AsyncDisposable {
  /** Where it is. */
  readonly origin: string;
  /** What it has. */
  readonly documents: Map<string, Uint8Array<ArrayBuffer> | string>;
  /** What it was asked for. */
  readonly asked: readonly string[];
  /** It, as both registries. */
  readonly registries: { readonly jsr: string; readonly npm: string };
}

/** How a package of npm is published. */
export interface PublishOptions {
  /** Its name; `swish` if left out. */
  readonly name?: string;
  /** Whether its archive is another one than the registry says. */
  readonly altered?: boolean;
  /** Where the registry says that its archive is. */
  readonly tarball?: string;
}

export function createRegistry(): Registry {
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

async function digestOf(
  algorithm: "SHA-256" | "SHA-512",
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
}

/** Publishes a version of a package of JSR. */
export async function publishToJsr(
  { documents }: Registry,
  version: string,
  files: Readonly<Record<string, string>>,
  name = "@acme/swish",
): Promise<void> {
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [file, text] of Object.entries(files)) {
    const bytes = new TextEncoder().encode(text);
    const checksum = `sha256-${(await digestOf("SHA-256", bytes)).toHex()}`;
    manifest[file] = { size: bytes.length, checksum };
    documents.set(`/${name}/${version}${file}`, text);
  }
  documents.set(
    `/${name}/${version}_meta.json`,
    JSON.stringify({ manifest, exports: { ".": "./mod.ts" } }),
  );
}

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
export async function publishToNpm(
  { documents, origin }: Registry,
  files: Readonly<Record<string, string>>,
  options: PublishOptions = {},
): Promise<void> {
  const { name = "swish", altered = false } = options;
  const { tarball = `${origin}${name}/-/package-1.2.0.tgz` } = options;
  const archive = await pack(files);
  const integrity = `sha512-${(await digestOf("SHA-512", archive)).toBase64()}`;
  const dist = { tarball, integrity };
  const about = JSON.stringify({ versions: { "1.2.0": { dist } } });
  documents.set(`/${name.replace("/", "%2f")}`, about);
  const other = await pack({ ...files, "package/more.js": "" });
  const path = `/${name}/-/package-1.2.0.tgz`;
  documents.set(path, altered ? other : archive);
}
