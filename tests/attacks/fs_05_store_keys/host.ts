import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";

/** What a plugin sets is its own, however it is called. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  const seen: unknown[] = [];
  let read: () => void = () => {};
  await plugins.register({
    metadata: { id: "victim", version: "1.0.0" },
    onLoad({ config }) {
      config.set("kept", "victim");
      config.shared.set("victim.kept", "victim");
      read = () => void seen.push(config.list(), config.shared.list());
    },
  });
  await loader.load(moduleOf(), { config: { attack: { kind: "others" } } });
  assertEquals(plugins.has("attack"), true);
  read();
  assertEquals(seen, [[["kept", "victim"]], [["victim.kept", "victim"]]]);
};
