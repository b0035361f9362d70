import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";
import { serviceOf } from "../attack_scene.ts";

/** What the plugin reads by its flag, and what the host reads for it. */
interface Reader {
  run(): Promise<string>;
  ask(): Promise<string>;
}

/**
 * A link that is there before is refused. One that comes later is followed by the platform, as the page says,
 * and not by the host.
 */
export const act: HostAct = async ({ open, scene: { folder } }) => {
  const granted = `${folder}/swapped`;
  await Deno.mkdir(granted);
  await Deno.writeTextFile(`${folder}/beside.txt`, "beside");
  const file = `${folder}/fs_06.js`;
  await Deno.writeTextFile(
    file,
    `const granted = ${JSON.stringify(granted)};
export default {
  metadata: {
    id: "attack",
    version: "1.0.0",
    permissions: { read: [granted], files: [granted] },
  },
  onLoad({ services }) {
    const gate = services.require("core/gate");
    services.provide("attack", {
      run: () => Deno.readTextFileSync(granted + "/link"),
      ask: () => gate.readFile(granted + "/link").catch(({ code }) => code),
    });
  },
};`,
  );
  const policy = { allow: { read: [granted], files: [granted] } };
  {
    await using ecosystem = await open({ policy });
    await ecosystem.loader.load(`file://${file}`);
    const { run, ask } = await serviceOf<Reader>(ecosystem, "attack");
    assertEquals(await codesOf(() => run()), ["PLUGIN_THREW"]);
    await Deno.symlink(`${folder}/beside.txt`, `${granted}/link`);
    assertEquals([await run(), await ask()], ["beside", "GATE_DENIED"]);
  }
  await using ecosystem = await open({ policy });
  assertEquals(await codesOf(() => ecosystem.loader.load(`file://${file}`)), [
    "PERMISSION_REFUSED",
  ]);
};
