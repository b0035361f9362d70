import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** A description is plain data of one document. */
export const act: HostAct = async (stage) => {
  await assertRefused(stage, [
    "modules: [!!js/function 'function () { throw 1 }']",
    "modules: !!js/undefined ''",
    "modules: [!!python/object/apply:os.system ['true']]",
    "base: &b { __proto__: { polluted: 1 } }\nmodules: [relu]\n<<: *b",
    "modules: [relu]\nmodules: [tanh]",
    "modules: [relu]\n---\nmodules: [tanh]",
    "modules: [!!binary cmVsdQ==]",
    "modules: [2020-01-01]",
  ]);
};
