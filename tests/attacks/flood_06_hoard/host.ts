import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";
import { serviceOf } from "../attack_scene.ts";

const TEXT = "x".repeat(2 ** 20);

/** Who asks for a mebibyte again and again, and reads none, is not kept waiting for. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, plugins, events } = ecosystem;
  const { promise: end, resolve } = Promise.withResolvers<string>();
  events.subscribe("PluginUnloaded", (event) => {
    if (event.kind === "PluginUnloaded") resolve(event.error ?? "");
  });
  await plugins.register({
    metadata: { id: "big", version: "1.0.0" },
    onLoad: ({ services }) =>
      void services.provide("big", { text: () => TEXT }),
  });
  await loader.load(moduleOf());
  const { run } = await serviceOf<{ run(kind: string): Promise<unknown> }>(
    ecosystem,
    "attack",
  );
  const before = Deno.memoryUsage().rss;
  const [code] = await codesOf(() => run("answers"));
  assert(["SERVICE_REVOKED", "SANDBOX_DIED"].includes(code!), code);
  assertEquals(/reason ([a-z-]+)/.exec(await end)?.[1], "unread");
  assert(Deno.memoryUsage().rss - before < 512 * 2 ** 20);
};
