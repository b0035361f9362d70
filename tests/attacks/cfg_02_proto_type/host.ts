import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
];

/** Only what was registered is found. */
export const act: HostAct = async (stage) => {
  await assertRefused(stage, [
    ...NAMES.map((name) => ({ modules: [name] })),
    ...NAMES.map((name) => `modules: [{ ${name}: {} }]`),
    ...NAMES.map((name) => `modules: [{ relu: { ${name}: 1 } }]`),
    ...NAMES.map((name) => `${name}: { polluted: 1 }\nmodules: [relu]`),
  ]);
};
