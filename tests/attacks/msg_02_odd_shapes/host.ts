import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

const ODD: readonly unknown[] = [
  new Map([[1, 2]]),
  new Date(0),
  /(a+)+$/,
  () => {},
];

/** An event whose data cannot cross comes without it, and says so. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, events } = ecosystem;
  await loader.load(moduleOf());
  const { run } = await serviceOf<{ run(kind: string): Promise<unknown> }>(
    ecosystem,
    "attack",
  );
  for (const data of ODD) {
    await events.publishAsync({ kind: "Custom", eventType: "odd", data });
    const event = { kind: "Custom", eventType: "odd", dataOmitted: true };
    assertEquals(await run("heard"), event);
  }
};
