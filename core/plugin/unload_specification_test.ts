// The behavior that the registry promises from unload to shutdown, one test a promise.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { Plugin } from "./plugin.ts";
import {
  dependent,
  failure,
  fixture,
  plugin,
} from "./registry_fixture_test.ts";
import { fail } from "./reload_fixture_test.ts";

Deno.test("PluginUnloaded carries the error", async () => {
  const { registry, heard } = fixture();
  await registry.register(plugin("a", { onUnload: fail }));
  await failure(registry.unregister("a"));
  assertEquals(heard.at(-1), "PluginUnloaded a broken");
});

Deno.test("service call during own onUnload works", async () => {
  const { registry } = fixture();
  const got: unknown[] = [];
  await registry.registerAll([
    plugin("a", { onLoad: ({ services }) => void services.provide("s", [7]) }),
    {
      ...dependent("b", "a"),
      onLoad: ({ services }) => void services.provide("own", [8]),
      onUnload: ({ services }) =>
        void got.push(services.require("s"), services.require("own")),
    },
  ]);
  await registry.unregister("a", { cascade: true });
  assertEquals(got, [[7], [8]]);
});

Deno.test("shutdown with two failing plugins unloads all", async () => {
  const { registry } = fixture();
  await registry.registerAll([
    plugin("a", { onUnload: fail }),
    { ...dependent("b", "a"), onUnload: fail },
    dependent("c", "b"),
  ]);
  const { unloaded, failures } = await registry.shutdown();
  assertEquals(unloaded, ["c", "b", "a"]);
  assertEquals(failures.map(({ id }) => id), ["b", "a"]);
  const late = await failure(registry.register(plugin("d")));
  assertEquals(late.code, "REGISTRY_CLOSED");
});

Deno.test("onEvent is called, filtered by eventTypes, sees own PluginLoaded, no own PluginUnloaded", async () => {
  const { registry, events } = fixture();
  const all: string[] = [];
  const some: string[] = [];
  await registry.register(
    plugin("a", { onEvent: ({ kind }) => void all.push(kind) }),
  );
  await registry.register(plugin("b", {
    eventTypes: ["EpochStart", "PluginLoaded"],
    onEvent: ({ kind }) => void some.push(kind),
  }));
  events.publish({ kind: "EpochStart", epoch: 1 });
  events.publish({ kind: "EpochEnd", epoch: 1, loss: 0 });
  await registry.unregister("b");
  await registry.unregister("a");
  assertEquals(all, [
    "PluginLoaded",
    "PluginLoaded",
    "EpochStart",
    "EpochEnd",
    "PluginUnloaded",
  ]);
  assertEquals(some, ["PluginLoaded", "EpochStart"]);
});

Deno.test("late plugin gets SystemInit once", async () => {
  const { registry } = fixture();
  const seen: string[] = [];
  const hears = (id: string): Plugin =>
    plugin(id, {
      onEvent: (event) => {
        if (event.kind === "SystemInit") seen.push(id);
        if (event.kind === "PluginLoaded" && event.pluginId === id) {
          seen.push(`${id} is loaded`);
        }
      },
    });
  await registry.register(hears("a"));
  const first = registry.initializeAll();
  assertEquals(registry.initializeAll(), first);
  await first;
  await registry.register(hears("b"));
  assertEquals(seen, ["a is loaded", "a", "b is loaded", "b"]);
});

Deno.test("hook that calls register, unregister and publish on the same registry", async () => {
  const { registry, events, heard } = fixture();
  await registry.register(plugin("old"));
  await registry.register(plugin("a", {
    async onLoad() {
      await registry.register(plugin("inner"));
      await registry.unregister("old");
      events.publish({ kind: "EpochStart", epoch: 1 });
      const self = await assertRejects(
        () => registry.unregister("a"),
        PluginError,
      );
      assertEquals(self.code, "PLUGIN_IN_TRANSITION");
    },
  }));
  assertEquals(registry.listPlugins(), ["a", "inner"]);
  assertEquals(heard, [
    "PluginLoaded old",
    "PluginLoaded inner",
    "PluginUnloaded old",
    "EpochStart",
    "PluginLoaded a",
  ]);
});

Deno.test("dot and explain snapshots: explain", async () => {
  const { registry } = fixture();
  await registry.registerAll([
    plugin("a"),
    {
      ...dependent("b", "a"),
      onLoad: ({ operators }) => void operators.register({ name: "o" }),
    },
    dependent("c", "b"),
    dependent("d", "c"),
  ]);
  const { metadata } = registry.get("b")!;
  assertEquals(registry.explain("b"), {
    pluginId: "b",
    registered: true,
    source: "host",
    isolation: "inline",
    metadata,
    dependencies: [{ id: "a", range: "*", found: "1.0.0" }],
    missing: [],
    directDependents: ["c"],
    transitiveDependents: ["c", "d"],
    contributions: ["operator o"],
  });
  assertEquals(registry.explain("x"), {
    pluginId: "x",
    registered: false,
    dependencies: [],
    missing: [],
    directDependents: [],
    transitiveDependents: [],
    contributions: [],
  });
  assert(Object.isFrozen(metadata));
});
