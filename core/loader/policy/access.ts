import type { SandboxAccess } from "../../sandbox/launcher.ts";
import { PRIVATE_RANGES } from "./ceiling.ts";
import type { Resource, ResourceKind } from "./resource.ts";
import type { Rules } from "./rules.ts";

/** What flags are made with. */
export interface AccessOptions {
  /** Whether addresses of private networks stay open. */
  readonly privateNetwork: boolean;
  /** Reads a variable of this process. */
  readonly env: (name: string) => string | undefined;
}

/**
 * Says what rules allow in the flags and variables that a process is started with, and nothing
 * beyond it.
 *
 * @param rules What is granted.
 * @param options What flags are made with.
 * @returns The flags and variables.
 */
export function toAccess(
  { allow, deny }: Rules,
  { privateNetwork, env }: AccessOptions,
): SandboxAccess {
  const names = (rules: readonly Resource[], kind: ResourceKind) =>
    rules.filter((rule) => rule.kind === kind).map(({ text }) => text);
  const flags: string[] = [];
  for (const kind of ["env", "net", "read", "write"] as const) {
    const allowed = names(allow, kind);
    if (allowed.length === 0) continue;
    const denied = names(deny, kind);
    // A name may resolve to any address, and only the process that connects can tell.
    if (kind === "net" && !privateNetwork) denied.push(...PRIVATE_RANGES);
    flags.push(`--allow-${kind}=${allowed.join(",")}`);
    if (denied.length > 0) flags.push(`--deny-${kind}=${denied.join(",")}`);
  }
  const variables = names(allow, "env").flatMap((name) => {
    const value = env(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    flags,
    env: Object.fromEntries(variables),
    gpu: allow.some(({ kind }) => kind === "gpu"),
  };
}
