// What a load that fails leaves behind: nothing. And what a process that dies takes along.

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { PluginEvent } from "../events/event.ts";
import { countWithHeap, isAlive, within } from "../sandbox/processes_test.ts";
import { createToyHost } from "../sandbox/toy_host_test.ts";
import { DynamicPluginLoader } from "./loader.ts";
import {
  createLoaderHost,
  createModuleFile,
  loadFailure,
  MIB,
  nextEvent,
  plugin,
} from "./loader_host_test.ts";

Deno.test("DynamicPluginLoader takes no other place for an inline plugin", async () => {
  await using host = createLoaderHost();
  const code = encodeURIComponent(plugin("acme.inline"));
  const error = await loadFailure(host, `data:text/javascript,${code}`, {
    isolation: "inline",
  });
  assertEquals(error.code, "SPECIFIER_INVALID");
});

Deno.test.each([
  {
    name: "a module that throws",
    source: "throw new RangeError('no luck')",
    code: "PLUGIN_IMPORT_FAILED",
  },
  { name: "no plugin", source: "export default 1", code: "NO_PLUGIN_EXPORT" },
])(
  "DynamicPluginLoader refuses to import $name inline",
  async ({ source, code }) => {
    await using host = createLoaderHost();
    await using file = await createModuleFile(source);
    const error = await loadFailure(host, file.url, { isolation: "inline" });
    assertEquals(error.code, code);
  },
);

Deno.test("DynamicPluginLoader refuses to import what is not there inline", async () => {
  await using host = createLoaderHost();
  const error = await loadFailure(host, "./none/mod.ts", {
    isolation: "inline",
  });
  assertEquals(error.code, "FETCH_FAILED");
});

Deno.test("DynamicPluginLoader says what it found at a URL that nobody serves", async () => {
  await using host = createLoaderHost();
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const error = await loadFailure(host, `http://127.0.0.1:${port}/mod.ts`);
  assertEquals(error.code, "FETCH_FAILED");
  assertMatch(
    error.message,
    /found .*refused.*, wanted a JavaScript or TypeScript module/i,
  );
});

Deno.test("loader: failing third of three leaves nothing", async () => {
  await using host = createLoaderHost({ limits: { heapBytesMax: 105 * MIB } });
  const add = "onLoad: (c) => void c.operators.register({ name: c.pluginId })";
  const urls = [
    host.serve("a.js", plugin("a", add)),
    host.serve(
      "b.js",
      plugin("b", `${add}, onUnload: (c) => c.log.info("bye")`),
    ),
    host.serve(
      "c.js",
      plugin("c", "onLoad() { throw new RangeError('third') }"),
    ),
  ];
  const error = await loadFailure(host, urls);
  assertEquals([error.code, error.details.id], ["PLUGIN_LOAD_FAILED", "c"]);
  assertEquals(host.log.map(({ source, message }) => [source, message]), [[
    "b",
    "bye",
  ]]);
  assertEquals(await countWithHeap(105), 0);
  const [first, second] = urls;
  assertEquals((await host.loader.load([first!, second!])).length, 2);
});

Deno.test("DynamicPluginLoader refuses an unmet range before any hook runs", async () => {
  await using host = createLoaderHost();
  const old = plugin("fixture.double", `onLoad: (c) => c.log.info("ran")`)
    .replace("1.0.0", "0.9.0");
  const error = await loadFailure(host, [
    "./depends_on_another/mod.ts",
    host.serve("old.js", old),
  ]);
  assertEquals(error.code, "DEPENDENCY_VERSION");
  assertMatch(
    error.message,
    /fixture\.dependent.*fixture\.double.*\^1\.0\.0.*0\.9\.0/s,
  );
  assertEquals(host.log, []);
});

Deno.test("DynamicPluginLoader ends a plugin that hangs, in the time it is given", async () => {
  await using host = createLoaderHost({ limits: { heapBytesMax: 106 * MIB } });
  const url = host.serve("mod.js", plugin("a", "onLoad() { for (;;); }"));
  const error = await within(
    2000,
    () => loadFailure(host, url, { timeoutMs: 400 }),
  );
  assertEquals(error.code, "PLUGIN_LOAD_FAILED");
  assert(error.cause instanceof PluginError);
  assertEquals(error.cause.code, "PLUGIN_HOOK_TIMEOUT");
  assertEquals(error.cause.details.timeoutMs, 400);
  assertEquals(await countWithHeap(106), 0);
});

