import type { PluginMetadata } from "../plugin/plugin.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { type SandboxOptions, startSandbox } from "../sandbox/start_sandbox.ts";
import { assertSameMetadata } from "./manifest/assert_same_metadata.ts";
import type { PluginManifest } from "./manifest/plugin_manifest.ts";
import { toAccess } from "./policy/access.ts";
import {
  type AccessRequest,
  authorize,
  type AuthorizeOptions,
} from "./policy/authorize.ts";
import { opensPrivateNetwork } from "./policy/policy.ts";
import type { Resource } from "./policy/resource.ts";

/** A sandbox with what was granted to its plugins. */
export interface GrantedSandbox {
  /** The sandbox. */
  readonly sandbox: Sandbox;
  /** What was granted. */
  readonly grants: readonly Resource[];
}

/** What a sandbox is started with, but for what its plugins get. */
export interface GrantOptions extends SandboxOptions {
  /** What is known of its only plugin beforehand. */
  readonly manifest?: PluginManifest | undefined;
}

/**
 * Starts a sandbox with what its plugins ask for and get. Where a manifest says what that is, none of
 * their code runs before it is decided. Others say it in a sandbox without anything, which ends before
 * anybody is asked; those that ask for something get another process, which is started with what they
 * get.
 *
 * @param options What sandboxes are started with, without access.
 * @param decide What decides.
 * @param started Owns every sandbox from the moment it runs.
 * @returns The sandbox.
 * @throws {PluginError} `PERMISSION_REFUSED`, `MANIFEST_MISMATCH`; and as {@linkcode startSandbox}.
 */
export async function startGranted(
  { manifest, ...options }: GrantOptions,
  decide: AuthorizeOptions,
  started: AsyncDisposableStack,
): Promise<GrantedSandbox> {
  if (manifest !== undefined) {
    const described = [manifest.metadata];
    return await startDescribed({ ...options, described }, decide, started);
  }
  const asking = started.use(await startSandbox(options));
  const described = asking.plugins.map(({ metadata }) => metadata);
  if (requestsOf(described).length === 0) {
    return { sandbox: asking, grants: [] };
  }
  // Nothing that it prints can stand beside the question, and nothing of it waits for the answer.
  await asking[Symbol.asyncDispose]();
  return await startDescribed({ ...options, described }, decide, started);
}

/** Starts a sandbox whose plugins have to be what they were said to be. */
async function startDescribed(
  { described, ...options }: SandboxOptions & {
    readonly described: readonly PluginMetadata[];
  },
  decide: AuthorizeOptions,
  started: AsyncDisposableStack,
): Promise<GrantedSandbox> {
  const { entry: url } = options.graph;
  const requests = requestsOf(described);
  const rules = await authorize({ url, requests }, decide);
  const access = toAccess(rules, {
    privateNetwork: opensPrivateNetwork(decide.policies),
    env: (name) => Deno.env.get(name),
  });
  const sandbox = started.use(await startSandbox({ ...options, access }));
  assertSameMetadata(url, described, sandbox.plugins);
  return { sandbox, grants: rules.allow };
}

/** What plugins ask for, by id. */
function requestsOf(
  described: readonly PluginMetadata[],
): AccessRequest["requests"] {
  return described.flatMap(({ id, permissions }) =>
    permissions === undefined ? [] : [[id, permissions] as const]
  );
}
