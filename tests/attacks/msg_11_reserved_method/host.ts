import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

/** Of a service of the host only its methods are reached, and none of what every object has. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  const reached: string[] = [];
  const vault = {
    open: () => void reached.push("open"),
    _hidden: () => void reached.push("_hidden"),
    then: () => void reached.push("then"),
    toString: () => {
      reached.push("toString");
      return "vault";
    },
    get hidden() {
      reached.push("hidden");
      return "secret";
    },
  };
  await plugins.register({
    metadata: { id: "vault", version: "1.0.0" },
    onLoad: ({ services }) => void services.provide("vault", vault),
  });
  reached.length = 0;
  await loader.load(moduleOf("guess.js"));
  const { run } = await serviceOf<{ run(): Promise<number> }>(
    ecosystem,
    "attack",
  );
  assertEquals(await run(), 12);
  // The second answer comes after all that the first call has sent.
  await run().catch(() => {});
  assertEquals(reached, []);
};
