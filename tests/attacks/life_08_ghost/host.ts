import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

/** Until its end a plugin is heard, and not a moment longer. */
export const act: HostAct = async ({ ecosystem, log, moduleOf }) => {
  const { loader, plugins, events, operators } = ecosystem;
  let heard = 0;
  const first = Promise.withResolvers<void>();
  events.subscribe("ghost", () => {
    heard++;
    first.resolve();
  });
  await loader.load(moduleOf());
  await first.promise;
  await plugins.unregister("ghost");
  const said = [heard, log.length, operators.listOperators().length];
  const { run } = await serviceOf<{ run(): Promise<number> }>(
    ecosystem,
    "attack",
  );
  // What the ghost says comes before the answers of its process.
  for (let i = 0; i < 20; i++) {
    assertEquals(await run(), 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const now = [heard, log.length, operators.listOperators().length];
  assertEquals(now, said);
  assert(plugins.has("attack"));
};
