import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";

/** How many events may lead from one to the other through listeners that answer later. */
const LINKS_MAX = 256;
/** Those that were on their way when the chain was cut. */
const LATE_MAX = 8;

/** The chain ends, whichever of the processes it leads through. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, events, plugins } = ecosystem;
  await loader.load([moduleOf("ping.js"), moduleOf("pong.js")]);
  const { promise, resolve } = Promise.withResolvers<string>();
  events.subscribe("PluginError", (event) => {
    if (event.kind === "PluginError") resolve(event.code);
  });
  let heard = 0;
  for (const type of ["ping", "pong"]) {
    events.subscribe(type, () => void heard++);
  }
  events.publish({ kind: "Custom", eventType: "ping", data: null });
  assertEquals(await promise, "EVENT_LOOP");
  // The depth goes with the events, from process to process.
  assert(heard <= LINKS_MAX + LATE_MAX, `${heard} events were heard`);
  assertEquals(plugins.listPlugins(), ["ping", "pong"]);
};
