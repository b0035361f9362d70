import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";

/** The chain ends, whichever of the processes it leads through. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, events, plugins } = ecosystem;
  await loader.load([moduleOf("ping.js"), moduleOf("pong.js")]);
  const { promise, resolve } = Promise.withResolvers<string>();
  events.subscribe("PluginError", (event) => {
    if (event.kind === "PluginError") resolve(event.code);
  });
  events.publish({ kind: "Custom", eventType: "ping", data: null });
  assertEquals(await promise, "EVENT_LOOP");
  assertEquals(plugins.listPlugins(), ["ping", "pong"]);
};
