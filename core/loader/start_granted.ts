import type { Sandbox } from "../sandbox/sandbox.ts";
import { type SandboxOptions, startSandbox } from "../sandbox/start_sandbox.ts";
import { manifestMismatch } from "./errors.ts";
import { toAccess } from "./policy/access.ts";
import { authorize, type AuthorizeOptions } from "./policy/authorize.ts";
import { opensPrivateNetwork } from "./policy/policy.ts";
import type { Resource } from "./policy/resource.ts";

/** A sandbox with what was granted to its plugins. */
export interface GrantedSandbox {
  /** The sandbox. */
  readonly sandbox: Sandbox;
  /** What was granted. */
  readonly grants: readonly Resource[];
}

/**
 * Starts a sandbox with what its plugins ask for and get. They say what they ask for in a sandbox
 * without anything, which ends before anybody is asked; those that ask for something get another
 * process, which is started with what they get.
 *
 * @param options What sandboxes are started with, without access.
 * @param decide What decides.
 * @param started Owns every sandbox from the moment it runs.
 * @returns The sandbox.
 * @throws {PluginError} `PERMISSION_REFUSED`, `MANIFEST_MISMATCH`; and as {@linkcode startSandbox}.
 */
export async function startGranted(
  options: SandboxOptions,
  decide: AuthorizeOptions,
  started: AsyncDisposableStack,
): Promise<GrantedSandbox> {
  const { entry: url } = options.graph;
  const asking = started.use(await startSandbox(options));
  const requests = asking.plugins.flatMap(({ metadata }) =>
    metadata.permissions === undefined
      ? []
      : [[metadata.id, metadata.permissions] as const]
  );
  if (requests.length === 0) return { sandbox: asking, grants: [] };
  // Nothing that it prints can stand beside the question, and nothing of it waits for the answer.
  await asking[Symbol.asyncDispose]();
  const rules = await authorize({ url, requests }, decide);
  const access = toAccess(rules, {
    privateNetwork: opensPrivateNetwork(decide.policies),
    env: (name) => Deno.env.get(name),
  });
  const sandbox = started.use(await startSandbox({ ...options, access }));
  if (describe(sandbox) !== describe(asking)) {
    throw manifestMismatch(url, "metadata");
  }
  return { sandbox, grants: rules.allow };
}

/** What plugins say about themselves. */
function describe({ plugins }: Sandbox): string {
  return JSON.stringify(plugins.map(({ metadata }) => metadata));
}
