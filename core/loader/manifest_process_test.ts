// Plugins that are loaded by their manifests: what they are is known before any of their code runs.

import { assertEquals, assertMatch } from "@std/assert";
import { createLoaderHost, loadFailure, plugin } from "./loader_host_test.ts";
import type { AuditRecord } from "./policy/audit.ts";

const METADATA = { id: "acme.a", version: "1.0.0" };

/** A manifest of the module beside it. */
function manifest(rest: object = {}): string {
  return JSON.stringify({ ...METADATA, entry: "./mod.js", ...rest });
}

Deno.test.each([{ isolation: "process" }, { isolation: "inline" }] as const)(
  "loader: a plugin is loaded by its manifest, found by discover(), and reloaded ($isolation)",
  async ({ isolation }) => {
    const folder = await Deno.makeTempDir();
    await using _folder = {
      [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
    };
    const write = (version: string) =>
      Promise.all([
        Deno.writeTextFile(`${folder}/plugin.json`, manifest({ version })),
        Deno.writeTextFile(
          `${folder}/mod.js`,
          plugin("acme.a").replace("1.0.0", version),
        ),
      ]);
    await write("1.0.0");
    await using host = createLoaderHost();
    const found = await host.loader.discover(`file://${folder}`);
    const specifiers = found.map(({ specifier }) => specifier);
    const [handle] = await host.loader.load(specifiers, { isolation });
    assertEquals([handle?.id, handle?.version], ["acme.a", "1.0.0"]);
    await write("1.1.0");
    assertEquals(await host.loader.reload(specifiers[0]!), [
      { from: "1.0.0", to: "1.1.0", stateTransferred: false },
    ]);
    assertEquals(await host.loader.unload(specifiers), ["acme.a"]);
    const other = manifest({ version: "9.0.0" });
    await Deno.writeTextFile(`${folder}/plugin.json`, other);
    const error = await loadFailure(host, specifiers, { isolation });
    assertEquals([error.code, error.details.field], [
      "MANIFEST_MISMATCH",
      "version",
    ]);
  },
);

Deno.test.each([
  { name: "another version", rest: { version: "1.0.1" }, field: "version" },
  {
    name: "a capability more",
    rest: { capabilities: ["Telemetry"] },
    field: "capabilities",
  },
  { name: "another id", rest: { id: "acme.b" }, field: "id" },
])("loader: metadata ≠ manifest: $name", async ({ rest, field }) => {
  await using host = createLoaderHost();
  host.serve("mod.js", plugin("acme.a"));
  const url = host.serve("plugin.json", manifest(rest));
  const error = await loadFailure(host, url);
  assertEquals([error.code, error.details.field], [
    "MANIFEST_MISMATCH",
    field,
  ]);
});

Deno.test("loader: metadata ≠ manifest: two plugins where one was described", async () => {
  await using host = createLoaderHost();
  host.serve(
    "mod.js",
    `export default [{ metadata: ${JSON.stringify(METADATA)} },
      { metadata: { id: "acme.b", version: "1.0.0" } }];`,
  );
  const url = host.serve("plugin.json", manifest());
  const error = await loadFailure(host, url);
  assertEquals(error.details.field, "number of plugins");
});

Deno.test("loader: what a manifest asks for is refused before any code of the plugin runs", async () => {
  const trail: AuditRecord[] = [];
  await using host = createLoaderHost({
    audit: (record) => void trail.push(record),
  });
  // It would end the load with another error, were it started.
  host.serve("mod.js", "Deno.exit(4)");
  const permissions = { net: ["api.example:443"] };
  const url = host.serve("plugin.json", manifest({ permissions }));
  const error = await loadFailure(host, url);
  assertEquals(error.code, "PERMISSION_REFUSED");
  assertEquals(trail.map(({ rule }) => rule), ["default"]);
});

Deno.test("loader: a plugin gets what its manifest asks for, and says what its manifest says", async () => {
  const permissions = { env: ["SPIRALTORCH_MANIFEST"] };
  Deno.env.set("SPIRALTORCH_MANIFEST", "granted");
  try {
    await using host = createLoaderHost({ policy: { allow: permissions } });
    host.serve(
      "mod.js",
      `export default {
        metadata: ${JSON.stringify({ permissions, ...METADATA })},
        onLoad: ({ log }) => log.info(Deno.env.get("SPIRALTORCH_MANIFEST")),
      };`,
    );
    await host.loader.load(
      host.serve("plugin.json", manifest({ permissions })),
    );
    assertEquals(host.log.map(({ message }) => message), ["granted"]);
  } finally {
    Deno.env.delete("SPIRALTORCH_MANIFEST");
  }
});

Deno.test("loader: a broken manifest is refused with all that is wrong", async () => {
  await using host = createLoaderHost();
  const url = host.serve("plugin.json", manifest({ id: " ", entry: "../x" }));
  const error = await loadFailure(host, url);
  assertEquals(error.code, "MANIFEST_INVALID");
  assertMatch(error.message, /id: .*\n.*entry: found "\.\.\/x"/);
});

Deno.test.each([{ isolation: "process" }, { isolation: "worker" }] as const)(
  "loader: what is locked is loaded where its manifest led when it was locked, without asking for the manifest ($isolation)",
  async ({ isolation }) => {
    const folder = await Deno.makeTempDir();
    await using _folder = {
      [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
    };
    const keep = {
      lockfile: `${folder}/spiral.lock`,
      cacheDir: `${folder}/cache`,
    };
    await using host = createLoaderHost(keep);
    host.serve("mod.js", plugin("acme.a"));
    const url = host.serve("plugin.json", manifest());
    await host.loader.load(url, { isolation });
    await using offline = createLoaderHost({
      ...keep,
      frozen: true,
      fetch: () => Promise.reject(new TypeError("no network")),
    });
    const [handle] = await offline.loader.load(url, { isolation });
    assertEquals(handle?.id, "acme.a");
  },
);
