import { assertEquals } from "@std/assert";
import type { EventInput } from "../events/event.ts";
import { settle } from "../events/manual_clock_test.ts";
import type { Plugin } from "./plugin.ts";
import {
  dependent,
  failure,
  fixture,
  plugin,
} from "./registry_fixture_test.ts";

const HELLO: EventInput = { kind: "Custom", eventType: "hello", data: 1 };

/** A plugin that notes in `seen` the events its `onEvent` is told. */
function curious(
  id: string,
  seen: string[],
  more: Partial<Plugin> = {},
): Plugin {
  return {
    ...plugin(id),
    onEvent: (event, context) =>
      void seen.push(`${context.pluginId}:${event.kind}`),
    ...more,
  };
}

Deno.test("onEvent hears everything, its own PluginLoaded too, but not its own end", async () => {
  const { registry, events } = fixture();
  const seen: string[] = [];
  await registry.register(curious("a", seen));
  events.publish({ ...HELLO });
  await registry.unregister("a");
  events.publish({ ...HELLO });
  assertEquals(seen, ["a:PluginLoaded", "a:Custom"]);
});

Deno.test("onEvent hears the types that the plugin wants, each once", async () => {
  const { registry, events } = fixture();
  const seen: string[] = [];
  await registry.register(
    curious("a", seen, { eventTypes: ["hello", "EpochStart", "hello"] }),
  );
  await registry.register(curious("b", seen, { eventTypes: ["hello", "*"] }));
  await registry.register(curious("c", seen, { eventTypes: [] }));
  seen.length = 0;
  events.publish({ ...HELLO });
  events.publish({ kind: "EpochEnd", epoch: 1, loss: 0.5 });
  assertEquals(seen, ["a:Custom", "b:Custom", "b:EpochEnd"]);
});

Deno.test("onEvent is called on its plugin", async () => {
  const { registry, events } = fixture();
  class Counter implements Plugin {
    readonly metadata = { id: "a", version: "1.0.0" };
    readonly eventTypes = ["hello"];
    count = 0;
    onEvent() {
      this.count++;
    }
  }
  const counter = new Counter();
  await registry.register(counter);
  events.publish(HELLO);
  assertEquals(counter.count, 1);
});

Deno.test("a failing onEvent is reported under the plugin's id and undoes nothing", async () => {
  const { registry, heard } = fixture();
  await registry.register(plugin("a", {
    onEvent: () => Promise.reject(new TypeError("no")),
    eventTypes: ["PluginLoaded"],
  }));
  await registry.register(plugin("b"));
  await settle();
  assertEquals(heard.filter((line) => line.startsWith("PluginError")), [
    "PluginError a listener LISTENER_FAILED", // its own PluginLoaded
    "PluginError a listener LISTENER_FAILED",
  ]);
  assertEquals(registry.listPlugins(), ["a", "b"]);
});

Deno.test("initializeAll() tells each plugin once, however often it is called", async () => {
  const { registry, heard, events } = fixture();
  const seen: string[] = [];
  const again = events.subscribe(
    "SystemInit",
    () => void registry.initializeAll(),
  );
  await registry.register(
    curious("early", seen, { eventTypes: ["SystemInit"] }),
  );
  const first = registry.initializeAll();
  assertEquals(await registry.initializeAll(), await first);
  assertEquals((await first).matched, 3);
  again.dispose();
  const handle = await registry.register(
    curious("late", seen, { eventTypes: ["SystemInit", "PluginLoaded"] }),
  );
  await registry.register(curious("other", seen, { eventTypes: ["hello"] }));
  assertEquals(handle.state, "active");
  assertEquals(seen, [
    "early:SystemInit",
    "late:PluginLoaded",
    "late:SystemInit",
    "late:PluginLoaded",
  ]);
  assertEquals(heard.filter((line) => line === "SystemInit").length, 1);
});

