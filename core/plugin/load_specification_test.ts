// The behavior that the registry promises when it loads, one test a promise.

import { assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../errors.ts";
import { settle } from "../events/manual_clock_test.ts";
import type { PluginContext } from "./context.ts";
import {
  dependent,
  failure,
  fixture,
  plugin,
} from "./registry_fixture_test.ts";
import { fail } from "./reload_fixture_test.ts";

Deno.test("Load then get, list, find", async () => {
  const { registry } = fixture();
  const capabilities = ["Custom(b)"];
  await registry.register(plugin("b", { metadata: { capabilities } }));
  await registry.register(plugin("a"));
  assertEquals(registry.get("a")?.id, "a");
  assertEquals(registry.get("c"), undefined);
  assertEquals(registry.listPlugins(), ["a", "b"]);
  const found = registry.findByCapability("Custom(b)");
  assertEquals(found.map(({ id }) => id), ["b"]);
  assertEquals(registry.findByCapability("Custom(B)"), []);
});

Deno.test("same id twice in one tick", async () => {
  const { registry } = fixture();
  const first = registry.register(plugin("a"));
  const second = await failure(registry.register(plugin("a")));
  assertEquals([second.code, second.details.state], [
    "PLUGIN_IN_TRANSITION",
    "loading",
  ]);
  assertEquals((await first).state, "active");
  const third = await failure(registry.register(plugin("a")));
  assertEquals(third.code, "PLUGIN_ALREADY_REGISTERED");
});

Deno.test("ids a and b concurrently", async () => {
  const { registry } = fixture();
  const gate = Promise.withResolvers<void>();
  const a = registry.register(plugin("a", { onLoad: () => gate.promise }));
  await registry.register(plugin("b"));
  assertEquals(registry.listPlugins(), ["b"]);
  gate.resolve();
  await a;
  assertEquals(registry.listPlugins(), ["a", "b"]);
});

Deno.test("failing onLoad after adding a listener, config key, service, operator, module: all gone, reverse order, retry works", async () => {
  const made = fixture();
  const { registry, events, entries, heard } = made;
  const log: string[] = [];
  let isBroken = true;
  let context: PluginContext | undefined;
  const risky = plugin("a", {
    onLoad(given) {
      context = given;
      const note = (name: string) => given.onDispose(() => void log.push(name));
      given.subscribe("hello", () => {});
      note("listener");
      given.config.set("key", 1);
      note("config");
      given.services.provide("s", {});
      note("service");
      given.operators.register({ name: "o" });
      note("operator");
      given.modules.register({ name: "m" });
      note("module");
      if (isBroken) fail();
    },
  });
  const error = await failure(registry.register(risky));
  assertEquals([error.code, error.details.phase], [
    "PLUGIN_LOAD_FAILED",
    "onLoad",
  ]);
  assertEquals(log, ["module", "operator", "service", "config", "listener"]);
  assertEquals([...entries], []);
  assertEquals(events.hasListeners("hello"), true, "the fixture's own");
  const hello = { kind: "Custom", eventType: "hello", data: 0 } as const;
  assertEquals(events.publishReport(hello).matched, 1);
  assertThrows(() => context!.config.list(), PluginError);
  assertEquals(registry.explain("a").registered, false);
  assertEquals(heard.filter((line) => line.startsWith("Plugin")), [
    "PluginError a onLoad PLUGIN_LOAD_FAILED",
  ]);
  isBroken = false;
  assertEquals((await registry.register(risky)).state, "active");
  assertEquals(context!.services.list(), ["a/s", "core/math"]);
  assertEquals(context!.config.list(), [["key", 1]]);
});

Deno.test("failing disposer during rollback", async () => {
  const { registry } = fixture();
  const log: string[] = [];
  const error = await failure(registry.register(plugin("a", {
    onLoad(context) {
      context.onDispose(() => void log.push("first"));
      context.onDispose(fail);
      context.onDispose(() => void log.push("last"));
      fail();
    },
  })));
  assertEquals(log, ["last", "first"]);
  assertEquals(error.details.rollbackErrors, [{
    id: "a",
    phase: "dispose",
    code: "PLUGIN_HOOK_FAILED",
    message: "broken",
  }]);
});

Deno.test("hook timeout and late context call", async () => {
  const { registry, clock } = fixture();
  const gate = Promise.withResolvers<void>();
  const late = Promise.withResolvers<unknown>();
  const loading = failure(registry.register(
    plugin("a", {
      async onLoad(context) {
        await gate.promise;
        late.resolve(
          assertThrows(() => context.publish({ kind: "Telemetry", data: {} })),
        );
      },
    }),
    { timeoutMs: 10 },
  ));
  await settle();
  await clock.advance(10);
  const error = await loading;
  const cause = error.cause as PluginError;
  assertEquals([error.code, cause.code], [
    "PLUGIN_LOAD_FAILED",
    "PLUGIN_HOOK_TIMEOUT",
  ]);
  gate.resolve();
  assertEquals((await late.promise as PluginError).code, "CONTEXT_DISPOSED");
});

Deno.test("missing, wrong-version, prerelease, in-transition dependency", async () => {
  const { registry } = fixture();
  const gate = Promise.withResolvers<void>();
  const metadata = (version: string) => ({ metadata: { version } });
  await registry.register(plugin("old", metadata("1.0.0")));
  await registry.register(plugin("early", metadata("2.0.0-beta.1")));
  const slow = registry.register(
    plugin("slow", { onLoad: () => gate.promise }),
  );
  const needing = (id: string, range: string) =>
    failure(registry.register(
      plugin("x", { metadata: { dependencies: { [id]: range } } }),
    ));
  const missing = await needing("ald", "*");
  assertEquals([missing.code, missing.details.suggestions], [
    "DEPENDENCY_MISSING",
    ["old"],
  ]);
  const wrong = await needing("old", "^2.0.0");
  const { dependency, wanted, found } = wrong.details;
  assertEquals([wrong.code, dependency, wanted, found], [
    "DEPENDENCY_VERSION",
    "old",
    "^2.0.0",
    "1.0.0",
  ]);
  assertEquals((await needing("early", "^2.0.0")).code, "DEPENDENCY_VERSION");
  assertEquals((await needing("slow", "*")).code, "DEPENDENCY_NOT_READY");
  gate.resolve();
  await slow;
  await registry.register(
    plugin("x", { metadata: { dependencies: { early: "^2.0.0-beta.0" } } }),
  );
  assertEquals(registry.has("x"), true);
});

Deno.test("registerAll in six permutations gives one order", async () => {
  const set = { a: plugin("a"), b: dependent("b", "a"), c: plugin("c") };
  for (const order of ["abc", "acb", "bac", "bca", "cab", "cba"]) {
    const { registry } = fixture();
    const plugins = [...order].map((id) => set[id as keyof typeof set]);
    const handles = await registry.registerAll(plugins);
    assertEquals(handles.map(({ id }) => id), ["a", "c", "b"]);
    assertEquals((await registry.shutdown()).unloaded, ["b", "c", "a"]);
  }
});

Deno.test("cycle named in the error", async () => {
  const { registry } = fixture();
  const error = await failure(registry.registerAll([
    dependent("c", "a"),
    dependent("a", "b"),
    dependent("b", "c"),
  ]));
  assertEquals([error.code, error.details.cycle], [
    "DEPENDENCY_CYCLE",
    ["a", "b", "c"],
  ]);
});
