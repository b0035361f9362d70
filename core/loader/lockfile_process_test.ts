// What a lockfile and a store hold a load to, and what is left of a load that they refuse.

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { countWithHeap } from "../sandbox/processes_test.ts";
import {
  createLoaderHost,
  type LoaderHost,
  loadFailure,
  MIB,
  plugin,
} from "./loader_host_test.ts";
import { pruneStore, YOUNG_MS } from "./store/prune_store.ts";

/** A folder for a lockfile and a store. */
async function createFolder() {
  const folder = await Deno.makeTempDir();
  return {
    folder,
    lockfile: `${folder}/spiral.lock`,
    cacheDir: `${folder}/cache`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

type Folder = Awaited<ReturnType<typeof createFolder>>;

/** A host that keeps what it loads in a folder. */
function createHost(
  { lockfile, cacheDir }: Folder,
  options: Parameters<typeof createLoaderHost>[0] = {},
): LoaderHost {
  return createLoaderHost({ lockfile, cacheDir, ...options });
}

/** A network whose cable has been pulled. */
function offline(): Promise<never> {
  return Promise.reject(new TypeError("network is unreachable"));
}

/** Files of the store. */
async function storedFiles({ cacheDir }: Folder): Promise<string[]> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(`${cacheDir}/modules`)) {
    for await (const file of Deno.readDir(`${cacheDir}/modules/${name}`)) {
      files.push(`${cacheDir}/modules/${name}/${file.name}`);
    }
  }
  return files.sort();
}

/** Serves and loads a plugin of two modules, one of them behind a redirect; returns its URL. */
async function loadOnce(host: LoaderHost): Promise<string> {
  host.serve("v2/lib.js", "export const version = '1.0.0'");
  host.serve("lib.js", "-> /v2/lib.js");
  const url = host.serve(
    "mod.js",
    `import { version } from "./lib.js";
     export default { metadata: { id: "acme.a", version } };`,
  );
  await host.loader.load(url);
  await host.registry.unregister("acme.a");
  return url;
}

Deno.test("lockfile: a locked plugin loads offline, from the store, with nothing asked", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const url = await loadOnce(host);
  const locked = await Deno.readTextFile(folder.lockfile);
  assertEquals((await storedFiles(folder)).length, 2);
  await using cable = createHost(folder, { fetch: offline });
  const [handle] = await cable.loader.load(url);
  assertEquals([handle?.id, handle?.version], ["acme.a", "1.0.0"]);
  assertEquals(await Deno.readTextFile(folder.lockfile), locked);
});

Deno.test("lockfile: a locked plugin in TypeScript runs, with every line where it was", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  host.serve("lib.ts", "export const version: string = '1.0.0';");
  const url = host.serve(
    "mod.ts",
    `import { version } from "./lib.ts";
interface Metadata { id: string; version: string }
const metadata: Metadata = { id: "acme.a", version };
export default { metadata, onLoad(context: { log: { info(line: string): void } }): void {
  context.log.info(String(new Error("here").stack?.split("\\n")[1]));
} };`,
  );
  for (const times of [1, 2]) {
    await host.loader.load(url);
    await host.registry.unregister("acme.a");
    assertEquals(host.log.length, times);
  }
  const [first, again] = host.log.map(({ message }) => message);
  assertMatch(again!, /mod\.ts:5:/);
  assertEquals(again, first);
});

Deno.test("lockfile: one altered byte in the store is an error, and nothing runs", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const url = await loadOnce(host);
  for (const file of await storedFiles(folder)) {
    const bytes = await Deno.readFile(file);
    const altered = bytes.slice();
    altered[altered.length >> 1]! ^= 1;
    await Deno.writeFile(file, altered);
    const asked = host.asked.length;
    const limits = { heapBytesMax: 117 * MIB };
    await using next = createHost(folder, { limits });
    const error = await loadFailure(next, url);
    assertEquals(error.code, "INTEGRITY_MISMATCH");
    assertEquals([error.details.what, error.details.url], [
      "stored module",
      file,
    ]);
    // No request hides it, and no process is left.
    assertEquals(host.asked.length, asked);
    assertEquals(await countWithHeap(117), 0);
    await Deno.writeFile(file, bytes);
  }
});

