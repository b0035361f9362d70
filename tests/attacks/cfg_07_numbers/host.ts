import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** Nothing is allocated for them. */
export const act: HostAct = async (stage) => {
  const sizes = [1e308, -1, 2 ** 53, NaN, Infinity, 0.5, "4", null, [4]];
  await assertRefused(stage, [
    ...sizes.map((inFeatures) => ({
      modules: [{ linear: { inFeatures, outFeatures: 2 } }],
    })),
    ...sizes.filter((size) => size !== "4").map((size) => ({
      input: ["batch", size],
      modules: ["relu"],
    })),
    { modules: [{ repeat: { times: 1e9, modules: ["relu"] } }] },
  ]);
};