Deno.test("loader: killed child: its plugins are unloaded, and what depends on them", async () => {
  await using host = createLoaderHost();
  await host.loader.load([
    "./registers_operator/mod.ts",
    "./depends_on_another/mod.ts",
  ]);
  const [double, dependent] = host.loader.reports();
  const last = new Promise<PluginEvent>((resolve) => {
    host.events.subscribe("PluginUnloaded", (event) => {
      if (
        event.kind === "PluginUnloaded" && event.pluginId === "fixture.double"
      ) {
        resolve(event);
      }
    });
  });
  Deno.kill(double!.pid!, "SIGKILL");
  const event = await last;
  assertMatch(
    event.kind === "PluginUnloaded" ? event.error ?? "" : "",
    /sandbox has ended.*SIGKILL/,
  );
  // The loader has finished with it when the next thing in its queue is done.
  await host.loader.load([]);
  assertEquals(host.registry.listPlugins(), []);
  assertEquals([...host.entries], []);
  assertEquals(isAlive(dependent!.pid!), false);
  assertEquals(host.loader.reports(), []);
});

Deno.test("DynamicPluginLoader tries again when the unload of a dead plugin has to wait", async () => {
  await using host = createLoaderHost();
  await host.loader.load("./registers_operator/mod.ts");
  const [report] = host.loader.reports();
  const hook = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const slow = host.registry.register({
    metadata: {
      id: "acme.slow",
      version: "1.0.0",
      dependencies: { "fixture.double": "*" },
    },
    onLoad() {
      entered.resolve();
      return hook.promise;
    },
  });
  await entered.promise;
  const gone = nextEvent(host, "PluginUnloaded");
  Deno.kill(report!.pid!, "SIGKILL");
  // The dependent is still coming when the first tries are made.
  setTimeout(hook.resolve, 150);
  await slow;
  await gone;
  await host.loader.load([]);
  assertEquals(host.registry.listPlugins(), []);
});

Deno.test("DynamicPluginLoader without a library cannot sandbox", async () => {
  await using host = createToyHost();
  await using loader = new DynamicPluginLoader({ registry: host.registry });
  const error = await assertRejects(
    () => loader.load("file:///none/mod.ts"),
    PluginError,
  );
  assertEquals(error.code, "ISOLATION_UNAVAILABLE");
});

Deno.test.each([
  {
    name: "an import of a file",
    source: `import "file:///etc/passwd"`,
    code: "IMPORT_REFUSED",
  },
  {
    name: "a computed import",
    source: `import("./a" + ".js")`,
    code: "IMPORT_REFUSED",
  },
  {
    name: "an import of node",
    source: `import "node:fs"`,
    code: "IMPORT_REFUSED",
  },
  {
    name: "an import of npm by a tag",
    source: `import "npm:semver@latest"`,
    code: "IMPORT_REFUSED",
  },
  {
    name: "a missing import",
    source: `import "./none.js"`,
    code: "FETCH_FAILED",
  },
  {
    name: "broken syntax",
    source: `export default {`,
    code: "PLUGIN_IMPORT_FAILED",
  },
  { name: "no plugin", source: `export const a = 1`, code: "NO_PLUGIN_EXPORT" },
  {
    name: "bad metadata",
    source: `export default { metadata: {} }`,
    code: "PLUGIN_METADATA_INVALID",
  },
  {
    name: "an end while loading",
    source: `Deno.exit(4)`,
    code: "SANDBOX_START_FAILED",
  },
])("DynamicPluginLoader refuses $name", async ({ source, code }) => {
  await using host = createLoaderHost({ limits: { heapBytesMax: 104 * MIB } });
  const error = await loadFailure(host, host.serve("mod.js", source));
  assertEquals(error.code, code);
  assertEquals(await countWithHeap(104), 0);
});
