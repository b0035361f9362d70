import { findLaunchTools, limitsOutsideChain } from "./launcher.ts";
import type { OptionalLimit } from "./limits.ts";
import { findMemoryReader } from "./memory.ts";

/**
 * Tells which limits a process of a plugin would lack on this machine, without starting one.
 *
 * @returns The limits, sorted; none where all would be in force.
 */
export async function expectedLimits(): Promise<OptionalLimit[]> {
  const tools = await findLaunchTools();
  const reader = await findMemoryReader(Deno.pid, tools);
  const canLimitData = reader !== undefined && tools.bash !== undefined &&
    tools.prlimit !== undefined;
  return [
    ...limitsOutsideChain(tools),
    ...canLimitData ? [] : ["data-size" as const],
    ...reader === undefined ? ["resident-memory" as const] : [],
  ].sort();
}
