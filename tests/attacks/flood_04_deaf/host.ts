import { assertEquals } from "@std/assert";
import { isCoded } from "../../../core/base/mod.ts";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

const CALLS = 1000;
const EVENTS = 3000;

/** All calls but 64 are refused at once, and who listens besides the plugin hears of every event. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, events, plugins } = ecosystem;
  await loader.load(moduleOf());
  const { run } = await serviceOf<{ run(): Promise<unknown> }>(
    ecosystem,
    "attack",
  );
  const codes: unknown[] = [];
  const open = Array.from(
    { length: CALLS },
    () => run().catch((error) => codes.push(isCoded(error) && error.code)),
  );
  let heard = 0;
  const all = Promise.withResolvers<void>();
  events.subscribe("flood", () => void (++heard === EVENTS && all.resolve()));
  for (let i = 0; i < EVENTS; i++) {
    events.publish({ kind: "Custom", eventType: "flood", data: i });
  }
  await all.promise;
  await plugins.unregister("attack", { cascade: true });
  await Promise.all(open);
  const busy = codes.filter((code) => code === "SERVICE_BUSY");
  assertEquals([codes.length, busy.length], [CALLS, CALLS - 64]);
};
