import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../../errors.ts";
import { hashText, sha256 } from "../graph_digest.ts";
import { ContentStore } from "./content_store.ts";

const BYTES = new TextEncoder().encode("export default 1");

async function createStore() {
  const folder = await Deno.makeTempDir();
  return {
    folder,
    store: new ContentStore(`${folder}/not/yet/there`),
    hash: hashText(await sha256(BYTES)),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** The files below a folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    files.push(...isDirectory ? await filesBelow(path) : [path]);
  }
  return files;
}

Deno.test("ContentStore.read() gives what was written, and nothing for what was not", async () => {
  await using place = await createStore();
  const { store, hash } = place;
  assertEquals(await store.read(hash), undefined);
  await store.write(hash, BYTES);
  assertEquals(await store.read(hash), BYTES);
  await Promise.all([store.write(hash, BYTES), store.write(hash, BYTES)]);
  assertEquals((await filesBelow(place.folder)).length, 1);
});

Deno.test("ContentStore.read() refuses what was altered", async () => {
  await using place = await createStore();
  const { store, hash, folder } = place;
  await store.write(hash, BYTES);
  const [path] = await filesBelow(folder);
  const altered = BYTES.slice();
  altered[3]! ^= 1;
  await Deno.writeFile(path!, altered);
  const error = await assertRejects(() => store.read(hash), PluginError);
  assertEquals(error.code, "INTEGRITY_MISMATCH");
  assertEquals(error.details, {
    url: path!,
    what: "stored module",
    expected: hash,
    found: hashText(await sha256(altered)),
  });
});

Deno.test("ContentStore says when its folder cannot be used", async () => {
  await using place = await createStore();
  const { folder, hash } = place;
  await Deno.writeTextFile(`${folder}/file`, "");
  const store = new ContentStore(`${folder}/file`);
  for (const use of [() => store.read(hash), () => store.write(hash, BYTES)]) {
    const error = await assertRejects(use, PluginError);
    assertEquals(error.code, "STORE_UNUSABLE");
  }
});
