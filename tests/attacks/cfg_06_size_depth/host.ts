import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** Size and depth are looked at first. */
export const act: HostAct = async (stage) => {
  const keys = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]),
  );
  await assertRefused(stage, [
    `modules: ${"[".repeat(5000)}${"]".repeat(5000)}`,
    "x".repeat(64 * 2 ** 20),
    { modules: ["relu"], variables: keys },
  ]);
};
