import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { graphDigest, hashText, sha256 } from "./graph_digest.ts";
import type { LockEntry } from "./lockfile/lock_entry.ts";
import { FETCH_LIMITS as limits } from "./limits.ts";
import { findLockedGraph } from "./locked_graph.ts";
import { ContentStore } from "./store/content_store.ts";

const ENTRY = "https://plugins.test/v2/mod.ts";
const REQUESTED = "https://plugins.test/mod.ts";
const TEXTS: Readonly<Record<string, string>> = {
  [ENTRY]: "import { n } from './n.js'; export default n as number;",
  "https://plugins.test/v2/n.js": "export const n = 1;",
};

async function createFolder() {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** A lock of modules, and a store that has them. */
async function lockOf(
  texts: Readonly<Record<string, string>>,
  { entry, folder, redirects = [] }: {
    readonly entry: string;
    readonly folder: string;
    readonly redirects?: readonly (readonly [string, string])[];
  },
) {
  const content = new ContentStore(`${folder}/cache`);
  const hashes = new Map<string, Uint8Array>();
  for (const [url, text] of Object.entries(texts)) {
    const bytes = new TextEncoder().encode(text);
    const hash = await sha256(bytes);
    hashes.set(url, hash);
    if (!url.startsWith("file:")) await content.write(hashText(hash), bytes);
  }
  const lock: LockEntry = {
    digest: await graphDigest(entry, hashes),
    modules: new Map([...hashes].map(([url, hash]) => [
      url,
      { hash: hashText(hash), isTypeScript: url.endsWith(".ts") },
    ])),
    redirects: new Map(redirects),
    plugins: new Map(),
    grants: [],
  };
  return { lock, content };
}

Deno.test("findLockedGraph() finds all modules in the store and marks those that have types", async () => {
  await using place = await createFolder();
  const redirects = [[REQUESTED, ENTRY]] as const;
  const { lock, content } = await lockOf(TEXTS, {
    entry: ENTRY,
    redirects,
    ...place,
  });
  const graph = await findLockedGraph(REQUESTED, lock, { content, limits });
  assertEquals(graph?.entry, ENTRY);
  assertEquals(Object.fromEntries(graph!.modules), TEXTS);
  assertEquals([...graph!.typed], [ENTRY]);
  assertEquals(graph?.digest, lock.digest);
  assertEquals(graph?.sources.map(({ isStored }) => isStored), [true, true]);
  assertEquals(
    await findLockedGraph(REQUESTED, lock, { content: undefined, limits }),
    undefined,
  );
});

Deno.test("findLockedGraph() finds nothing if a module is missing, or the digest is another one", async () => {
  await using place = await createFolder();
  const { lock, content } = await lockOf(TEXTS, { entry: ENTRY, ...place });
  const { lock: one } = await lockOf({ [ENTRY]: "1" }, {
    entry: ENTRY,
    ...place,
  });
  const other = { ...lock, digest: one.digest };
  assertEquals(
    await findLockedGraph(ENTRY, other, { content, limits }),
    undefined,
  );
  const hash = hashText(await sha256(new TextEncoder().encode("elsewhere")));
  const gone = {
    ...lock,
    modules: new Map([...lock.modules, ["https://plugins.test/x.js", {
      hash,
      isTypeScript: false,
    }]]),
  };
  assertEquals(
    await findLockedGraph(ENTRY, gone, { content, limits }),
    undefined,
  );
});

Deno.test("findLockedGraph() refuses a stored module that has been altered", async () => {
  await using place = await createFolder();
  const { lock, content } = await lockOf(TEXTS, { entry: ENTRY, ...place });
  for await (const { name } of Deno.readDir(`${content.folder}/modules`)) {
    const folder = `${content.folder}/modules/${name}`;
    for await (const file of Deno.readDir(folder)) {
      await Deno.writeTextFile(`${folder}/${file.name}`, "altered");
    }
  }
  const found = () => findLockedGraph(ENTRY, lock, { content, limits });
  const { code } = await assertRejects(found, PluginError);
  assertEquals(code, "INTEGRITY_MISMATCH");
});

Deno.test("findLockedGraph() reads files where they are, and finds nothing once one differs or lies elsewhere", async () => {
  await using place = await createFolder();
  const { folder } = place;
  await Deno.mkdir(`${folder}/plugin`);
  const entry = `file://${folder}/plugin/mod.js`;
  const other = `file://${folder}/plugin/other.js`;
  const texts = { [entry]: "import './other.js';", [other]: "export {};" };
  const write = async () => {
    for (const [url, text] of Object.entries(texts)) {
      await Deno.writeTextFile(new URL(url), text);
    }
  };
  await write();
  const { lock, content } = await lockOf(texts, { entry, ...place });
  const find = () => findLockedGraph(entry, lock, { content, limits });
  assertEquals((await find())?.entry, entry);
  await Deno.writeTextFile(new URL(other), "export { };");
  assertEquals(await find(), undefined);
  await write();
  await Deno.rename(new URL(other), `${folder}/other.js`);
  assertEquals(await find(), undefined);
  await Deno.symlink(`${folder}/other.js`, new URL(other));
  assertEquals(await find(), undefined);
});
