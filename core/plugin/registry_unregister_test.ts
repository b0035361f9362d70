import { assert, assertEquals } from "@std/assert";
import { settle } from "../events/manual_clock_test.ts";
import type { PluginContext } from "./context.ts";
import {
  dependent,
  failure,
  fixture,
  plugin,
} from "./registry_fixture_test.ts";

const HELLO = { kind: "Custom", eventType: "hello", data: 1 } as const;

Deno.test("unregister() calls the hook while all works, then undoes newest first", async () => {
  const { registry, entries, heard } = fixture();
  const log: string[] = [];
  await registry.register(plugin("a", {
    onLoad(context) {
      context.signal.addEventListener("abort", () => void log.push("abort"));
      context.onDispose(() => void log.push("first"));
      context.services.provide("store", { n: 7 });
      context.operators.register({ name: "swish" });
      context.use({
        // Both are there: the asynchronous one is meant for those who wait.
        [Symbol.dispose]: () => void log.push("sync"),
        [Symbol.asyncDispose]: async () => {
          await settle();
          log.push("async");
        },
      });
    },
    onUnload(context) {
      assertEquals(context.services.require("store"), { n: 7 });
      assertEquals(entries.size, 1);
      assertEquals(context.signal.aborted, false);
      log.push("hook");
    },
  }));
  assertEquals(await registry.unregister("a"), ["a"]);
  assertEquals(log, ["hook", "abort", "async", "first"]);
  assertEquals([entries.size, registry.has("a")], [0, false]);
  assertEquals(
    heard,
    ["PluginLoaded a", "operatorRegistered swish"].toReversed().concat(
      "PluginUnloaded a",
    ),
  );
});

Deno.test("unregister refused, then cascaded: refused while others depend on it, and nothing changes", async () => {
  const { registry, heard } = fixture();
  await registry.registerAll([
    plugin("a"),
    dependent("b", "a"),
    dependent("c", "b"),
  ]);
  const error = await failure(registry.unregister("a"));
  assertEquals(error.code, "PLUGIN_HAS_DEPENDENTS");
  assertEquals(error.details, { id: "a", dependents: ["b", "c"] });
  assertEquals(
    error.message,
    'Cannot unload plugin "a": "b", "c" depend on it, wanted none or cascade',
  );
  assertEquals([registry.listPlugins(), heard.length], [["a", "b", "c"], 3]);
});

Deno.test("unregister refused, then cascaded: dependents go first", async () => {
  const { registry, heard } = fixture();
  await registry.registerAll([
    plugin("a"),
    dependent("b", "a"),
    dependent("c", "b"),
    plugin("d"),
  ]);
  assertEquals(await registry.unregister("a", { cascade: true }), [
    "c",
    "b",
    "a",
  ]);
  assertEquals(heard.slice(4), [
    "PluginUnloaded c",
    "PluginUnloaded b",
    "PluginUnloaded a",
  ]);
  assertEquals(registry.listPlugins(), ["d"]);
});

Deno.test("unregister() takes one step at a time for each id", async () => {
  const { registry } = fixture();
  const { promise, resolve } = Promise.withResolvers<void>();
  await registry.register(plugin("a", { onUnload: () => promise }));
  const going = registry.unregister("a");
  const second = await failure(registry.unregister("a"));
  assertEquals(second.message, 'Cannot unload plugin "a": it is unloading');
  assertEquals(
    (await failure(registry.register(plugin("a")))).code,
    "PLUGIN_IN_TRANSITION",
  );
  assertEquals(
    (await failure(registry.register(dependent("b", "a")))).code,
    "DEPENDENCY_NOT_READY",
  );
  resolve();
  await going;
});

Deno.test("unregister() counts plugins that are being loaded as dependents", async () => {
  const { registry } = fixture();
  const { promise, resolve } = Promise.withResolvers<void>();
  await registry.register(plugin("a"));
  const loading = registry.register({
    ...dependent("b", "a"),
    onLoad: () => promise,
  });
  assertEquals(
    (await failure(registry.unregister("a"))).code,
    "PLUGIN_HAS_DEPENDENTS",
  );
  const cascade = await failure(registry.unregister("a", { cascade: true }));
  assertEquals([cascade.code, cascade.details.id], [
    "PLUGIN_IN_TRANSITION",
    "b",
  ]);
  resolve();
  await loading;
  assertEquals(await registry.unregister("a", { cascade: true }), ["b", "a"]);
});