Deno.test("initializeAll() tells a plugin once that becomes active meanwhile", async () => {
  const { registry, events } = fixture();
  const seen: string[] = [];
  using _listener = events.subscribe(
    "PluginLoaded",
    () => void registry.initializeAll(),
  );
  const eventTypes = ["SystemInit"];
  await registry.register(curious("a", seen, { eventTypes }));
  assertEquals(seen, ["a:SystemInit"]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const loading = registry.register(
    curious("b", seen, { eventTypes, onLoad: () => promise }),
  );
  await registry.initializeAll();
  resolve();
  await loading;
  assertEquals(seen, ["a:SystemInit", "b:SystemInit"]);
});

Deno.test("shutdown() tells everyone, unloads dependents first, and goes on past failures", async () => {
  const { registry, heard } = fixture();
  const broken = (item: Plugin): Plugin => ({
    ...item,
    onUnload() {
      throw new TypeError(`no ${item.metadata.id}`);
    },
  });
  await registry.registerAll([
    broken(plugin("a")),
    dependent("b", "a"),
    broken(dependent("c", "b")),
  ]);
  heard.length = 0;
  const report = await registry.shutdown();
  assertEquals(report.unloaded, ["c", "b", "a"]);
  assertEquals(report.failures.map(({ id, message }) => [id, message]), [
    ["c", "no c"],
    ["a", "no a"],
  ]);
  assertEquals(heard, [
    "SystemShutdown",
    "PluginUnloaded c no c",
    "PluginUnloaded b",
    "PluginUnloaded a no a",
  ]);
  assertEquals(await registry.shutdown(), report);
  assertEquals(heard.length, 4);
});

Deno.test("shutdown() refuses new work at once and waits for what is under way", async () => {
  const { registry, events, heard } = fixture();
  const [load, unload] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  await registry.register(plugin("going", { onUnload: () => unload.promise }));
  const going = registry.unregister("going");
  const coming = registry.register(
    plugin("coming", { onLoad: () => load.promise }),
  );
  using _again = events.subscribe(
    "SystemShutdown",
    () => void registry.shutdown(),
  );
  const down = registry.shutdown();
  for (
    const refused of [
      registry.register(plugin("x")),
      registry.registerAll([]),
      registry.initializeAll(),
    ]
  ) {
    assertEquals((await failure(refused)).code, "REGISTRY_CLOSED");
  }
  load.resolve();
  assertEquals((await coming).state, "active");
  unload.resolve();
  assertEquals(await going, ["going"]);
  assertEquals((await down).unloaded, ["coming"]);
  assertEquals(heard, [
    "PluginLoaded going",
    "SystemShutdown",
    "PluginLoaded coming",
    "PluginUnloaded going",
    "PluginUnloaded coming",
  ]);
});

Deno.test("shutdown() does not wait for ever for those who listen to it", async () => {
  const { registry, events, clock } = fixture();
  await registry.register(plugin("a"));
  events.subscribe("SystemShutdown", () => new Promise(() => {}));
  const down = registry.shutdown();
  await clock.advance(30_000);
  assertEquals((await down).unloaded, ["a"]);
});

Deno.test("shutdown() works from within a loop of events", async () => {
  const { registry, events, log } = fixture();
  await registry.register(plugin("a"));
  let down: Promise<unknown> | undefined;
  let depth = 0;
  events.subscribe("hello", () => {
    if (++depth < 64) events.publish({ ...HELLO });
    else down = registry.shutdown();
  });
  events.publish({ ...HELLO });
  assertEquals(await down, { unloaded: ["a"], failures: [] });
  assertEquals(log.map(({ message }) => message), [
    "Event SystemShutdown was not published",
  ]);
});

Deno.test("leaving the block of a registry shuts it down", async () => {
  const { registry, heard } = fixture();
  {
    await using owned = registry;
    await owned.register(plugin("a"));
  }
  assertEquals(heard.slice(1), ["SystemShutdown", "PluginUnloaded a"]);
});

Deno.test("dependency views show active plugins only, and what they would need", async () => {
  const { registry } = fixture();
  const { promise, resolve } = Promise.withResolvers<void>();
  await registry.registerAll([
    {
      ...dependent("c", "b", "a"),
      onLoad: (context) => void context.services.provide("s", {}),
    },
    dependent("b", "a"),
    plugin("a"),
  ]);
  const loading = registry.register({
    ...dependent("d", "c"),
    onLoad: () => promise,
  });
  assertEquals(
    registry.dependencyGraph(),
    new Map([["a", []], ["b", ["a"]], ["c", ["a", "b"]]]),
  );
  assertEquals(registry.validateDependencyGraph().ok, true);
  assertEquals(registry.explain("c").contributions, ["service c/s"]);
  assertEquals(registry.explain("a").transitiveDependents, ["b", "c"]);
  assertEquals(registry.explain("d"), {
    pluginId: "d",
    registered: false,
    dependencies: [],
    missing: [],
    directDependents: [],
    transitiveDependents: [],
    contributions: [],
  });
  resolve();
  await loading;
});
