import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import type { PluginContext } from "../plugin/context.ts";
import { isAlive } from "../sandbox/processes_test.ts";
import {
  createLoaderHost,
  createModuleFile,
  type LoaderHost,
  plugin,
} from "./loader_host_test.ts";
import type { WatchReport } from "./watch_options.ts";

/** A plugin that counts `acme.step` and hands its count over. */
function counter(version: string, members = ""): string {
  return `let count = 0;
  export default {
    metadata: { id: "acme.count", version: "${version}" },
    onLoad(context) {
      context.operators.register({ name: "acme:count", apply: () => new TextEncoder().encode("${version} " + count) });
      context.subscribe("acme.step", () => { count++; });
      context.log.info("loaded ${version}");
    },
    saveState: () => ({ count }),
    restoreState(state, context, from) { count = state.count; context.log.info("from " + from); },
    ${members}
  };`;
}

/** What the operator of the counter says. */
async function answer(entries: LoaderHost["entries"]): Promise<string> {
  const { bytes } = await entries.get("acme:count")!.apply(
    "",
    new Uint8Array(),
  );
  return new TextDecoder().decode(bytes);
}

const STEP = { kind: "Custom", eventType: "acme.step", data: 0 } as const;

Deno.test("DynamicPluginLoader.reload() gives each generation a process of its own, and state to the next", async () => {
  await using host = createLoaderHost();
  const { loader, registry, events, entries } = host;
  const ask = () => answer(entries);
  const url = host.serve("mod.js", counter("1.0.0"));
  await loader.load(url);
  const [first] = loader.reports();
  await events.publishAsync({ ...STEP });
  assertEquals(await ask(), "1.0.0 1");
  host.serve("mod.js", counter("1.1.0"));
  const reloading = loader.reload(url);
  assertEquals(await reloading, [
    { from: "1.0.0", to: "1.1.0", stateTransferred: true },
  ]);
  const [second] = loader.reports();
  assert(first?.pid !== second?.pid);
  assertEquals([isAlive(first!.pid!), isAlive(second!.pid!)], [false, true]);
  await events.publishAsync({ ...STEP });
  assertEquals(await ask(), "1.1.0 2");
  assertEquals(registry.get("acme.count")?.isolation, "process");
  assertEquals(registry.explain("acme.count").source, url);
  assertEquals(host.log.map(({ message }) => message), [
    "loaded 1.0.0",
    "loaded 1.1.0",
    "from 1.0.0",
  ]);
  assertEquals(await loader.unload(url), ["acme.count"]);
  assertEquals(isAlive(second!.pid!), false);
});

Deno.test.each([
  { name: "onLoad", members: "onLoad() { throw new Error('broken') }" },
  { name: "healthCheck", members: "healthCheck: () => false" },
  { name: "restoreState", members: "restoreState() { throw 1 }" },
])(
  "DynamicPluginLoader.reload() leaves the old process in place if $name fails",
  async ({ name, members }) => {
    await using host = createLoaderHost();
    const { loader, registry, entries } = host;
    const url = host.serve("mod.js", counter("1.0.0"));
    await loader.load(url);
    const [report] = loader.reports();
    host.serve("mod.js", counter("2.0.0", members));
    const error = await assertRejects(() => loader.reload(url), PluginError);
    assertEquals([error.code, error.details.phase], ["RELOAD_FAILED", name]);
    assertEquals(loader.reports(), [report!]);
    assertEquals(isAlive(report!.pid!), true);
    assertEquals(registry.get("acme.count")?.version, "1.0.0");
    assertEquals(await answer(entries), "1.0.0 0");
  },
);

Deno.test("DynamicPluginLoader.reload() keeps the old plugins if the new modules cannot be had", async () => {
  await using host = createLoaderHost();
  const { loader, registry } = host;
  const url = host.serve("mod.js", counter("1.0.0"));
  await loader.load(url);
  for (
    const [source, code] of [
      ["export default {", "PLUGIN_IMPORT_FAILED"],
      ["export default 1", "NO_PLUGIN_EXPORT"],
      [plugin("acme.other"), "RELOAD_ID_MISMATCH"],
    ] as const
  ) {
    host.serve("mod.js", source);
    const error = await assertRejects(() => loader.reload(url), PluginError);
    assertEquals(error.code, code);
    assertEquals(registry.listPlugins(), ["acme.count"]);
  }
  const unknown = await assertRejects(
    () => loader.reload(`${url}x`),
    PluginError,
  );
  assertEquals([unknown.code, unknown.details.suggestions], [
    "SPECIFIER_UNKNOWN",
    [url],
  ]);
});

Deno.test("DynamicPluginLoader unloads what the new process holds if that dies", async () => {
  await using host = createLoaderHost();
  const { loader, events } = host;
  const url = host.serve("mod.js", counter("1.0.0"));
  await loader.load(url);
  await loader.reload(url);
  const [report] = loader.reports();
  const gone = Promise.withResolvers<void>();
  events.subscribe("PluginUnloaded", () => gone.resolve());
  Deno.kill(report!.pid!, "SIGKILL");
  await gone.promise;
  assertEquals(loader.reports(), []);
});

