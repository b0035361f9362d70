import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { createLoaderHost } from "./loader_host_test.ts";

/** A folder with files. */
async function createFolder(files: Readonly<Record<string, string>>) {
  const path = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    const file = new URL(`./${name}`, `file://${path}/`);
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  return {
    url: `file://${path}/`,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

function manifest(id: string, rest: object = {}): string {
  return JSON.stringify({ id, version: "1.0.0", entry: "./mod.js", ...rest });
}

/** What runs if any code of a plugin is run, or even parsed. */
const TRAP = 'globalThis.ran = true; throw new Error("ran"); (';

Deno.test("DynamicPluginLoader.discover() finds the manifests of a folder and of the folders in it, sorted by id, and runs no plugin code", async () => {
  await using folder = await createFolder({
    "plugin.json": manifest("acme.m", { capabilities: ["Telemetry"] }),
    "a folder/plugin.json": manifest("acme.b"),
    "a folder/mod.js": TRAP,
    "other/plugin.json": manifest("acme.a", { entry: "./src/main.ts" }),
    "other/deep/plugin.json": manifest("acme.deep"),
    "without/mod.js": TRAP,
    "mod.js": TRAP,
  });
  await using host = createLoaderHost();
  const found = await host.loader.discover(folder.url);
  assertEquals(
    found.map(({ id, version, specifier, entry }) =>
      [id, version, specifier, entry].map((part) =>
        part.replace(folder.url, "")
      )
    ),
    [
      ["acme.a", "1.0.0", "other/plugin.json", "other/src/main.ts"],
      ["acme.b", "1.0.0", "a%20folder/plugin.json", "a%20folder/mod.js"],
      ["acme.m", "1.0.0", "plugin.json", "mod.js"],
    ],
  );
  assertEquals(found[2]!.metadata.capabilities?.length, 1);
  assertEquals("ran" in globalThis, false);
  assertEquals(host.registry.listPlugins(), []);
  assertEquals(
    await host.loader.discover(`${folder.url}a%20folder`),
    [found[1]],
  );
});

Deno.test("DynamicPluginLoader.discover() reads a list of manifests, or one, from a server", async () => {
  await using host = createLoaderHost();
  host.serve("a/plugin.json", manifest("acme.a"));
  host.serve("b/plugin.json", manifest("acme.b"));
  const list = host.serve(
    "plugins.json",
    JSON.stringify(["./b/plugin.json", "./a/plugin.json"]),
  );
  const found = await host.loader.discover(list);
  assertEquals(found.map(({ id }) => id), ["acme.a", "acme.b"]);
  const one = await host.loader.discover(`${host.origin}/a/plugin.json`);
  assertEquals(one, found.slice(0, 1));
  assertEquals(host.asked.filter((path) => path.endsWith(".js")), []);
});

Deno.test("DynamicPluginLoader.discover() reports all that is wrong with all manifests", async () => {
  await using folder = await createFolder({
    "a/plugin.json": manifest(" ", { entry: "../mod.js" }),
    "b/plugin.json": manifest("acme.b"),
    "c/plugin.json": "[]",
  });
  await using host = createLoaderHost();
  const error = await assertRejects(
    () => host.loader.discover(folder.url),
    PluginError,
  );
  assertEquals(error.code, "MANIFEST_INVALID");
  const { issues } = error.details as unknown as {
    issues: { code: string; path: string }[];
  };
  assertEquals(
    issues.map(({ code, path }) => `${code} ${path.replace(folder.url, "")}`)
      .sort(),
    [
      "ENTRY_INVALID a/plugin.json: entry",
      "ID_INVALID a/plugin.json: id",
      "TYPE_INVALID c/plugin.json",
    ],
  );
});

Deno.test.each([
  { name: "no place", location: "plugins", code: "SPECIFIER_INVALID" },
  {
    name: "a package",
    location: "jsr:@acme/swish",
    code: "SPECIFIER_INVALID",
  },
  {
    name: "a host that the policy leaves out",
    location: "https://elsewhere.example/plugins.json",
    code: "SOURCE_DENIED",
  },
  { name: "nothing", location: "/none.json", code: "FETCH_FAILED" },
  { name: "a page", location: "/page.json", code: "FETCH_FAILED" },
  { name: "too much", location: "/large.json", code: "FETCH_LIMIT" },
  { name: "too many", location: "/many.json", code: "FETCH_LIMIT" },
  {
    name: "a list that leads away",
    location: "/away.json",
    code: "MANIFEST_INVALID",
  },
])(
  "DynamicPluginLoader.discover() refuses $name",
  async ({ location, code }) => {
    await using host = createLoaderHost({ policy: { hosts: ["127.0.0.1"] } });
    host.serve("page.json", "<html>");
    host.serve("large.json", JSON.stringify("x".repeat(70_000)));
    host.serve("many.json", JSON.stringify(Array(300).fill("./a.json")));
    host.serve(
      "away.json",
      JSON.stringify(["https://elsewhere.example/a.json"]),
    );
    const url = location.startsWith("/") ? host.origin + location : location;
    const error = await assertRejects(
      () => host.loader.discover(url),
      PluginError,
    );
    assertEquals(error.code, code);
  },
);

Deno.test("DynamicPluginLoader.discover() is over when the loader is", async () => {
  await using host = createLoaderHost();
  await host.loader[Symbol.asyncDispose]();
  const error = await assertRejects(
    () => host.loader.discover(`${host.origin}/a.json`),
    PluginError,
  );
  assertEquals(error.code, "LOADER_CLOSED");
});
