import type { Plugin, PluginMetadata } from "../plugin/plugin.ts";
import { type GuestGraph, shareGraph } from "../sandbox/guest_graph.ts";
import type { SandboxAccess } from "../sandbox/launcher.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { type SandboxOptions, startSandbox } from "../sandbox/start_sandbox.ts";
import { assertSameMetadata } from "./manifest/assert_same_metadata.ts";
import type { PluginManifest } from "./manifest/plugin_manifest.ts";
import { toAccess } from "./policy/access.ts";
import {
  type AccessRequest,
  authorize,
  type AuthorizeOptions,
  type FormerGrants,
} from "./policy/authorize.ts";
import { opensPrivateNetwork } from "./policy/policy.ts";
import type { Resource } from "./policy/resource.ts";

/** Plugins of one module before they run. */
export interface Applicant {
  /** Their modules. */
  readonly graph: GuestGraph;
  /** What is known of the only one beforehand. */
  readonly manifest?: PluginManifest | undefined;
  /** What was granted to them before. */
  readonly former: FormerGrants;
}

/** Plugins of one module with what was granted to them. */
export interface GrantedPlugins {
  /** The sandbox that they are in. */
  readonly sandbox: Sandbox;
  /** The plugins. */
  readonly plugins: readonly Plugin[];
  /** What was granted. */
  readonly grants: readonly Resource[];
}

/** What decides what plugins get, whatever was granted to them before. */
export type Decide = Omit<AuthorizeOptions, "former">;

/** What sandboxes are started with, but for what is in them and what it gets. */
export interface GrantOptions
  extends Omit<SandboxOptions, "access" | "companions" | "graph"> {
  /** What decides what plugins get. */
  readonly decide: Decide;
  /** Owns every sandbox from the moment it runs. */
  readonly started: AsyncDisposableStack;
}

/** Plugins of one module that have said what they are and want. */
interface Described extends Applicant {
  readonly metadata: readonly PluginMetadata[];
}

/** The same, once it is decided what they get. */
interface Granted extends Described {
  readonly grants: readonly Resource[];
  readonly access: SandboxAccess;
}

/**
 * Starts sandboxes with what plugins ask for and get. Where a manifest says what that is, none of
 * their code runs before it is decided. Others say it in a sandbox without anything, which ends before
 * anybody is asked; those that ask for something get another process, which is started with what they
 * get.
 *
 * Plugins that are started together share a sandbox, as far as they get the same.
 *
 * @param applicants The plugins, module by module.
 * @param options What sandboxes are started with.
 * @returns The plugins, module by module.
 * @throws {PluginError} `PERMISSION_REFUSED`, `MANIFEST_MISMATCH`; and as {@linkcode startSandbox}.
 */
export async function startGranted(
  applicants: readonly Applicant[],
  options: GrantOptions,
): Promise<GrantedPlugins[]> {
  const { described, asking } = await describe(applicants, options);
  if (asking && described.every(wantsNothing)) {
    return asking.pluginsByModule.map((plugins) => ({
      sandbox: asking,
      plugins,
      grants: [],
    }));
  }
  // Nothing that it prints can stand beside the question, and nothing of it waits for the answer.
  await asking?.[Symbol.asyncDispose]();
  const granted: Granted[] = [];
  // A person answers one question after the other.
  for (const one of described) granted.push(await grant(one, options.decide));
  const found = new Map<Granted, GrantedPlugins>();
  for (const members of sameAccess(granted)) {
    const [{ access }] = members;
    const sandbox = await startTogether(members, options, access);
    for (const [index, member] of members.entries()) {
      const plugins = sandbox.pluginsByModule[index]!;
      assertSameMetadata(member.graph.entry, member.metadata, plugins);
      found.set(member, { sandbox, plugins, grants: member.grants });
    }
  }
  return granted.map((member) => found.get(member)!);
}

/** Has plugins say what they are and want, in a sandbox that all of them may go on in if that is nothing. */
async function describe(
  applicants: readonly Applicant[],
  options: GrantOptions,
): Promise<{ described: Described[]; asking: Sandbox | undefined }> {
  const unknown = applicants.filter(({ manifest }) => manifest === undefined);
  const asking = unknown.length === 0
    ? undefined
    : await startTogether(unknown, options);
  const said = asking?.pluginsByModule ?? [];
  const described = applicants.map((applicant): Described => {
    const { manifest } = applicant;
    const plugins = said[unknown.indexOf(applicant)] ?? [];
    const metadata = manifest
      ? [manifest.metadata]
      : plugins.map(({ metadata }) => metadata);
    return { ...applicant, metadata };
  });
  if (unknown.length === applicants.length) return { described, asking };
  await asking?.[Symbol.asyncDispose]();
  return { described, asking: undefined };
}

/**
 * Parts plugins into those that can share a sandbox: two modules may not go by one URL.
 *
 * @param applicants The plugins, module by module.
 * @returns The parts.
 */
export function sharable<T extends Pick<Applicant, "graph">>(
  applicants: readonly T[],
): [T, ...T[]][] {
  const parts: [T, ...T[]][] = [];
  for (const one of applicants) {
    const part = parts.find((part) =>
      shareGraph([...part, one].map(({ graph }) => graph)) !== undefined
    );
    if (part) part.push(one);
    else parts.push([one]);
  }
  return parts;
}

async function startTogether(
  members: readonly Applicant[],
  { decide: _, started, ...options }: GrantOptions,
  access?: SandboxAccess,
): Promise<Sandbox> {
  const [graph, ...companions] = members.map((member) => member.graph);
  const given = access === undefined ? {} : { access };
  return started.use(
    await startSandbox({ ...options, ...given, graph: graph!, companions }),
  );
}

/** Decides what plugins get. */
async function grant(described: Described, decide: Decide): Promise<Granted> {
  const { graph: { entry: url }, former, metadata } = described;
  const requests = requestsOf(metadata);
  const rules = await authorize({ url, requests }, { ...decide, former });
  const access = toAccess(rules, {
    privateNetwork: opensPrivateNetwork(decide.policies),
    env: (name) => Deno.env.get(name),
  });
  return { ...described, grants: rules.allow, access };
}

/** Parts plugins into those that get the same. */
function sameAccess(all: readonly Granted[]): [Granted, ...Granted[]][] {
  const parts = new Map<string, [Granted, ...Granted[]]>();
  for (const one of all) {
    const key = JSON.stringify(one.access);
    const part = parts.get(key);
    if (part) part.push(one);
    else parts.set(key, [one]);
  }
  return [...parts.values()];
}

function wantsNothing({ metadata }: Described): boolean {
  return requestsOf(metadata).length === 0;
}

/** What plugins ask for, by id. */
function requestsOf(
  described: readonly PluginMetadata[],
): AccessRequest["requests"] {
  return described.flatMap(({ id, permissions }) =>
    permissions === undefined ? [] : [[id, permissions] as const]
  );
}
