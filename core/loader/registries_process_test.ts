// Plugins from registries: loopback servers that speak the protocols of JSR and npm.

import { assert, assertEquals } from "@std/assert";
import { createLoaderHost, loadFailure } from "./loader_host_test.ts";
import {
  createRegistry,
  publishToJsr,
  publishToNpm,
  type Registry,
} from "./registry_server_test.ts";

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
  assertEquals(registry.asked, ["/swish", "/swish/-/package-1.2.0.tgz"]);
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
