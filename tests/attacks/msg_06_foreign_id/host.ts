import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

/** What one plugin answers to all ids that there can be settles no call of another one. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  await loader.load(moduleOf("slow.js"));
  await loader.load(moduleOf("all.js"));
  const slow = await serviceOf<{
    ask(): Promise<string>;
    tell(): Promise<void>;
  }>(ecosystem, "slow");
  const open = slow.ask();
  const { run } = await serviceOf<{ run(): Promise<unknown> }>(
    ecosystem,
    "attack",
  );
  // Its own call has one of these ids; which of them comes first does not matter here.
  await run().catch(() => {});
  while (plugins.has("attack")) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await slow.tell();
  assertEquals(await open, "true");
};
