/** What finding a plugin among a thousand costs. An iteration is a hundred look-ups. */
import { PluginEventBus } from "../events/bus.ts";
import { PluginRegistry } from "./registry.ts";

const PLUGINS = 1000;
const LOOKUPS = 100;

const events = new PluginEventBus();
const registry = new PluginRegistry({ events, engineVersion: "0.1.0" });
await registry.registerAll(
  Array.from({ length: PLUGINS }, (_, i) => ({
    metadata: { id: `acme.plugin${i}`, version: "1.0.0" },
    onLoad: (context) => void context.services.provide(`service${i}`, { i }),
  })),
);
const reader = Promise.withResolvers<() => void>();
await registry.register({
  metadata: { id: "acme.reader", version: "1.0.0" },
  onLoad: ({ services }) =>
    reader.resolve(() => {
      for (let i = 0; i < LOOKUPS; i++) services.get("acme.plugin7/service7");
    }),
});
const ids = Array.from({ length: LOOKUPS }, (_, i) => `acme.plugin${i * 7}`);
const readServices = await reader.promise;

Deno.bench(`get() of ${LOOKUPS} of ${PLUGINS} plugins`, () => {
  for (const id of ids) registry.get(id);
});

Deno.bench(`has() of ${LOOKUPS} ids that no plugin has`, () => {
  for (let i = 0; i < LOOKUPS; i++) registry.has("acme.missing");
});

Deno.bench(`services.get() of ${LOOKUPS} full names`, () => readServices());

Deno.bench(`findByCapability() among ${PLUGINS} plugins`, () => {
  registry.findByCapability("Telemetry");
});
