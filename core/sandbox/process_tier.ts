import { Child } from "./child.ts";
import type { Tier } from "./enclosure.ts";
import { findLaunchTools, type LaunchTools } from "./launcher.ts";

/**
 * Makes the tier of locked-down processes: no permissions, an empty environment, no disk, limits on
 * time and memory, and an end whenever the host wants one.
 *
 * @param known The tools to start processes with, if they have been looked for before.
 * @returns The tier.
 */
export async function processTier(known?: LaunchTools): Promise<Tier> {
  const tools = known ?? await findLaunchTools();
  return {
    isolation: "process",
    open: (options) => new Child({ ...options, tools }),
  };
}
