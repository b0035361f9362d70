import { assert, assertEquals } from "@std/assert";
import type { Ecosystem } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { codesOf, failureOf, messageOf } from "../failures.ts";

const TWINS = ["letter.js", "script.js", "wide.js", "mark.js"];

/** Whoever looks like somebody else is told apart by the host, before a person has to. */
export const act: HostAct = async ({ ecosystem, open, scene, moduleOf }) => {
  await ecosystem.loader.load(moduleOf("good.js"));
  await assertRefused(ecosystem, moduleOf);
  assertEquals(ecosystem.plugins.listPlugins(), ["acme.tools"]);
  const keep = {
    lockfile: `${scene.folder}/ui_03.lock`,
    cacheDir: `${scene.folder}/ui_03`,
  };
  {
    await using first = await open(keep);
    await first.loader.load(moduleOf("good.js"));
  }
  await using second = await open(keep);
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
