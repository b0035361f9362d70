import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

/** Buffers stay in the process that made them: nothing that crosses the border stands for one. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  await ecosystem.loader.load([moduleOf("owner.js"), moduleOf()]);
  const { run } = await serviceOf<{ run(): Promise<string[]> }>(
    ecosystem,
    "attack",
  );
  const owner = await serviceOf<{ isWhole(): Promise<boolean> }>(
    ecosystem,
    "owner",
  );
  assertEquals(await run(), []);
  assertEquals(await owner.isWhole(), true);
};