Deno.test("unregister() suggests ids that look like an unknown one", async () => {
  const { registry } = fixture();
  await registry.register(plugin("acme.swish"));
  const error = await failure(registry.unregister("acme.swich"));
  assertEquals(error.code, "PLUGIN_NOT_FOUND");
  assertEquals(error.details.suggestions, ["acme.swish"]);
});

Deno.test("unload hook throws, hangs: one that throws keeps no plugin, and the cascade goes on", async () => {
  const { registry, heard, entries } = fixture();
  const cause = new TypeError("stuck");
  await registry.registerAll([
    plugin("a", {
      onLoad: (context) => void context.operators.register({ name: "x" }),
    }),
    {
      ...dependent("b", "a"),
      onLoad(context: PluginContext) {
        context.onDispose(() => Promise.reject(new Error("leak")));
      },
      onUnload() {
        throw cause;
      },
    },
  ]);
  const error = await failure(registry.unregister("a", { cascade: true }));
  assertEquals([error.code, error.cause], ["PLUGIN_UNLOAD_FAILED", cause]);
  assertEquals(error.details, {
    unloaded: ["b", "a"],
    failures: [
      {
        id: "b",
        phase: "onUnload",
        code: "PLUGIN_HOOK_FAILED",
        message: "stuck",
      },
      {
        id: "b",
        phase: "dispose",
        code: "PLUGIN_HOOK_FAILED",
        message: "leak",
      },
    ],
  });
  assertEquals(heard.slice(-2), ["PluginUnloaded b stuck", "PluginUnloaded a"]);
  assertEquals([registry.listPlugins(), entries.size], [[], 0]);
});

Deno.test("unload hook throws, hangs: one that hangs keeps no plugin", async () => {
  const { registry, clock, heard } = fixture();
  const hanging = plugin("a", { onUnload: () => new Promise(() => {}) });
  await registry.register(hanging, { timeoutMs: 100 });
  const unload = failure(registry.unregister("a"));
  await clock.advance(100);
  const error = await unload;
  assertEquals(error.details.failures, [{
    id: "a",
    phase: "onUnload",
    code: "PLUGIN_HOOK_TIMEOUT",
    message:
      'Cannot wait for onUnload of plugin "a": it takes longer than 100 ms',
  }]);
  assertEquals([registry.has("a"), heard.length], [false, 2]);
});

Deno.test("unregister() waits for the plugin's listeners before it undoes anything", async () => {
  const { registry, events } = fixture();
  const listened = Promise.withResolvers<void>();
  const hooked = Promise.withResolvers<void>();
  const log: string[] = [];
  await registry.register(plugin("a", {
    onLoad(context) {
      context.onDispose(() => void log.push("undone"));
      context.subscribe("hello", async () => {
        await listened.promise;
        context.config.set("still", "works");
        log.push("listened");
      });
    },
    eventTypes: ["hello"],
    async onEvent() {
      await hooked.promise;
      log.push("hooked");
    },
  }));
  events.publish(HELLO);
  const going = registry.unregister("a");
  hooked.resolve();
  await settle();
  assertEquals(log, ["hooked"]);
  listened.resolve();
  await going;
  assertEquals(log, ["hooked", "listened", "undone"]);
});

Deno.test("unregister() cuts off a listener that waits for its own end", async () => {
  const { registry, events, clock, heard } = fixture();
  let outcome: unknown;
  await registry.register(
    plugin("a", {
      eventTypes: ["hello"],
      async onEvent() {
        outcome = await failure(registry.unregister("a"));
      },
    }),
    { timeoutMs: 100 },
  );
  events.publish(HELLO);
  await settle(); // past the hook, which is not there
  await clock.advance(100);
  assertEquals(heard.at(-1)?.startsWith("PluginUnloaded a Cannot wait"), true);
  assert(outcome instanceof Error);
  assertEquals(
    Reflect.get(outcome, "details").failures[0].code,
    "LISTENER_TIMEOUT",
  );
});
