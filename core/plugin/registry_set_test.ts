import { assert, assertEquals } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { Plugin } from "./plugin.ts";
import {
  dependent,
  failure,
  fixture,
  plugin,
} from "./registry_fixture_test.ts";

Deno.test("registerAll() takes plugins with options of their own, and those that are active count", async () => {
  const { registry } = fixture();
  await registry.register(plugin("base"));
  let rate: unknown;
  const configured = plugin("b", {
    metadata: { dependencies: { base: "^1.0.0" } },
    onLoad: (context) => void (rate = context.config.get("rate")),
  });
  const handles = await registry.registerAll([
    { plugin: configured, isolation: "worker", config: { rate: 0.5 } },
    dependent("c", "b"),
  ], { isolation: "process" });
  assertEquals(
    handles.map(({ id, isolation }) => `${id} ${isolation}`),
    ["b worker", "c process"],
  );
  assertEquals(rate, 0.5);
});

Deno.test("registerAll() of nothing does nothing", async () => {
  const { registry, heard } = fixture();
  assertEquals([await registry.registerAll([]), heard], [[], []]);
});

/** A set in which `hooks` counts every hook that runs. */
function counted(hooks: string[], ...plugins: Plugin[]): Plugin[] {
  return plugins.map((item) => ({
    ...item,
    onLoad: () => void hooks.push(item.metadata.id),
  }));
}

Deno.test.each([
  {
    name: "an id that occurs twice",
    plugins: [plugin("a"), plugin("b"), plugin("a")],
    code: "PLUGIN_DUPLICATE",
    words: '"a"',
  },
  {
    name: "an id that is active",
    plugins: [plugin("a"), plugin("base")],
    code: "PLUGIN_ALREADY_REGISTERED",
    words: '"base"',
  },
  {
    name: "a circle",
    plugins: [dependent("c", "b"), dependent("b", "a"), dependent("a", "c")],
    code: "DEPENDENCY_CYCLE",
    words: '"a" -> "c" -> "b" -> "a"',
  },
  {
    name: "a range that is not met within the set",
    plugins: [
      plugin("acme.net", {
        metadata: { dependencies: { "acme.activations": "^2.0.0" } },
      }),
      plugin("acme.activations"),
    ],
    code: "DEPENDENCY_VERSION",
    words:
      'Cannot load plugin "acme.net": it depends on "acme.activations" ^2.0.0, found 1.0.0',
  },
  {
    name: "what is missing, for each plugin",
    plugins: [
      dependent("second", "acme.y"),
      plugin("third"),
      dependent("first", "acme.x"),
    ],
    code: "DEPENDENCY_MISSING",
    words:
      'Cannot load plugin "first": it depends on "acme.x" *, found no such plugin; plugin "second" depends on "acme.y" *, found no such plugin',
  },
  {
    name: "an engine that does not fit",
    plugins: [
      plugin("a"),
      plugin("b", { metadata: { engines: { spiraltorch: "^9.0.0" } } }),
    ],
    code: "ENGINE_INCOMPATIBLE",
    words: "^9.0.0, found 0.1.0",
  },
  {
    name: "metadata that breaks rules in two plugins",
    plugins: [
      plugin("a", { metadata: { version: "1" } }),
      plugin("b"),
      plugin(" "),
    ],
    code: "PLUGIN_METADATA_INVALID",
    words:
      'plugins[0].version: found "1", wanted a semantic version such as "1.2.0"\nplugins[2].id: found " "',
  },
])("registerAll() refuses $name before any hook runs", async (row) => {
  const { registry } = fixture();
  await registry.register(plugin("base"));
  const hooks: string[] = [];
  const error = await failure(
    registry.registerAll(counted(hooks, ...row.plugins)),
  );
  assertEquals(error.code, row.code);
  assert(error.message.includes(row.words), error.message);
  assertEquals([hooks, registry.listPlugins()], [[], ["base"]]);
  // The refused ids are free.
  assertEquals((await registry.register(plugin("a"))).state, "active");
});

Deno.test("third of four fails, first two unloaded in reverse", async () => {
  const { registry, heard } = fixture();
  const cause = new TypeError("no");
  const calls: string[] = [];
  const logging = (id: string, ...dependencies: string[]): Plugin => ({
    ...dependent(id, ...dependencies),
    onLoad: () => void calls.push(`+${id}`),
    onUnload: () => void calls.push(`-${id}`),
  });
  const error = await failure(registry.registerAll([
    logging("a"),
    logging("b", "a"),
    {
      ...logging("c", "b"),
      onLoad() {
        throw cause;
      },
    },
    logging("d", "c"),
  ]));
  assertEquals([error.code, error.cause], ["PLUGIN_LOAD_FAILED", cause]);
  assertEquals(calls, ["+a", "+b", "-b", "-a"]);
  assertEquals(heard, [
    "PluginLoaded a",
    "PluginLoaded b",
    "PluginError c onLoad PLUGIN_LOAD_FAILED",
    "PluginUnloaded b",
    "PluginUnloaded a",
  ]);
  assertEquals(registry.listPlugins(), []);
  const handles = await registry.registerAll(
    ["a", "b", "c", "d"].map((id) => plugin(id)),
  );
  assertEquals(handles.length, 4);
});

Deno.test("registerAll() lets nobody depend on its plugins before all are there", async () => {
  const { registry } = fixture();
  const { promise, resolve } = Promise.withResolvers<void>();
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const set = registry.registerAll([
    plugin("a"),
    {
      ...dependent("b", "a"),
      onLoad() {
        start();
        return promise;
      },
    },
    dependent("c", "b"),
  ]);
  await started;
  assert(registry.has("a"));
  const outside = await failure(registry.register(dependent("x", "a")));
  assertEquals(outside.code, "DEPENDENCY_NOT_READY");
  // All its ids are taken from the start, and what they need stays.
  assertEquals(
    (await failure(registry.register(plugin("c")))).code,
    "PLUGIN_IN_TRANSITION",
  );
  assertEquals((await failure(registry.unregister("a"))).details, {
    id: "a",
    dependents: ["b", "c"],
  });
  const cascade = await failure(registry.unregister("a", { cascade: true }));
  assertEquals([cascade.code, cascade.details.id], [
    "PLUGIN_IN_TRANSITION",
    "b",
  ]);
  resolve();
  await set;
  assertEquals((await registry.register(dependent("x", "a"))).state, "active");
});

Deno.test("registerAll() leaves alone a member that somebody else has unloaded", async () => {
  const { registry, heard } = fixture();
  const { promise, reject } = Promise.withResolvers<void>();
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const set = failure(registry.registerAll([
    plugin("a"),
    plugin("b", {
      onLoad() {
        start();
        return promise;
      },
    }),
  ]));
  await started;
  await registry.unregister("a");
  await registry.register(plugin("a")); // another one by that name
  reject(new TypeError("no"));
  assert(await set instanceof PluginError);
  assertEquals(registry.listPlugins(), ["a"]);
  assertEquals(heard.filter((line) => line === "PluginUnloaded a").length, 1);
});
