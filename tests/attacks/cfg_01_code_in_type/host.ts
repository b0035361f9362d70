import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** A name is looked up among modules and nowhere else. */
export const act: HostAct = async (stage) => {
  const { secrets, origin } = stage.scene;
  const types = [
    `${secrets}/mod.js`,
    `file://${secrets}/mod.js`,
    `${origin}/mod.js`,
    "../mod.js",
    "npm:x",
    "node:fs",
    "data:text/javascript,throw 1",
  ];
  await assertRefused(stage, [
    ...types.map((type) => ({ modules: [type] })),
    ...types.map((type) => ({ modules: [{ [type]: {} }] })),
    ...types.map((type) => `modules: ["${type}"]`),
  ]);
};
