import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** What an alias repeats counts as often as it does. */
export const act: HostAct = async (stage) => {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const inner = i === 0 ? "relu" : `*a${i - 1}`;
    return `  a${i}: &a${i} [${Array(9).fill(inner).join(", ")}]`;
  });
  await assertRefused(stage, [
    `variables:\n${levels.join("\n")}\nmodules: *a8`,
    "modules: &a [*a]",
    "modules: &a [{ sequential: *a }]",
    "variables: &v { v: *v }\nmodules: [relu]",
  ]);
};
