import { invalidOption } from "../../base/mod.ts";
import { sourceDenied } from "../errors.ts";
import type { Registries } from "../registries/registries.ts";
import type { AuthorizeOptions } from "./authorize.ts";
import type { ControlOptions } from "./control_options.ts";
import { parsePolicy, type PluginPolicy } from "./policy.ts";
import { covers, parseResource } from "./resource.ts";
import { parseGroups, type TrustGroups } from "./trust_groups.ts";

/** What places are judged with. */
interface JudgeOptions extends ControlOptions {
  /** What one load permits. */
  readonly permissions: PluginPolicy | undefined;
  /** Where packages come from. */
  readonly registries: Registries;
}

/** What judges the plugins of one load. */
export interface Judge
  extends Pick<AuthorizeOptions, "audit" | "consent" | "policies"> {
  /** Places whose plugins share one process. */
  readonly groups: TrustGroups;
  /**
   * Holds one more place against the policies.
   *
   * @param url Where something comes from.
   * @throws {PluginError} `SOURCE_DENIED` if it is at a host that a policy leaves out.
   */
  readonly judge: (url: string) => void;
}

/**
 * Reads the policies for one load and holds the places of its plugins against them.
 *
 * @param places Where the plugins come from.
 * @param options What decides.
 * @returns What decides what they get.
 * @throws {OptionError} `INVALID_OPTION` if a policy breaks the rules.
 * @throws {PluginError} `SOURCE_DENIED` if a place is at a host that a policy leaves out.
 */
export function judgeSources(
  places: readonly { readonly url: string }[],
  { policy, permissions, registries, consent, audit = () => {} }: JudgeOptions,
): Judge {
  const policies = [policy, permissions].flatMap((one) =>
    one === undefined ? [] : parsePolicy(one)
  );
  for (const name of ["groups", "httpHosts", "lockedGrants"] as const) {
    if (permissions?.[name] === undefined) continue;
    const wanted = "left to the policy of the loader";
    throw invalidOption(`permissions.${name}`, permissions[name], wanted);
  }
  function judge(url: string): void {
    const kind = /^(jsr|npm):/.exec(url)?.[1] as keyof Registries | undefined;
    const source = kind === undefined ? url : registries[kind];
    const { protocol, hostname, port } = new URL(source);
    // Whoever may name a file of this machine is the host itself.
    if (protocol === "file:") return;
    const standard = protocol === "https:" ? "443" : "80";
    const place = parseResource("net", `${hostname}:${port || standard}`);
    for (const { hosts } of policies) {
      if (hosts === undefined) continue;
      const known = typeof place !== "string" &&
        hosts.find((host) => covers(host, place));
      const rule = known ? `hosts:${known.text}` : "hosts";
      const decision = known ? "granted" : "refused";
      const resource = `source ${url}`;
      audit({ url, pluginIds: [], resource, decision, rule });
      if (!known) throw sourceDenied(url, rule);
    }
  }
  for (const { url } of places) judge(url);
  return {
    policies,
    consent,
    audit,
    judge,
    groups: parseGroups(policy?.groups ?? {}),
  };
}
