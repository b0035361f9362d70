import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { PluginRegistry } from "../plugin/registry.ts";
import { StaticPluginLoader } from "./static_loader.ts";

function createRegistry(): PluginRegistry {
  return new PluginRegistry({
    events: new PluginEventBus(),
    engineVersion: "0.1.0",
  });
}

function plugin(id: string, members: Partial<Plugin> = {}): Plugin {
  return { metadata: { id, version: "1.0.0" }, ...members };
}

Deno.test("StaticPluginLoader loads what its factory makes, once a load", async () => {
  await using registry = createRegistry();
  let calls = 0;
  const loader = new StaticPluginLoader(() => {
    calls++;
    return [plugin("b"), plugin("a")];
  });
  assertEquals(calls, 0);
  assertEquals(await loader.loadInto(registry), 2);
  assertEquals(registry.listPlugins(), ["a", "b"]);
  assertEquals(calls, 1);
  assertEquals(loader.discover().map(({ metadata: { id } }) => id), ["b", "a"]);
});

Deno.test("StaticPluginLoader loads all or nothing", async () => {
  await using registry = createRegistry();
  const loader = new StaticPluginLoader(() => [
    plugin("a"),
    plugin("b", { onLoad: () => Promise.reject(new TypeError("No")) }),
  ]);
  await assertRejects(() => loader.loadInto(registry), PluginError);
  assertEquals(registry.listPlugins(), []);
});
