import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

/** Who depends on it goes with it, and before it. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, events, plugins } = ecosystem;
  const gone: string[] = [];
  const end = Promise.withResolvers<void>();
  events.subscribe("PluginUnloaded", (event) => {
    if (event.kind !== "PluginUnloaded") return;
    gone.push(event.pluginId);
    if (event.pluginId === "attack") end.resolve();
  });
  await loader.load([moduleOf(), moduleOf("dependent.js")]);
  const { run } = await serviceOf<{ run(signal: string): Promise<void> }>(
    ecosystem,
    "attack",
  );
  await run("SIGKILL").catch(() => {});
  await end.promise;
  assertEquals(gone.filter((id) => !id.endsWith("-user")), [
    "dependent",
    "attack",
  ]);
  assertEquals([plugins.has("attack"), plugins.has("dependent")], [
    false,
    false,
  ]);
};
