import { assertEquals } from "@std/assert";
import type { EcosystemOptions } from "@spiraltorch/spiraltorch";
import type { HostAct, Stage } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

/** More than nested workers take of it to begin with. */
const RSS_BYTES_MAX = 2 ** 31;

async function burn(
  { open, moduleOf }: Stage,
  limits: EcosystemOptions["limits"],
): Promise<string | undefined> {
  await using ecosystem = await open({
    limits: { rssBytesMax: RSS_BYTES_MAX, ...limits },
  });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  ecosystem.events.subscribe("PluginUnloaded", (event) => {
    if (event.kind === "PluginUnloaded") resolve(event.error);
  });
  await ecosystem.loader.load(moduleOf());
  const { run } = await serviceOf<{ run(): Promise<string> }>(
    ecosystem,
    "attack",
  );
  assertEquals(await run(), "here");
  if (limits?.cpuSecondsMax !== undefined) return await promise;
  await ecosystem.plugins.unregister("attack", { cascade: true });
  return undefined;
}

/** It may burn what it is given. */
export const act: HostAct = async (stage) => {
  assertEquals(await burn(stage, {}), undefined);
  const said = await burn(stage, { cpuSecondsMax: 1 });
  assertEquals(/reason ([a-z-]+)/.exec(said ?? "")?.[1], "cpu-budget");
};
