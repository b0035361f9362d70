import { assertEquals } from "@std/assert";
import {
  createEcosystem,
  type EcosystemOptions,
} from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

/** More than nested workers take of it to begin with. */
const RSS_BYTES_MAX = 2 ** 31;

async function burn(
  place: string,
  limits: EcosystemOptions["limits"],
): Promise<string | undefined> {
  await using ecosystem = await createEcosystem({
    limits: { rssBytesMax: RSS_BYTES_MAX, ...limits },
  });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  ecosystem.events.subscribe("PluginUnloaded", (event) => {
    if (event.kind === "PluginUnloaded") resolve(event.error);
  });
  await ecosystem.loader.load(place);
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
export const act: HostAct = async ({ moduleOf }) => {
  assertEquals(await burn(moduleOf(), {}), undefined);
  const said = await burn(moduleOf(), { cpuSecondsMax: 1 });
  assertEquals(/reason ([a-z-]+)/.exec(said ?? "")?.[1], "cpu-budget");
};
