import { assert } from "@std/assert";
import type { HostAct, Stage } from "../attack_case.ts";
import { wordsOf } from "../canary.ts";
import { failureOf } from "../failures.ts";
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
  await assertCirclesFound(stage);
};

/** Descriptions that include each other, in a circle or too deep, are refused as what they are. */
async function assertCirclesFound({ ecosystem }: Stage): Promise<void> {
  const to = (name: string) => ({ modules: [{ include: name }] });
  const chain = Array.from(
    { length: 1000 },
    (_, i) => [`a${i}`, to(`a${i + 1}`)],
  );
  for (
    const includes of [
      { a0: to("a0") },
      { a0: to("a1"), a1: to("a0") },
      Object.fromEntries(chain),
    ]
  ) {
    const error = await failureOf(() =>
      ecosystem.pipeline(to("a0"), { includes })
    );
    const words = wordsOf(error);
    assert(words.includes("PIPELINE_INVALID"), words);
    assert(words.includes("INCLUDE_LOOP"), words);
  }
}
