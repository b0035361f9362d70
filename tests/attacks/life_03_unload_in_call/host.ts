import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";
import { serviceOf } from "../attack_scene.ts";

/** However often it is unloaded at once, it is disposed once, and every open call of it ends. */
export const act: HostAct = async ({ ecosystem, log, moduleOf }) => {
  const { loader, plugins, events } = ecosystem;
  let unloaded = 0;
  events.subscribe("PluginUnloaded", (event) => {
    if (event.kind === "PluginUnloaded" && event.pluginId === "attack") {
      unloaded++;
    }
  });
  await loader.load(moduleOf("disposes.js"));
  const { run } = await serviceOf<{ run(): Promise<void> }>(
    ecosystem,
    "attack",
  );
  const open = [1, 2].map(() => codesOf(() => run()));
  const cascade = { cascade: true };
  await Promise.allSettled([
    plugins.unregister("attack", cascade),
    plugins.unregister("attack", cascade),
    loader.unload(moduleOf("disposes.js"), cascade),
  ]);
  for (const [code] of await Promise.all(open)) {
    assertEquals(["SERVICE_REVOKED", "SANDBOX_DIED"].includes(code!), true);
  }
  const said = log.filter(({ source }) => source === "attack");
  assertEquals(said.map(({ message }) => message), ["unloaded: 1"]);
  assertEquals(unloaded, 1);
};
