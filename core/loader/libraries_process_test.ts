// Libraries of plugins: packages that their modules import, fetched with them, hashed and locked.

import { assert, assertEquals } from "@std/assert";
import {
  createLoaderHost,
  createModuleFile,
  loadFailure,
} from "./loader_host_test.ts";
import {
  createRegistry,
  publishToJsr,
  publishToNpm,
  type Registry,
} from "./registry_server_test.ts";

/** Packages of which one needs another one, and a module that uses one of each registry. */
async function publishAll(registry: Registry): Promise<void> {
  await publishToNpm(registry, {
    "package/package.json": JSON.stringify({
      type: "module",
      exports: {
        ".": { types: "./a.d.ts", import: "./lib/a.js" },
        "./more/*": "./lib/*.js",
      },
      dependencies: { "@acme/twice": "^1.0.0", never: "^1.0.0" },
    }),
    "package/lib/a.js": `import { twice } from "@acme/twice";
      import { add } from "./add.js";
      export const sum = (x) => add(twice(x), 1);`,
    "package/lib/add.js": "export const add = (x, y) => x + y;",
    "package/lib/sub.js": "export const sub = (x, y) => x - y;",
  }, { name: "sums" });
  await publishToNpm(registry, {
    "package/package.json": JSON.stringify({ main: "index.js" }),
    "package/index.js": "export const twice = (x) => 2 * x;",
  }, { name: "@acme/twice" });
  await publishToJsr(registry, "1.0.0", {
    "/mod.ts": `import { one } from "./one.ts";
      export const negate = (x: number): number => -x * one;`,
    "/one.ts": "export const one: number = 1;",
  }, "@acme/signs");
  registry.documents.set(
    "/@acme/signs/meta.json",
    JSON.stringify({ versions: { "1.0.0": {} } }),
  );
}

const SOURCE = `import { sum } from "npm:sums@^1.0.0";
  import { sub } from "npm:sums@^1.0.0/more/sub";
  import { negate } from "jsr:@acme/signs@1";
  export default {
    metadata: { id: "acme.a", version: "1.0.0" },
    onLoad: ({ log }) => log.info([sum(3), sub(3, 1), negate(4)].join()),
  };`;

Deno.test("a plugin's libraries of npm and JSR are fetched with it, with what they need, and locked", async () => {
  await using registry = createRegistry();
  await publishAll(registry);
  await using file = await createModuleFile(SOURCE);
  const folder = await Deno.makeTempDir();
  const keep = { lockfile: `${folder}/spiral.lock`, cacheDir: `${folder}/c` };
  const { registries } = registry;
  try {
    await using host = createLoaderHost({ registries, ...keep });
    await host.loader.load(file.url);
    assertEquals(host.log.map(({ message }) => message), ["7,2,-4"]);
    // What nothing imports is not asked for.
    const archives = registry.asked.filter((path) => path.endsWith(".tgz"));
    assertEquals([...new Set(archives)].sort(), [
      "/@acme/twice/-/package-1.2.0.tgz",
      "/sums/-/package-1.2.0.tgz",
    ]);
    const asked = registry.asked.length;
    for (const isolation of ["process", "worker"] as const) {
      await using cable = createLoaderHost({
        registries,
        ...keep,
        frozen: true,
        fetch: () => Promise.reject(new TypeError("network is unreachable")),
      });
      await cable.loader.load(file.url, { isolation });
      assertEquals(cable.log.map(({ message }) => message), ["7,2,-4"]);
    }
    assertEquals(registry.asked.length, asked);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a library that is not what its registry says is refused, and nothing runs", async () => {
  for (const change of ["npm", "jsr"] as const) {
    await using registry = createRegistry();
    await publishAll(registry);
    const { documents } = registry;
    if (change === "jsr") documents.set("/@acme/signs/1.0.0/one.ts", "evil()");
    else {
      const other = documents.get("/@acme/twice/-/package-1.2.0.tgz")!;
      documents.set("/sums/-/package-1.2.0.tgz", other);
    }
    await using host = createLoaderHost({ registries: registry.registries });
    await using file = await createModuleFile(SOURCE);
    const error = await loadFailure(host, file.url);
    assertEquals(error.code, "INTEGRITY_MISMATCH", change);
    assertEquals(host.log, []);
  }
});

Deno.test("a policy's hosts hold for libraries too", async () => {
  await using registry = createRegistry();
  await publishAll(registry);
  await using file = await createModuleFile(SOURCE);
  const rules: string[] = [];
  await using host = createLoaderHost({
    registries: registry.registries,
    policy: { hosts: ["plugins.example"] },
    audit: ({ resource, decision }) => rules.push(`${decision} ${resource}`),
  });
  const error = await loadFailure(host, file.url);
  assertEquals(error.code, "SOURCE_DENIED");
  assertEquals(registry.asked, []);
  assert(rules.every((rule) => rule.startsWith("refused source ")));
});

Deno.test.each([
  { name: "what it does not list as needed", source: 'import "other";' },
  { name: "what lies outside of it", source: 'import "../../stolen.js";' },
  { name: "files", source: 'import "file:///etc/passwd";' },
  { name: "the system", source: 'import "node:fs";' },
])("a library cannot import $name", async ({ source }) => {
  await using registry = createRegistry();
  await publishToNpm(registry, {
    "package/package.json": "{}",
    "package/index.js": source,
  }, { name: "evil" });
  await using file = await createModuleFile(
    `import "npm:evil"; export default 1;`,
  );
  await using host = createLoaderHost({ registries: registry.registries });
  const error = await loadFailure(host, file.url);
  assertEquals(error.code, "IMPORT_REFUSED");
});

Deno.test("a plugin imports the library of this host by its URL, too", async () => {
  const sdk = new URL(
    "../../tests/fixtures/toy_sdk/plugin.ts",
    import.meta.url,
  );
  const { toySdk } = await import("../sandbox/toy_sdk_test.ts");
  for (const isolation of ["process", "worker"] as const) {
    await using host = createLoaderHost({
      sandbox: async () => ({
        sdk: { ...await toySdk(), urls: [sdk.href] },
      }),
    });
    await using file = await createModuleFile(
      `import { definePlugin } from "${sdk.href}";
       export default definePlugin({ metadata: { id: "a", version: "1.0.0" } });`,
    );
    const [handle] = await host.loader.load(file.url, { isolation });
    assertEquals(handle?.id, "a");
  }
});
