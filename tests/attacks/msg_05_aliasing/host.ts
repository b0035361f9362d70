import { assertEquals } from "@std/assert";
import { tensor } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

const VALUES = [1, 2, 3, 4];

/** Neither what the host has given nor what it was given is the plugin's any more. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  await ecosystem.loader.load(moduleOf("late.js"));
  using x = tensor(VALUES);
  const [y] = ecosystem.operators.execute("attack:same", [x]);
  const given = await y!.data();
  const { run } = await serviceOf<{ run(): Promise<number> }>(
    ecosystem,
    "attack",
  );
  assertEquals(await run() > 0, true);
  assertEquals([[...given], await x.array()], [VALUES, VALUES]);
};
