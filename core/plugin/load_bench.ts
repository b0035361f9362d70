// How long it takes to load 1,000 inline plugins in a chain and to unload them. Goals: 300 ms for
// the set, 250 ms one by one, the same for unloading by cascade.

import { PluginEventBus } from "../events/bus.ts";
import type { Plugin } from "./plugin.ts";
import { PluginRegistry } from "./registry.ts";

const COUNT = 1000;

function nameOf(index: number): string {
  return `acme.p${String(index).padStart(4, "0")}`;
}

/** A plugin that needs the one before, and owns one thing of each kind. */
function link(index: number): Plugin {
  return {
    metadata: {
      id: nameOf(index),
      version: "1.0.0",
      dependencies: index === 0 ? {} : { [nameOf(index - 1)]: "^1.0.0" },
      capabilities: ["Operators"],
    },
    onLoad(context) {
      context.config.set("index", index);
      context.services.provide("link", { index });
      context.subscribe("acme.step", () => {});
    },
  };
}

const CHAIN = Array.from({ length: COUNT }, (_, index) => link(index));

function makeRegistry(): PluginRegistry {
  const events = new PluginEventBus();
  return new PluginRegistry({ events, engineVersion: "0.1.0" });
}

Deno.bench("loading 1,000 inline plugins: registerAll()", {
  group: "load",
  baseline: true,
}, async (bench) => {
  const registry = makeRegistry();
  bench.start();
  await registry.registerAll(CHAIN);
  bench.end();
  await registry.shutdown();
});

Deno.bench("loading 1,000 inline plugins: register() one by one", {
  group: "load",
}, async (bench) => {
  const registry = makeRegistry();
  bench.start();
  for (const plugin of CHAIN) await registry.register(plugin);
  bench.end();
  await registry.shutdown();
});

Deno.bench("unloading 1,000 inline plugins: unregister() by cascade", {
  group: "unload",
}, async (bench) => {
  const registry = makeRegistry();
  await registry.registerAll(CHAIN);
  bench.start();
  await registry.unregister(nameOf(0), { cascade: true });
  bench.end();
});

Deno.bench("replacing 1,000 inline plugins: reloadAll()", {
  group: "reload",
}, async (bench) => {
  const registry = makeRegistry();
  await registry.registerAll(CHAIN);
  bench.start();
  await registry.reloadAll(CHAIN.map((plugin) => ({ plugin })));
  bench.end();
  await registry.shutdown();
});