for (const isolation of ["process", "worker", "inline"] as const) {
  Deno.test(`watch: good edit, syntax error, good edit again (${isolation})`, async () => {
    await using host = createLoaderHost();
    const { loader, registry } = host;
    await using file = await createModuleFile(counter("1.0.0"));
    const write = (text: string) => Deno.writeTextFile(new URL(file.url), text);
    await loader.load(file.url, { isolation });
    const waiting: ((report: WatchReport) => void)[] = [];
    const early: WatchReport[] = [];
    function next(): Promise<WatchReport> {
      const report = early.shift();
      if (report !== undefined) return Promise.resolve(report);
      return new Promise((resolve) => waiting.push(resolve));
    }
    const versions = () => registry.get("acme.count")?.version;
    {
      await using _watch = loader.watch(file.url, {
        debounceMs: 20,
        onReport(report) {
          const tell = waiting.shift();
          if (tell === undefined) early.push(report);
          else tell(report);
        },
      });
      await write(counter("1.1.0"));
      assertEquals(await next(), {
        kind: "reloaded",
        specifier: file.url,
        reports: [{ from: "1.0.0", to: "1.1.0", stateTransferred: true }],
      });
      await write("export default {");
      const failed = await next();
      assertEquals(failed.kind, "failed");
      assertEquals(versions(), "1.1.0");
      await write(counter("1.2.0"));
      assertEquals((await next()).kind, "reloaded");
      assertEquals(versions(), "1.2.0");
      await Deno.remove(new URL(file.url));
      assertEquals((await next()).kind, "missing");
      assertEquals(versions(), "1.2.0");
    }
    await write(counter("9.0.0"));
    assertEquals([early, versions()], [[], "1.2.0"]);
  });
}

Deno.test("inline reload imports anew what the entry imports from its folder, and nothing else", async () => {
  await using host = createLoaderHost();
  const folder = await Deno.makeTempDir();
  await using _folder = {
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${folder}/${name}`, text);
  await Deno.mkdir(`${folder}/parts`);
  await write("parts/deep.ts", 'export const deep: string = "deep 1";');
  await write(
    "part.ts",
    'import { deep } from "./parts/deep.ts"; export const part: string = deep;',
  );
  const errors = new URL("../errors.ts", import.meta.url).href;
  await write(
    "mod.ts",
    `import { part } from "./part.ts"; import { PluginError } from "${errors}";
    export default {
      metadata: { id: "acme.a", version: "1.0.0" },
      onLoad(context) {
        context.services.provide("parts", { part, PluginError });
      },
    };`,
  );
  const url = new URL(`file://${folder}/mod.ts`).href;
  await host.loader.load(url, { isolation: "inline" });
  const { promise, resolve } = Promise.withResolvers<PluginContext>();
  await host.registry.register({
    metadata: { id: "acme.reader", version: "1.0.0" },
    onLoad: resolve,
  });
  const { services } = await promise;
  const parts = () =>
    services.require<{ part: string; PluginError: unknown }>("acme.a/parts");
  assertEquals(parts().part, "deep 1");
  await write("parts/deep.ts", 'export const deep: string = "deep 2";');
  await host.loader.reload(url);
  assertEquals(parts().part, "deep 2");
  const { promise: report, resolve: tell } = Promise.withResolvers<
    WatchReport
  >();
  await using _watch = host.loader.watch(url, {
    debounceMs: 20,
    onReport: tell,
  });
  await write("parts/deep.ts", 'export const deep: string = "deep 3";');
  assertEquals((await report).kind, "reloaded");
  assertEquals(parts().part, "deep 3");
  // The library stays the one that the host has.
  assert(parts().PluginError === PluginError);
});

Deno.test("watch unloads plugins whose file is gone, if it is told to", async () => {
  await using host = createLoaderHost();
  const { loader, registry } = host;
  await using file = await createModuleFile(counter("1.0.0"));
  await loader.load(file.url, { isolation: "inline" });
  const report = Promise.withResolvers<WatchReport>();
  await using _watch = loader.watch(file.url, {
    debounceMs: 20,
    unloadOnRemove: true,
    onReport: report.resolve,
  });
  await Deno.remove(new URL(file.url));
  assertEquals(await report.promise, {
    kind: "unloaded",
    specifier: file.url,
    unloaded: ["acme.count"],
  });
  assertEquals(registry.listPlugins(), []);
});

Deno.test("watch ends with its loader, and refuses what it cannot watch", async () => {
  await using host = createLoaderHost();
  const { loader } = host;
  const url = host.serve("mod.js", counter("1.0.0"));
  await loader.load(url);
  const remote = assertThrows(() => loader.watch(url), PluginError);
  assertEquals(remote.code, "SPECIFIER_INVALID");
  const unknown = assertThrows(() => loader.watch("./x.ts"), PluginError);
  assertEquals(unknown.code, "SPECIFIER_UNKNOWN");
  assertThrows(() => loader.watch(url, { debounceMs: NaN }), OptionError);
  await loader.load("./registers_operator/mod.ts");
  loader.watch("./registers_operator/mod.ts");
  await loader[Symbol.asyncDispose]();
  const closed = await assertRejects(() => loader.reload(url), PluginError);
  assertEquals(closed.code, "LOADER_CLOSED");
});

Deno.test("DynamicPluginLoader.unload() refuses while others depend on a plugin, and cascades", async () => {
  await using host = createLoaderHost();
  const { loader } = host;
  const [one, other] = [
    "./registers_operator/mod.ts",
    "./depends_on_another/mod.ts",
  ] as const;
  await loader.load([one, other]);
  const error = await assertRejects(() => loader.unload(one), PluginError);
  assertEquals(error.code, "PLUGIN_HAS_DEPENDENTS");
  assertEquals(await loader.unload([one, other], { cascade: true }), [
    "fixture.dependent",
    "fixture.double",
  ]);
  assertEquals(loader.reports(), []);
});
