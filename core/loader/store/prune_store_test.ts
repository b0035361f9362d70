import { assert, assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../../errors.ts";
import { hashText, sha256 } from "../graph_digest.ts";
import { Lockfile } from "../lockfile/lockfile.ts";
import { ContentStore } from "./content_store.ts";
import { bytesOf, listStore, pruneStore, YOUNG_MS } from "./prune_store.ts";
import { readRoots } from "./store_roots.ts";

/** A store, and lockfiles that name some of what is in it. */
class Scene implements AsyncDisposable {
  readonly folder: string;
  readonly store: ContentStore;

  constructor(folder: string) {
    this.folder = folder;
    this.store = new ContentStore(`${folder}/cache`);
  }

  static async create(): Promise<Scene> {
    return new Scene(await Deno.makeTempDir());
  }

  /** Stores a module and returns its hash. */
  async write(text: string): Promise<string> {
    const bytes = new TextEncoder().encode(text);
    const hash = hashText(await sha256(bytes));
    await this.store.write(hash, bytes);
    return hash;
  }

  /** Writes a lockfile that names modules, and that the store knows of. */
  async lock(name: string, hashes: readonly string[]): Promise<Lockfile> {
    const lockfile = new Lockfile(`${this.folder}/${name}`, { frozen: false });
    const url = "https://a.example/mod.js";
    const modules = hashes.map((hash, index) => {
      const name = index === 0 ? url : `${url}?${index}`;
      return [name, { hash, isTypeScript: false }] as const;
    });
    const entry = {
      digest: hashes[0]!,
      modules: new Map(modules),
      redirects: new Map(),
      plugins: new Map(),
      grants: [],
    };
    await lockfile.update(new Map([[url, entry]]));
    await this.store.addRoot(lockfile.url);
    return lockfile;
  }

  prune(options: Partial<Parameters<typeof pruneStore>[1]> = {}) {
    const nowMs = Date.now() + YOUNG_MS + 60_000;
    return pruneStore(this.store.folder, { nowMs, ...options });
  }

  async isThere(hash: string): Promise<boolean> {
    return await this.store.read(hash) !== undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test("pruneStore() takes out what no lockfile names that has used the store", async () => {
  await using scene = await Scene.create();
  const [a, b, c] = [
    await scene.write("a"),
    await scene.write("bb"),
    await scene.write("ccc"),
  ];
  const first = await scene.lock("one.lock", [a!]);
  const second = await scene.lock("two.lock", [b!]);
  const dry = await scene.prune({ dryRun: true });
  assert(await scene.isThere(c!));
  const report = await scene.prune();
  assertEquals(report, dry);
  assertEquals(report, {
    lockfiles: [first.path, second.path],
    kept: 2,
    keptBytes: 3,
    removed: 1,
    removedBytes: 3,
  });
  assert(await scene.isThere(a!) && await scene.isThere(b!));
  assert(!await scene.isThere(c!));
});

Deno.test("pruneStore() asks lockfiles that it is told of, and forgets those that are gone", async () => {
  await using scene = await Scene.create();
  const [a, b] = [await scene.write("a"), await scene.write("b")];
  const gone = await scene.lock("gone.lock", [a!]);
  await Deno.remove(gone.path);
  const elsewhere = await scene.lock("elsewhere.lock", [b!]);
  await Deno.remove(`${scene.store.folder}/lockfiles`, { recursive: true });
  const { kept, lockfiles } = await scene.prune({
    lockfiles: [elsewhere.path, gone.path],
  });
  assertEquals([kept, lockfiles], [1, [elsewhere.path]]);
  assert(!await scene.isThere(a!));
});

Deno.test("pruneStore() leaves what was written lately: its lockfile may be about to be written", async () => {
  await using scene = await Scene.create();
  const hash = await scene.write("young");
  const { removed } = await scene.prune({ nowMs: Date.now() });
  assertEquals(removed, 0);
  assert(await scene.isThere(hash));
});

Deno.test("pruneStore() takes out nothing while a lockfile cannot be read", async () => {
  await using scene = await Scene.create();
  const hash = await scene.write("a");
  const { path } = await scene.lock("broken.lock", [hash]);
  await Deno.writeTextFile(path, "<<<<<<< HEAD\n");
  const error = await assertRejects(() => scene.prune(), PluginError);
  assertEquals(error.code, "LOCKFILE_INVALID");
  assert(await scene.isThere(hash));
});

Deno.test("pruneStore() may run any number of times at once, beside those that read and write", async () => {
  await using scene = await Scene.create();
  const old = await Promise.all(
    Array.from({ length: 40 }, (_, i) => scene.write(`old ${i}`)),
  );
  const named = await scene.write("named");
  await scene.lock("one.lock", [named]);
  const bytes = new TextEncoder().encode("old 0");
  await Promise.all([
    scene.prune(),
    scene.prune(),
    scene.prune(),
    ...old.map((hash) => scene.isThere(hash)),
    scene.store.write(old[0]!, bytes),
  ]);
  // What was written meanwhile is there whole or not at all.
  for (const hash of old) await scene.isThere(hash);
  assert(await scene.isThere(named));
});

Deno.test("pruneStore() finds nothing where there is no store", async () => {
  await using scene = await Scene.create();
  const { kept, removed } = await scene.prune();
  assertEquals([kept, removed], [0, 0]);
});

Deno.test("ContentStore.addRoot() knows each lockfile once", async () => {
  await using scene = await Scene.create();
  const { path, url } = await scene.lock("one.lock", [await scene.write("a")]);
  await scene.store.addRoot(url);
  assertEquals(await readRoots(scene.store.folder), [path]);
});

Deno.test("ContentStore.makeRoom() refuses what does not fit beside what lockfiles name", async () => {
  await using scene = await Scene.create();
  const { path } = await scene.lock("one.lock", [await scene.write("12345")]);
  const room = { lockfiles: [path], bytesMax: 10 };
  await scene.store.makeRoom({ ...room, bytes: 5 });
  const error = await assertRejects(
    () => scene.store.makeRoom({ ...room, bytes: 6 }),
    PluginError,
  );
  assertEquals(error.code, "STORE_FULL");
  assertEquals(error.details["bytes"], 11);
});

Deno.test("ContentStore.makeRoom() takes out what is old and nobody names, where there is no room", async () => {
  await using scene = await Scene.create();
  await scene.write("12345");
  const [file] = await listStore(scene.store.folder);
  const then = new Date(Date.now() - YOUNG_MS - 60_000);
  await Deno.utime(file!.path, then, then);
  const room = { lockfiles: [], bytesMax: 10 };
  await scene.store.makeRoom({ ...room, bytes: 5 });
  assertEquals(bytesOf(await listStore(scene.store.folder)), 5);
  await scene.store.makeRoom({ ...room, bytes: 6 });
  assertEquals(bytesOf(await listStore(scene.store.folder)), 0);
});
