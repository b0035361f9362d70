// What manifests and lockfiles say is checked before a sandbox is started. Starts are counted by the
// module that serves the host, which nobody looks at but who starts one.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { toySdk } from "../sandbox/toy_sdk_test.ts";
import { createLoaderHost, type LoaderHost } from "./loader_host_test.ts";
import type { DynamicPluginLoaderOptions } from "./loader_options.ts";

interface CountingHost extends LoaderHost {
  /** Whether sandboxes were started since it was last 0. */
  readonly starts: { count: number };
}

function createCountingHost(
  options: Partial<DynamicPluginLoaderOptions> = {},
): CountingHost {
  const starts = { count: 0 };
  const host = createLoaderHost({
    sandbox: async () => {
      const { main, ...sdk } = await toySdk();
      return {
        sdk: {
          ...sdk,
          get main() {
            starts.count++;
            return main;
          },
        },
      };
    },
    ...options,
  });
  return { ...host, starts };
}

/** Puts a plugin with its manifest on the server, and returns the URL of the manifest. */
function offer(host: LoaderHost, id: string, rest: object = {}): string {
  const metadata = { id, version: "1.0.0", ...rest };
  host.serve(
    `${id}/mod.js`,
    `export default { metadata: ${JSON.stringify(metadata)} };`,
  );
  const manifest = { ...metadata, entry: "./mod.js" };
  return host.serve(`${id}/plugin.json`, JSON.stringify(manifest));
}

async function failure(work: () => Promise<unknown>): Promise<string> {
  const { code } = await assertRejects(work, PluginError);
  return code;
}

const needs = (range: string) => ({ dependencies: { "acme.a": range } });

Deno.test.each<
  { name: string; set: Record<string, object>; code: string }
>([
  {
    name: "a dependency that nobody is",
    set: { "acme.b": needs("^1.0.0") },
    code: "DEPENDENCY_MISSING",
  },
  {
    name: "a dependency in another version",
    set: { "acme.a": { version: "2.0.0" }, "acme.b": needs("^1.0.0") },
    code: "DEPENDENCY_VERSION",
  },
  {
    name: "a circle",
    set: {
      "acme.a": { dependencies: { "acme.b": "*" } },
      "acme.b": needs("*"),
    },
    code: "DEPENDENCY_CYCLE",
  },
  {
    name: "another version of the library",
    set: { "acme.a": { engines: { spiraltorch: ">=99" } } },
    code: "ENGINE_INCOMPATIBLE",
  },
])("loader: manifests with $name start no sandbox", async ({ set, code }) => {
  for (const isolation of ["process", "worker"] as const) {
    await using host = createCountingHost();
    const urls = Object.entries(set).map(([id, rest]) => offer(host, id, rest));
    const found = await failure(() => host.loader.load(urls, { isolation }));
    assertEquals([found, host.starts.count], [code, 0]);
  }
});

Deno.test("loader: manifests with an unmet range import nothing inline", async () => {
  await using host = createCountingHost();
  const url = offer(host, "acme.b", needs("^1.0.0"));
  const code = await failure(() =>
    host.loader.load(url, { isolation: "inline" })
  );
  assertEquals(code, "DEPENDENCY_MISSING");
  assertEquals(host.asked, ["/acme.b/plugin.json"]);
});

Deno.test("loader: a plugin that is there already starts no sandbox a second time", async () => {
  await using host = createCountingHost();
  const url = offer(host, "acme.a");
  await host.loader.load(url);
  host.starts.count = 0;
  const again = createCountingHost({ registry: host.registry });
  await using _again = again;
  const code = await failure(() => again.loader.load(url));
  assertEquals([code, again.starts.count], ["PLUGIN_ALREADY_REGISTERED", 0]);
});

Deno.test("loader: what a module without a manifest might be is waited for", async () => {
  await using host = createCountingHost();
  const dependent = offer(host, "acme.b", needs("^1.0.0"));
  const metadata = { id: "acme.other", version: "1.0.0" };
  const stranger = (provides: object) =>
    host.serve(
      "mod.js",
      `export default { metadata: ${
        JSON.stringify({ ...metadata, ...provides })
      } };`,
    );
  const plain = [dependent, stranger({})];
  assertEquals(
    await failure(() => host.loader.load(plain)),
    "DEPENDENCY_MISSING",
  );
  assert(host.starts.count > 0);
  const handles = await host.loader.load([
    dependent,
    stranger({ provides: { "acme.a": "1.0.0" } }),
  ]);
  assertEquals(handles.map(({ id }) => id), ["acme.other", "acme.b"]);
});

Deno.test("loader: what a lockfile says of the same bytes starts no sandbox either", async () => {
  const folder = await Deno.makeTempDir();
  await using _folder = {
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
  const keep = { lockfile: `${folder}/plugins.lock`, cacheDir: folder };
  await using host = createCountingHost(keep);
  const plain = host.serve(
    "mod.js",
    `export default { metadata: ${
      JSON.stringify({ id: "acme.b", version: "1.0.0", ...needs("^1.0.0") })
    } };`,
  );
  await host.loader.load([offer(host, "acme.a"), plain]);
  // Nobody has said so before, but now it is known.
  await using later = createCountingHost(keep);
  const code = await failure(() => later.loader.load(plain));
  assertEquals([code, later.starts.count], ["DEPENDENCY_MISSING", 0]);
});

Deno.test("loader: a reload whose manifest cannot hold starts no sandbox, and the old plugin runs on", async () => {
  await using host = createCountingHost();
  const url = offer(host, "acme.a");
  const dependent = offer(host, "acme.b", needs("^1.0.0"));
  await host.loader.load([url, dependent]);
  const rows: [() => void, string][] = [
    [() => offer(host, "acme.a", { version: "2.0.0" }), "DEPENDENCY_VERSION"],
    [
      () => offer(host, "acme.a", { dependencies: { "acme.c": "*" } }),
      "DEPENDENCY_MISSING",
    ],
    [
      () =>
        host.serve(
          "acme.a/plugin.json",
          JSON.stringify({ id: "acme.x", version: "1.0.0", entry: "./mod.js" }),
        ),
      "RELOAD_ID_MISMATCH",
    ],
  ];
  for (const [change, code] of rows) {
    change();
    // It would end the reload with another error, were it started.
    host.serve("acme.a/mod.js", "Deno.exit(4)");
    const [before] = host.loader.reports();
    assertEquals(await failure(() => host.loader.reload(url)), code);
    assertEquals(host.loader.reports()[0]?.pid, before?.pid);
  }
  offer(host, "acme.a", { version: "1.5.0" });
  const [report] = await host.loader.reload(url);
  assertEquals(report?.to, "1.5.0");
});
