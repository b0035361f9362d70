// Not a test: starts sandboxes for plugins given as source.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { PluginContext } from "../plugin/context.ts";
import type { PluginHandle } from "../plugin/plugin.ts";
import type { Sandbox } from "./sandbox.ts";
import { type SandboxOptions, startSandbox } from "./start_sandbox.ts";
import type { ToyHost } from "./toy_host_test.ts";
import { toyGraph, toySdk } from "./toy_sdk_test.ts";

/** A sandbox that has a process of its own. */
export type ProcessSandbox = Sandbox & { readonly pid: number };

/** Requires that a sandbox is one. */
export function assertInProcess(
  sandbox: Sandbox,
): asserts sandbox is ProcessSandbox {
  assert(sandbox.pid !== undefined);
}

/** Starts a sandbox for a plugin of one module, from its JavaScript. */
export async function start(
  host: ToyHost,
  source: string,
  options: Partial<SandboxOptions> = {},
): Promise<ProcessSandbox> {
  const sandbox = await startToy(host, source, options);
  assertInProcess(sandbox);
  return sandbox;
}

/** Starts a sandbox of any kind. */
export async function startToy(
  { decoders }: ToyHost,
  source: string,
  options: Partial<SandboxOptions> = {},
): Promise<Sandbox> {
  return await startSandbox({
    graph: toyGraph(source),
    sdk: await toySdk(),
    decoders,
    ...options,
  });
}

/** A module whose plugin has these members. */
export function plugin(members: string, id = "acme.toy"): string {
  return `import { definePlugin } from "@spiraltorch/spiraltorch/plugin";
    const metadata = { id: "${id}", version: "1.0.0" };
    export default definePlugin({ metadata, ${members} });`;
}

/** A module with two plugins that have these members. */
export function pair(first: string, second: string): string {
  return `export default [
      { metadata: { id: "acme.first", version: "1.0.0" }, ${first} },
      { metadata: { id: "acme.second", version: "1.0.0" }, ${second} },
    ];`;
}

/** Registers the only plugin of a sandbox. */
export async function register(
  { registry }: ToyHost,
  sandbox: Sandbox,
): Promise<PluginHandle> {
  const [plugin] = sandbox.plugins;
  const { isolation } = sandbox.report;
  return await registry.register(plugin!, { isolation });
}

/** Loads a plugin whose `onLoad` fails, and returns what it failed with. */
export async function loadFailure(
  host: ToyHost,
  sandbox: Sandbox,
): Promise<PluginError> {
  const error = await assertRejects(() => register(host, sandbox), PluginError);
  assertEquals(error.code, "PLUGIN_LOAD_FAILED");
  assertEquals(host.registry.listPlugins(), []);
  assertEquals([...host.entries], []);
  assert(error.cause instanceof PluginError, String(error.cause));
  return error.cause;
}

/** Waits for the death of a sandbox. */
export function death(sandbox: Sandbox): Promise<PluginError> {
  return new Promise((resolve) => sandbox.onDeath(resolve));
}

/** Registers a plugin of the host's own, and gives its context. */
export async function inline(
  { registry }: ToyHost,
  id: string,
  onLoad: (context: PluginContext) => void = () => {},
): Promise<PluginContext> {
  const { promise, resolve } = Promise.withResolvers<PluginContext>();
  await registry.register({
    metadata: { id, version: "1.0.0" },
    onLoad(context) {
      onLoad(context);
      resolve(context);
    },
  });
  return await promise;
}
