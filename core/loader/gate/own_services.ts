import type { Plugin } from "../../plugin/plugin.ts";
import { DEFAULT_LIMITS } from "../../sandbox/limits.ts";
import type { Kept } from "../loaded_source.ts";
import { opensPrivateNetwork, parsePolicy } from "../policy/policy.ts";
import { parseResource, type Resource } from "../policy/resource.ts";
import { fetchInChild } from "./fetch_in_child.ts";
import { GateJudge } from "./gate_judge.ts";
import { createHostGate, type HostGate } from "./host_gate.ts";
import { GATE_KINDS, type OwnServiceOptions } from "./gate_options.ts";

/** How large a file or an answer may be, in bytes: it crosses the border as text. */
const BYTES_MAX = 16 * 2 ** 20;

/**
 * Makes what the host offers to one plugin alone.
 *
 * @param plugin The plugin.
 * @param kept What it is part of, and how that was loaded.
 * @param options What the services are made with.
 * @returns The services, by name.
 */
export function ownServices(
  { metadata }: Plugin,
  { source, options: { permissions } }: Kept,
  { policy, clock, audit = () => {} }: OwnServiceOptions,
): { readonly gate: HostGate } {
  const { id: pluginId } = metadata;
  const parsed = [policy, permissions].flatMap((one) =>
    one === undefined ? [] : parsePolicy(one)
  );
  const judge = new GateJudge({
    url: source.url,
    pluginId,
    // What runs in the host's own realm could do it all itself: it gets what it says it needs.
    granted: source.isolation === "inline" ? wishesOf(metadata) : source.grants,
    denied: parsed.flatMap(({ rules }) => rules.deny),
    audit,
  });
  const privateNetwork = opensPrivateNetwork(parsed);
  const { callMs: timeMs } = DEFAULT_LIMITS;
  const options = { clock, timeMs, bytesMax: BYTES_MAX, privateNetwork };
  return {
    gate: createHostGate({
      judge,
      pluginId,
      bytesMax: BYTES_MAX,
      ask: (request) => fetchInChild(request, options),
    }),
  };
}

function wishesOf({ permissions }: Plugin["metadata"]): Resource[] {
  const { optional = {}, ...required } = permissions ?? {};
  return [required, optional].flatMap((lists) =>
    GATE_KINDS.flatMap((kind) =>
      // What cannot be read was refused when it was asked for.
      (lists[kind] ?? []).flatMap((text) => {
        const resource = parseResource(kind, text);
        return typeof resource === "string" ? [] : resource;
      })
    )
  );
}
