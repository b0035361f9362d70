import { assert, assertEquals } from "@std/assert";
import { isCoded } from "../../../core/base/mod.ts";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

/** Many times what the process may hold. */
const CALLS_MAX = 1000;
const DEATHS = ["rss-limit", "heap-limit", "signal"];

/** Who depends on it goes first, and nobody comes back. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, events, plugins } = ecosystem;
  const gone: string[] = [];
  const end = Promise.withResolvers<string>();
  events.subscribe("PluginUnloaded", (event) => {
    if (event.kind !== "PluginUnloaded") return;
    gone.push(event.pluginId);
    if (event.pluginId === "attack") end.resolve(event.error ?? "");
  });
  await loader.load([moduleOf(), moduleOf("dependent.js")]);
  const { run } = await serviceOf<{ run(): Promise<number> }>(
    ecosystem,
    "attack",
  );
  let calls = 0;
  let isThere = true;
  while (isThere && calls++ < CALLS_MAX) {
    // What does not fit any more is an error inside, and what was there before is kept.
    isThere = await run().then(() => true, isLeftAlive);
  }
  const [, reason = ""] = /reason ([a-z-]+)/.exec(await end.promise) ?? [];
  assert(DEATHS.includes(reason), reason);
  assertEquals(gone.filter((id) => !id.endsWith("-user")), [
    "dependent",
    "attack",
  ]);
  assertEquals(plugins.has("attack"), false);
};

function isLeftAlive(error: unknown): boolean {
  return isCoded(error) && error.code === "PLUGIN_THREW";
}
