import { assert } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** What a module of these names would leave behind if it were imported. */
const SPY = "spiraltorchSpy";

/** A name is looked up among modules and nowhere else. */
export const act: HostAct = async (stage) => {
  const { folder, secrets, origin } = stage.scene;
  await Deno.writeTextFile(`${folder}/spy.js`, `globalThis.${SPY} = true;`);
  const types = [
    `${secrets}/mod.js`,
    `file://${secrets}/mod.js`,
    `file://${folder}/spy.js`,
    `${folder}/spy.js`,
    `${origin}/mod.js`,
    "../mod.js",
    "npm:x",
    "node:fs",
    `data:text/javascript,globalThis.${SPY} = true`,
  ];
  await assertRefused(stage, [
    ...types.map((type) => ({ modules: [type] })),
    ...types.map((type) => ({ modules: [{ [type]: {} }] })),
    ...types.map((type) => `modules: ["${type}"]`),
  ]);
  assert(!Object.hasOwn(globalThis, SPY), "a module was imported");
};
