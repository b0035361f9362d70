import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** What counts is the name at the end. */
export const act: HostAct = async (stage) => {
  await assertRefused(stage, [
    "variables: { a: &a 'node:fs' }\nmodules: [*a]",
    "variables: { a: 'node:fs', b: '${a}' }\nmodules: ['${b}']",
    "modules: [&a { 'npm:x': {} }, *a]",
    "modules: [*nobody]",
  ]);
};