Deno.test("lockfile: a module that has changed is refused by name, the entry and what it imports", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const url = await loadOnce(host);
  const locked = await Deno.readTextFile(folder.lockfile);
  // Without the store, the modules have to come from the server again.
  await Deno.remove(folder.cacheDir, { recursive: true });
  host.serve("v2/lib.js", "export const version = '1.0.1'");
  const changed = await loadFailure(host, url);
  assertEquals(changed.code, "INTEGRITY_MISMATCH");
  assertEquals([changed.details.what, changed.details.url], [
    "module",
    `${host.origin}/v2/lib.js`,
  ]);
  assertMatch(String(changed.details.expected), /^sha256-/);
  assert(changed.details.expected !== changed.details.found);
  host.serve("mod.js", plugin("acme.a"));
  const entry = await loadFailure(host, url);
  assertEquals([entry.code, entry.details.url], ["INTEGRITY_MISMATCH", url]);
  assertEquals(await Deno.readTextFile(folder.lockfile), locked);
  // Whoever wants the new one says so.
  await host.loader.load(url, { update: true });
  assert(await Deno.readTextFile(folder.lockfile) !== locked);
});

Deno.test("lockfile: an update of some specifiers holds the others to what was locked", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const first = await loadOnce(host);
  host.serve("b.js", plugin("acme.b"));
  const second = `${host.origin}/b.js`;
  await host.loader.load(second);
  await host.loader.unload(second);
  await Deno.remove(folder.cacheDir, { recursive: true });
  host.serve("b.js", `${plugin("acme.b")} // edited`);
  const update = [second];
  await host.loader.load([first, second], { update });
  await host.loader.unload([first, second]);
  const locked = await Deno.readTextFile(folder.lockfile);
  await Deno.remove(folder.cacheDir, { recursive: true });
  host.serve("v2/lib.js", "export const version = '1.0.1'");
  const error = await assertRejects(
    () => host.loader.load([first, second], { update }),
    PluginError,
  );
  assertEquals(error.code, "INTEGRITY_MISMATCH");
  assertEquals(await Deno.readTextFile(folder.lockfile), locked);
  await assertRejects(
    () => host.loader.load([first], { update }),
    OptionError,
    "a specifier of the same load",
  );
});

Deno.test("lockfile: a redirect that leads elsewhere is refused", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const url = await loadOnce(host);
  await Deno.remove(folder.cacheDir, { recursive: true });
  host.serve("lib.js", "-> /v3/lib.js");
  host.serve("v3/lib.js", "export const version = '1.0.0'");
  const error = await loadFailure(host, url);
  assertEquals(error.code, "INTEGRITY_MISMATCH");
  assertEquals(error.details.expected, "none");
});

Deno.test("lockfile: a file that was edited is refused until it is updated or reloaded", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const path = `${folder.folder}/mod.js`;
  const source = plugin("acme.a", "/* first */");
  await Deno.writeTextFile(path, source);
  const url = `file://${path}`;
  await host.loader.load(url);
  // Seen from the lockfile, so that the folder may be anywhere.
  const first = await Deno.readTextFile(folder.lockfile);
  assertMatch(first, /^\["\.\/mod\.js","digest",/m);
  assert(!first.includes(folder.folder));
  await Deno.writeTextFile(path, source.replace("first", "second"));
  await host.loader.reload(url);
  const second = await Deno.readTextFile(folder.lockfile);
  assert(second !== first);
  await host.registry.unregister("acme.a");
  await Deno.writeTextFile(path, source);
  const error = await loadFailure(host, url);
  assertEquals(error.code, "INTEGRITY_MISMATCH");
  await host.loader.load(url, { update: true });
  assertEquals(await Deno.readTextFile(folder.lockfile), first);
});

