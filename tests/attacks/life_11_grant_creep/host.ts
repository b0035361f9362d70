import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";
import { serviceOf } from "../attack_scene.ts";

/** Who asks for more and does not get it changes nothing. */
export const act: HostAct = async ({ ecosystem, scene, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  const file = `${scene.folder}/life_11.js`;
  const put = (entry: string) => Deno.copyFile(new URL(moduleOf(entry)), file);
  await put("one.js");
  await loader.load(`file://${file}`);
  const { run } = await serviceOf<{ run(): Promise<number> }>(
    ecosystem,
    "attack",
  );
  await put("two.js");
  const codes = await codesOf(() => loader.reload(`file://${file}`));
  assert(codes.includes("PERMISSION_REFUSED"), codes.join());
  assertEquals(plugins.get("attack")?.metadata.version, "1.0.0");
  assertEquals(await run(), 1);
};
