import { assertEquals, assertStringIncludes } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";
import { codesOf } from "../failures.ts";

/** Each question has one answer, the first; what comes of a deadline is the end of the process. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, events } = ecosystem;
  await loader.load(moduleOf());
  const { run } = await serviceOf<{ run(id: number): Promise<string> }>(
    ecosystem,
    "attack",
  );
  const dropped = () => loader.reports().map((one) => one.messagesDropped);
  const gone = new Promise<string>((resolve) => {
    events.subscribe("PluginUnloaded", (event) => {
      resolve(event.kind === "PluginUnloaded" ? event.error ?? "" : "");
    });
  });
  // Request 1 was the hook, request 2 the first call.
  assertEquals(await run(1), "true answer");
  assertEquals(dropped(), [1]);
  assertEquals(await run(2), "true answer");
  assertEquals(dropped(), [2]);
  assertEquals(await codesOf(() => run(1)), ["SERVICE_REVOKED"]);
  assertStringIncludes(await gone, "reason protocol");
};
