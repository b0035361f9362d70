// Module graphs from files: real folders, real links.

import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { createModuleReader } from "../sandbox/module_reader.ts";
import { FETCH_LIMITS, type FetchLimits } from "./limits.ts";
import { fetchModuleGraph, type ModuleGraph } from "./module_graph.ts";
import { ModuleStore } from "./module_store.ts";

async function fetchFrom(
  entry: string,
  limits: Partial<FetchLimits> = {},
): Promise<ModuleGraph> {
  await using reader = await createModuleReader();
  const store = new ModuleStore(reader);
  return await fetchModuleGraph(entry, {
    store,
    limits: { ...FETCH_LIMITS, ...limits },
  });
}

/** A folder with these files, as a URL. */
async function createFolder(files: Record<string, string>) {
  const path = await Deno.makeTempDir();
  await Deno.mkdir(`${path}/p`);
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return {
    path,
    url: `file://${path}/`,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("fetchModuleGraph() reads files, by the language of their names", async () => {
  await using folder = await createFolder({
    "p/mod.ts": `import type { A } from "./none.ts"; import "./x.js";`,
    "p/x.js": "",
  });
  const { modules } = await fetchFrom(`${folder.url}p/mod.ts`);
  assertEquals([...modules], [
    [`${folder.url}p/mod.ts`, `${" ".repeat(36)}import "./x.js";`],
    [`${folder.url}p/x.js`, ""],
  ]);
});

Deno.test.each([
  { name: "no file", entry: "p/none.ts", code: "FETCH_FAILED" },
  { name: "no folder", entry: "none/mod.ts", code: "FETCH_FAILED" },
  { name: "a folder", entry: "p/folder.ts", code: "FETCH_FAILED" },
  { name: "another kind of file", entry: "p/x.json", code: "FETCH_FAILED" },
  {
    name: "a file that is too large",
    entry: "p/large.ts",
    code: "FETCH_LIMIT",
  },
  {
    name: "a link that leads out",
    entry: "p/link_user.ts",
    code: "IMPORT_REFUSED",
  },
])("fetchModuleGraph() refuses $name", async ({ entry, code }) => {
  await using folder = await createFolder({
    "secret.js": "",
    "p/x.json": "",
    "p/large.ts": "(".repeat(200),
    "p/link_user.ts": `import "./link.js"`,
  });
  await Deno.mkdir(`${folder.path}/p/folder.ts`);
  await Deno.symlink(`${folder.path}/secret.js`, `${folder.path}/p/link.js`);
  const error = await assertRejects(
    () => fetchFrom(folder.url + entry, { bytesMax: 100 }),
    PluginError,
  );
  assertEquals(error.code, code);
});
