import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** An include is what the caller gave by that name, a variable what the description says. */
export const act: HostAct = async (stage) => {
  const { secrets, origin } = stage.scene;
  await assertRefused(stage, [
    ...[
      "../../secret.txt",
      `${secrets}/secret.txt`,
      `${origin}/x.yaml`,
      "nobody",
    ]
      .map((name) => ({ modules: [{ include: name }] })),
    "modules: ['${env:SPIRALTORCH_CANARY}']",
    "modules: ['${SPIRALTORCH_CANARY}']",
    "variables: { a: '${b}', b: '${a}' }\nmodules: ['${a}']",
    "variables: { a: 'x${a}' }\nmodules: ['${a}']",
  ]);
};
