import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";
import { serviceOf } from "../attack_scene.ts";

/** What was held stays bound to who is gone, at the host and in another sandbox. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  await loader.load(moduleOf("first.js"));
  let held: { who(): Promise<string> } | undefined;
  await plugins.register({
    metadata: { id: "user", version: "1.0.0" },
    onLoad: ({ services }) => void (held = services.require("shared")),
  });
  await loader.load(moduleOf("holder.js"));
  const { ask } = await serviceOf<{ ask(): Promise<string> }>(
    ecosystem,
    "holder",
  );
  assertEquals([await held!.who(), await ask()], ["first", "first"]);
  await plugins.unregister("first");
  await loader.load(moduleOf("second.js"));
  assertEquals(await codesOf(() => held!.who()), ["SERVICE_REVOKED"]);
  assertEquals(await ask(), "SERVICE_REVOKED");
};
