import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { CandidateMetadata } from "../resolve/plugin_source.ts";
import { PluginRegistry } from "./registry.ts";

const PLUGINS: Record<string, Record<string, CandidateMetadata>> = {
  net: {
    "1.0.0": { dependencies: { core: "^1.0.0" } },
    "2.0.0": { engines: { spiraltorch: "^2.0.0" } },
  },
  core: { "1.0.0": {}, "1.1.0": {} },
};

const SOURCE = {
  versions: (id: string) => Object.keys(PLUGINS[id] ?? {}),
  metadata: (id: string, version: string) => PLUGINS[id]![version]!,
};

Deno.test("resolve() picks for the registry's library version, and loads nothing", async () => {
  const events = new PluginEventBus();
  const seen: string[] = [];
  events.subscribe("*", ({ kind }) => void seen.push(kind));
  await using old = new PluginRegistry({ events, engineVersion: "1.0.0" });
  await using next = new PluginRegistry({ events, engineVersion: "2.0.0" });
  const plan = await old.resolve({ net: "*" }, SOURCE);
  assertEquals(plan, {
    order: ["core", "net"],
    versions: new Map([["core", "1.1.0"], ["net", "1.0.0"]]),
    edges: new Map([["core", []], ["net", ["core"]]]),
  });
  assertEquals((await next.resolve({ net: "*" }, SOURCE)).order, ["net"]);
  const locked = { core: "1.0.0" };
  const kept = await old.resolve({ net: "*" }, SOURCE, { locked });
  assertEquals(kept.versions.get("core"), "1.0.0");
  assertEquals([old.listPlugins(), seen], [[], []]);
});

Deno.test("resolve() passes on what the source throws", async () => {
  const events = new PluginEventBus();
  await using registry = new PluginRegistry({ events, engineVersion: "1.0.0" });
  const source = {
    ...SOURCE,
    versions: () => Promise.reject(new PluginError("X", "No line", {})),
  };
  await assertRejects(
    () => registry.resolve({ net: "*" }, source),
    PluginError,
    "No line",
  );
});
