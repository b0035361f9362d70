import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";

/** Nothing of one start is there in the next one. */
export const act: HostAct = async ({ ecosystem, log, moduleOf }) => {
  for (let start = 0; start < 2; start++) {
    await ecosystem.loader.load(moduleOf("twice.js"));
    await ecosystem.plugins.unregister("attack");
  }
  const said = log.filter(({ source }) => source === "attack");
  assertEquals(said.map(({ message }) => message), [
    "found: null null null",
    "found: null null null",
  ]);
};