Deno.test("lockfile: a frozen one refuses what it does not know, and stays as it is", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const url = await loadOnce(host);
  const locked = await Deno.readTextFile(folder.lockfile);
  await using frozen = createHost(folder, { frozen: true });
  await frozen.loader.load(url);
  await frozen.registry.unregister("acme.a");
  const other = frozen.serve("other.js", plugin("acme.b"));
  const error = await loadFailure(frozen, other);
  assertEquals([error.code, error.details.url], ["LOCKFILE_FROZEN", other]);
  assertEquals(frozen.asked, []);
  // Nor may an update get past it.
  host.serve("mod.js", plugin("acme.a", "/* new */"));
  await frozen.loader.load(url, { update: true });
  const [report] = frozen.loader.reports();
  assert(locked.includes(report!.digest!));
  assertEquals(await Deno.readTextFile(folder.lockfile), locked);
});

Deno.test("lockfile: a load that fails writes nothing", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const good = host.serve("good.js", plugin("acme.good"));
  const bad = host.serve(
    "bad.js",
    plugin("acme.bad", "onLoad() { throw new RangeError('no') }"),
  );
  const error = await loadFailure(host, [good, bad]);
  assertEquals(error.code, "PLUGIN_LOAD_FAILED");
  const names = await Array.fromAsync(Deno.readDir(folder.folder));
  assertEquals(names, []);
});

Deno.test("lockfile: plugins that cannot be written down are unloaded", async () => {
  await using folder = await createFolder();
  const lockfile = `${folder.folder}/none/spiral.lock`;
  await using host = createLoaderHost({
    lockfile,
    limits: { heapBytesMax: 118 * MIB },
  });
  const error = await loadFailure(host, host.serve("a.js", plugin("acme.a")));
  assertEquals([error.code, error.details.lockfile], [
    "LOCKFILE_UNWRITABLE",
    lockfile,
  ]);
  assertEquals(await countWithHeap(118), 0);
});

const hasGit = await new Deno.Command("git", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);

Deno.test({
  name: "lockfile: git's union of two branches loads",
  // It is git that is held to its word.
  ignore: !hasGit,
  fn: loadUnion,
});

async function loadUnion(): Promise<void> {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const [a, b, c] = ["a", "b", "c"].map((id) =>
    host.serve(`${id}.js`, plugin(`acme.${id}`))
  );
  const { lockfile } = folder;
  await host.loader.load(a!);
  const base = await Deno.readTextFile(lockfile);
  await host.loader.load(b!);
  const left = await Deno.readTextFile(lockfile);
  await Deno.writeTextFile(lockfile, base);
  await host.loader.load(c!);
  for (const [name, text] of Object.entries({ base, left })) {
    await Deno.writeTextFile(`${folder.folder}/${name}`, text);
  }
  const { success } = await new Deno.Command("git", {
    args: ["merge-file", "--union", lockfile, "base", "left"],
    cwd: folder.folder,
  }).output();
  assertEquals(success, true);
  await using merged = createHost(folder, { frozen: true, fetch: offline });
  const handles = await merged.loader.load([a!, b!, c!]);
  assertEquals(handles.map(({ id }) => id), ["acme.a", "acme.b", "acme.c"]);
}

Deno.test("lockfile: the store knows which lockfile names its modules, and keeps them", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder);
  const url = await loadOnce(host);
  const nowMs = Date.now() + 2 * YOUNG_MS;
  const { lockfiles, removed } = await pruneStore(folder.cacheDir, { nowMs });
  assertEquals([lockfiles, removed], [[folder.lockfile], 0]);
  await using cable = createHost(folder, { fetch: offline });
  assertEquals((await cable.loader.load(url)).length, 1);
});

Deno.test("lockfile: what does not fit into the store is not loaded", async () => {
  await using folder = await createFolder();
  await using host = createHost(folder, { cacheBytesMax: 64 });
  const url = host.serve("mod.js", `${plugin("acme.a")}${" ".repeat(64)}`);
  const error = await loadFailure(host, url);
  assertEquals(error.code, "STORE_FULL");
  await assertRejects(() => Deno.stat(folder.lockfile), Deno.errors.NotFound);
});
