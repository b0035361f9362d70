import {
  invalidOption,
  isPlainObject,
  type Json,
  suggest,
} from "../../base/mod.ts";
import type { PermissionLists } from "../../plugin/isolation.ts";
import {
  parseResource,
  type Resource,
  RESOURCE_KINDS,
  type ResourceKind,
} from "./resource.ts";
import type { Rules } from "./rules.ts";
import { parseGroups } from "./trust_groups.ts";

/**
 * What the host lets plugins have. A plugin gets what it asks for and all policies allow; deny counts
 * more than allow, in whatever order and wherever it stands. What is left out allows nothing.
 */
export interface PluginPolicy {
  /** What plugins get if they ask for it. */
  readonly allow?: PermissionLists;
  /** What they never get, not even with consent. */
  readonly deny?: PermissionLists;
  /** Hosts that plugins may be fetched from, `host` or `host:port`; any if left out. */
  readonly hosts?: readonly string[];
  /**
   * Hosts that plugins may be fetched from by `http:`, with nothing that protects them on the way, `host`
   * or `host:port`; this machine only if left out. Only the policy of a loader names them.
   */
  readonly httpHosts?: readonly string[];
  /**
   * Whether addresses of this machine and of private networks may be granted.
   *
   * @default {false}
   */
  readonly privateNetwork?: boolean;
  /**
   * Places whose plugins share one process, by the name of their group: URLs, or what they begin with up
   * to a `/`. Plugins of one load share it if they were granted the same; nothing keeps them from one
   * another then. Only the policy of a loader names groups.
   */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /**
   * Whether what the lockfile says was granted counts, though it was not granted on this machine: for
   * lockfiles of which somebody looks at every change. Only the policy of a loader says so.
   *
   * @default {false}
   */
  readonly lockedGrants?: boolean;
}

/** A policy that has been read. */
export interface ParsedPolicy {
  /** What it allows and denies. */
  readonly rules: Rules;
  /** Hosts that plugins may be fetched from; any if there is none. */
  readonly hosts: readonly Resource[] | undefined;
  /** Whether addresses of private networks may be granted. */
  readonly privateNetwork: boolean;
}

const KEYS = [
  "allow",
  "deny",
  "groups",
  "hosts",
  "httpHosts",
  "lockedGrants",
  "privateNetwork",
];

/**
 * Reads a policy.
 *
 * @param policy The policy, from whoever wrote it.
 * @returns What it says.
 * @throws {OptionError} `INVALID_OPTION` for names that mean nothing here and values that cannot be:
 * none of them is taken for a default.
 */
export function parsePolicy(policy: PluginPolicy): ParsedPolicy {
  checkKeys("policy", policy, KEYS);
  const { allow = {}, deny = {}, hosts } = policy;
  const { lockedGrants = false, privateNetwork = false } = policy;
  parseGroups(policy.groups ?? {});
  parseList("policy.httpHosts", "net", policy.httpHosts ?? []);
  for (const [name, isOn] of Object.entries({ lockedGrants, privateNetwork })) {
    if (typeof isOn === "boolean") continue;
    throw invalidOption(`policy.${name}`, isOn, "true or false");
  }
  return {
    rules: {
      allow: parseLists("policy.allow", allow),
      deny: parseLists("policy.deny", deny),
    },
    hosts: hosts === undefined
      ? undefined
      : parseList("policy.hosts", "net", hosts),
    privateNetwork,
  };
}

/**
 * Tells whether addresses of private networks may be granted: all policies have to say so, and there
 * has to be one.
 *
 * @param policies The policies.
 * @returns Whether they may.
 */
export function opensPrivateNetwork(
  policies: readonly ParsedPolicy[],
): boolean {
  return policies.length > 0 &&
    policies.every(({ privateNetwork }) => privateNetwork);
}

/**
 * Reads resources by kind.
 *
 * @param place Where they stand, for messages.
 * @param lists The resources.
 * @returns The resources.
 * @throws {OptionError} `INVALID_OPTION` for names that mean nothing here and values that cannot be.
 */
export function parseLists(place: string, lists: PermissionLists): Resource[] {
  checkKeys(place, lists, RESOURCE_KINDS);
  const { gpu = false, ...named } = lists;
  if (typeof gpu !== "boolean") {
    throw invalidOption(`${place}.gpu`, gpu, "true or false");
  }
  const found = Object.entries(named).flatMap(([kind, list]) =>
    parseList(`${place}.${kind}`, kind as ResourceKind, list)
  );
  return gpu ? [...found, { kind: "gpu", parts: [], text: "" }] : found;
}

/**
 * Writes resources by kind, the inverse of {@linkcode parseLists}.
 *
 * @param resources The resources.
 * @returns The lists.
 */
export function printLists(resources: readonly Resource[]): PermissionLists {
  const lists: Record<string, Json> = {};
  for (const kind of RESOURCE_KINDS) {
    const names = resources.filter((resource) => resource.kind === kind)
      .map(({ text }) => text);
    if (names.length > 0) lists[kind] = kind === "gpu" ? true : names;
  }
  return lists;
}

function parseList(
  place: string,
  kind: ResourceKind,
  list: unknown,
): Resource[] {
  if (!Array.isArray(list)) {
    throw invalidOption(place, list, "a list of texts");
  }
  return list.map((text: unknown) => {
    const resource = typeof text === "string"
      ? parseResource(kind, text)
      : "wanted text";
    if (typeof resource === "object") return resource;
    throw invalidOption(place, text, resource.replace("wanted ", ""));
  });
}

function checkKeys(
  place: string,
  value: object,
  keys: readonly string[],
): void {
  if (!isPlainObject(value)) throw invalidOption(place, value, "an object");
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    const [nearest] = suggest(key, keys);
    const wanted = nearest ?? keys.join(", ");
    throw invalidOption(place, key, `one of the names it may have, ${wanted}`);
  }
}
