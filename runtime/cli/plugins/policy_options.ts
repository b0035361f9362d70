import type { PluginPolicy } from "../../../core/mod.ts";
import type { CommandOptions } from "../command_options.ts";
import { cliUsage } from "../errors.ts";

/** What a rule on the command line may be about. */
const KINDS = [
  "env",
  "fetch",
  "files",
  "net",
  "read",
  "send",
  "write",
] as const;

type Kind = typeof KINDS[number];
type Lists = { -readonly [kind in Kind]?: string[] } & { gpu?: boolean };

/**
 * Makes a policy of `--allow`, `--deny`, `--host`, `--http-host`, `--locked-grants` and
 * `--private-network`.
 *
 * @param options The command line's options.
 * @returns The policy; `undefined` where the command line says nothing.
 * @throws {CliError} `CLI_USAGE` for what is no rule.
 */
export function policyOf(options: CommandOptions): PluginPolicy | undefined {
  const hosts = options.list("host");
  const httpHosts = options.list("httpHost");
  const policy = {
    ...listsOf("allow", options),
    ...listsOf("deny", options),
    ...hosts.length === 0 ? {} : { hosts },
    ...httpHosts.length === 0 ? {} : { httpHosts },
    ...options.isOn("lockedGrants") ? { lockedGrants: true } : {},
    ...options.isOn("privateNetwork") ? { privateNetwork: true } : {},
  };
  return Object.keys(policy).length === 0 ? undefined : policy;
}

function listsOf(
  option: "allow" | "deny",
  options: CommandOptions,
): PluginPolicy {
  const lists: Lists = {};
  for (const rule of options.list(option)) {
    if (rule === "gpu") {
      lists.gpu = true;
      continue;
    }
    const [name, value = ""] = rule.split(/=(.*)/s);
    const kind = KINDS.find((kind) => kind === name);
    if (kind === undefined || value === "") {
      const wanted =
        "net=host:port, read=/path, write=/path, env=NAME, gpu, fetch=URL, send=URL or files=/path";
      throw cliUsage(
        `found --${option} ${JSON.stringify(rule)}, wanted ${wanted}`,
      );
    }
    (lists[kind] ??= []).push(value);
  }
  return Object.keys(lists).length === 0 ? {} : { [option]: lists };
}
