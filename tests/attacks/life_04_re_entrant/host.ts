import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

/** What cannot be done now is refused at once, and the load goes on. */
export const act: HostAct = async ({ ecosystem, log, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  const attack = { metadata: { id: "attack", version: "1.0.0" } };
  await plugins.register({
    metadata: { id: "meddler", version: "1.0.0" },
    onLoad: ({ services }) =>
      void services.provide("meddle", {
        unload: () => codesOf(() => plugins.unregister("attack")),
        register: () => codesOf(() => plugins.register(attack)),
        reload: () => codesOf(() => plugins.reload("attack", attack)),
      }),
  });
  await loader.load(moduleOf());
  const [line] = log.filter(({ source }) => source === "attack");
  assertEquals(
    JSON.parse(line!.message),
    Array(3).fill("PLUGIN_IN_TRANSITION"),
  );
  assertEquals(plugins.has("attack"), true);
};
