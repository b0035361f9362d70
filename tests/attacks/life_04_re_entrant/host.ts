import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

/** What cannot be done now is refused at once, and the load and the unload go on. */
export const act: HostAct = async ({ ecosystem, log, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  const attack = { metadata: { id: "attack", version: "1.0.0" } };
  const ways = [
    () => plugins.unregister("attack"),
    () => plugins.register(attack),
    () => plugins.reload("attack", attack),
    () => loader.load(moduleOf()),
    () => loader.unload(moduleOf()),
    () => loader.reload(moduleOf()),
  ];
  await plugins.register({
    metadata: { id: "meddler", version: "1.0.0" },
    onLoad: ({ services }) =>
      void services.provide("meddle", (way: number) => codesOf(ways[way]!)),
  });
  await loader.load(moduleOf());
  assertEquals(plugins.has("attack"), true);
  await loader.unload(moduleOf());
  assertEquals(plugins.has("attack"), false);
  const told = log.filter(({ source }) => source === "attack");
  const refused = Array(ways.length).fill("PLUGIN_IN_TRANSITION");
  assertEquals(
    told.map(({ message }) => JSON.parse(message)),
    [["onLoad", ...refused], ["onUnload", ...refused]],
  );
};
