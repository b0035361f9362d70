import { assertEquals } from "@std/assert";
import { createEcosystem } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";
import { serviceOf } from "../attack_scene.ts";

/** A link that is there before is refused; one that comes later is followed, as the page says. */
export const act: HostAct = async ({ scene: { folder } }) => {
  const granted = `${folder}/swapped`;
  await Deno.mkdir(granted);
  await Deno.writeTextFile(`${folder}/beside.txt`, "beside");
  const file = `${folder}/fs_06.js`;
  await Deno.writeTextFile(
    file,
    `const granted = ${JSON.stringify(granted)};
export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { read: [granted] } },
  onLoad: ({ services }) =>
    void services.provide("attack", { run: () => Deno.readTextFileSync(granted + "/link") }),
};`,
  );
  const policy = { allow: { read: [granted] } };
  {
    await using ecosystem = await createEcosystem({ policy });
    await ecosystem.loader.load(`file://${file}`);
    const { run } = await serviceOf<{ run(): Promise<string> }>(
      ecosystem,
      "attack",
    );
    assertEquals(await codesOf(() => run()), ["PLUGIN_THREW"]);
    await Deno.symlink(`${folder}/beside.txt`, `${granted}/link`);
    assertEquals(await run(), "beside");
  }
  await using ecosystem = await createEcosystem({ policy });
  assertEquals(await codesOf(() => ecosystem.loader.load(`file://${file}`)), [
    "PERMISSION_REFUSED",
  ]);
};
