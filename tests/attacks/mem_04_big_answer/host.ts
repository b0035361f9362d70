import { assert, assertEquals } from "@std/assert";
import { ones } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

/** A result is held to the size of a message, whatever shape was announced for it. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, operators, plugins } = ecosystem;
  const { promise: end, resolve } = Promise.withResolvers<string>();
  ecosystem.events.subscribe("PluginUnloaded", (event) => {
    if (event.kind === "PluginUnloaded") resolve(event.error ?? "");
  });
  await loader.load(moduleOf("operator.js"));
  using x = ones([65 * 64, 1]);
  using y = ones([1, 4096]);
  const [big] = operators.execute("attack:big", [x, y]);
  assert((await codesOf(() => big!.data())).includes("SANDBOX_DIED"));
  assertEquals(/reason ([a-z-]+)/.exec(await end)?.[1], "message-size");
  assertEquals(plugins.has("attack"), false);
};
