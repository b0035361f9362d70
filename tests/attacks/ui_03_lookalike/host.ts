import { assert, assertEquals } from "@std/assert";
import { createEcosystem, type Ecosystem } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { codesOf, failureOf, messageOf } from "../failures.ts";

const TWINS = ["letter.js", "script.js", "wide.js", "mark.js"];

/** Whoever looks like somebody else is told apart by the host, before a person has to. */
export const act: HostAct = async ({ ecosystem, scene, moduleOf }) => {
  await ecosystem.loader.load(moduleOf("good.js"));
  await assertRefused(ecosystem, moduleOf);
  assertEquals(ecosystem.plugins.listPlugins(), ["acme.tools"]);
  const lockfile = `${scene.folder}/ui_03.lock`;
  {
    await using first = await createEcosystem({ lockfile });
    await first.loader.load(moduleOf("good.js"));
  }
  await using second = await createEcosystem({ lockfile });
  await assertRefused(second, moduleOf);
  assertEquals(second.plugins.listPlugins(), []);
};

async function assertRefused(
  { loader }: Ecosystem,
  moduleOf: (entry: string) => string,
): Promise<void> {
  for (const twin of TWINS) {
    const load = () => loader.load(moduleOf(twin));
    const said = messageOf(await failureOf(load));
    assert(said.includes('looks like "acme.tools"'), said);
    assertEquals(await codesOf(load), ["PLUGIN_METADATA_INVALID"]);
  }
}
